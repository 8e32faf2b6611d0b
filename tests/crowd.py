"""Many accounts of example.test, in no order, and how to write them down as LDIF."""

from base64 import b64encode
from pathlib import Path

from tests.world import EXAMPLE

# Some have no name, and some names differ in case, accents and blanks only.
NAMES = ["zoe", "Anna", "anna", "ÄRGER", "ärger", "", "Ångström", "b b", "bb", "Zoë", "", "1 one"]


def crowd_of(count):
    """(DN, attributes) of so many accounts."""
    for number in range(count):
        local_part = f"{(number * 7919) % 1000:03}.x{number}"
        name = NAMES[number % len(NAMES)]
        attributes = {
            "objectClass": "JammMailAccount",
            "mail": f"{local_part}@example.test",
            "homeDirectory": "/home/vmail/domains",
            "mailbox": f"example.test/{local_part}/",
            "accountActive": "TRUE",
            "delete": "FALSE",
            "lastChange": str(1_700_000_000 + number * 37 % 1000),
        } | ({"cn": f"{name} {number:02}"} if name else {})
        yield f"mail={local_part}@example.test,{EXAMPLE}", attributes


def add_crowd(world, count):
    root = world.root()
    for dn, attributes in crowd_of(count):
        root.add_s(dn, [(name, [value.encode()]) for name, value in attributes.items()])
    root.unbind_s()


def load_cast_and_crowd(slapd, count):
    """Fills a slapd of one's own, before it starts."""
    texts = [slapd.base_ldif, (Path(__file__).parent / "world.ldif").read_text()]
    for dn, attributes in crowd_of(count):
        lines = [
            f"{name}:: {b64encode(text.encode()).decode()}" for name, text in attributes.items()
        ]
        texts.append("\n".join([f"dn: {dn}", *lines, ""]))
    slapd.load("\n".join(texts))
