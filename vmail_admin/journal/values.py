"""Attributes of entries as text for the journal, and back.

An old tree holds any bytes, and an attribute may hold megabytes: what is too long is cut, and the
row knows that it was.
"""

import json

from vmail_admin.directory.changes import is_secret

MOST_LETTERS = 2_000  # of one value
MOST_VALUES = 200  # of one attribute
MOST_TEXT = 100_000  # characters of all attributes of a row together
LONGEST_NAME = 250  # characters of an address, a person, a place

# Under this name stand the attributes of which something was cut off. No attribute is called so.
CUT = "#cut"

SHOWN_AS = {}  # an attribute in lower case -> a function of its value, as its own package shows it


def written(attributes):
    """Attributes and their values (bytes, or None for none at all) as JSON."""
    if attributes is None:
        return ""
    kept, cut = {}, []
    for name, values in attributes.items():
        if is_secret(name):
            continue
        kept[name] = shortened = [short(value) for value in (values or [])[:MOST_VALUES]]
        if shortened != [text_of(value) for value in values or []]:
            cut.append(name)
    text = dumped(kept, cut)
    if len(text) > MOST_TEXT:
        kept, cut = {name: [] for name in kept}, sorted(kept)
        text = dumped(kept, cut)
    return text


def dumped(kept, cut):
    return json.dumps(kept | ({CUT: cut} if cut else {}))


def read(text):
    """What ``written`` wrote: attributes with their values as text, and the names of those cut."""
    attributes = json.loads(text) if text else {}
    return attributes, set(attributes.pop(CUT, ()))


def text_of(value):
    """Bytes that are no UTF-8 survive as lone surrogates, which ``bytes_of`` turns back."""
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else str(value)


def bytes_of(text):
    return text.encode("utf-8", "surrogateescape")


def short(value):
    return text_of(value)[:MOST_LETTERS]


def one_line(text, most=LONGEST_NAME):
    """What a label may be, wherever it came from: one line that every database can keep."""
    shown = str(text)
    if not shown.isprintable():
        shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in shown)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"
