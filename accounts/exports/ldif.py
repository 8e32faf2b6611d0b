"""LDIF (RFC 2849): entries as slapd shows them to the person who asks."""

import base64

# Everything the schema knows but the passwords: "*" would fetch the hashes too.
ALL_BUT_PASSWORDS = (
    *("objectClass", "jvd", "mail", "cn", "description", "accountActive", "delete", "lastChange"),
    *("homeDirectory", "mailbox", "quota", "uid", "uidNumber", "gidNumber", "maildrop"),
    *("mailsource", "roleOccupant", "postfixTransport", "editAliases", "editAccounts"),
    *("editPostmasters", "editCatchAlls"),
)
EVERYTHING = ("*",)
WIDTH = 76


def ldif_of(rows):
    """The text of (DN, attributes), an entry at a time, in the order they come."""
    yield "version: 1\n"
    for dn, attributes in rows:
        lines = [line_of("dn", dn.encode())]
        # What an entry is comes before what it holds.
        for name in sorted(attributes, key=lambda name: (name.lower() != "objectclass", name)):
            lines += [line_of(name, value) for value in attributes[name]]
        yield "\n" + "".join(lines)


def line_of(name, value):
    text = f"{name}: {value.decode()}" if is_safe(value) else f"{name}:: {encoded(value)}"
    return folded(text)


def encoded(value):
    return base64.b64encode(value).decode()


def is_safe(value):
    """SAFE-STRING: ASCII without NUL, LF and CR, no blank, colon or < at its beginning or end."""
    if any(byte in (0, 10, 13) or byte > 126 for byte in value):
        return False
    return not value or (value[:1] not in (b" ", b":", b"<") and value[-1:] != b" ")


def folded(line):
    """A long line goes on behind a blank in the next."""
    pieces = [line[:WIDTH]]
    pieces += [f" {line[at : at + WIDTH - 1]}" for at in range(WIDTH, len(line), WIDTH - 1)]
    return "\n".join(pieces) + "\n"
