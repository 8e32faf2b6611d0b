"""The controls that tell an entry before and after a change (RFC 4527), read and written here.

python-ldap does it with pyasn1, which takes longer than slapd takes for the change: an import of
ten thousand accounts would wait for it.
"""

import ldap
from ldap.controls import KNOWN_RESPONSE_CONTROLS
from ldap.controls.readentry import PostReadControl, PreReadControl

SEQUENCE, OCTETS = b"\x30", b"\x04"  # X.690, 8.1.2


class ByHand:
    """AttributeSelection out, SearchResultEntry in (RFC 4511, 4.5)."""

    def encodeControlValue(self):
        return written(SEQUENCE, b"".join(written(OCTETS, name.encode()) for name in self.attrList))

    def decodeControlValue(self, value):
        # The tag of an entry and the name of it; then, each in a list, a type and its values.
        [entry] = parts_of(value)
        name, attributes = parts_of(entry)
        self.dn, self.entry = name.decode(), {}
        for attribute in parts_of(attributes):
            kind, values = parts_of(attribute)
            self.entry[kind.decode()] = [bytes(one) for one in parts_of(values)]


class PreRead(ByHand, PreReadControl):
    pass


class PostRead(ByHand, PostReadControl):
    pass


KNOWN_RESPONSE_CONTROLS[ldap.CONTROL_PRE_READ] = PreRead
KNOWN_RESPONSE_CONTROLS[ldap.CONTROL_POST_READ] = PostRead


def written(tag, content):
    """A tag, the length and the content (X.690, 8.1.3)."""
    size = len(content)
    if size < 128:
        return tag + bytes([size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return tag + bytes([128 | len(length)]) + length + content


def parts_of(content):
    """The contents of the values that stand one behind the other. Raises ValueError."""
    parts, at = [], 0
    while at < len(content):
        size, at = content[at + 1], at + 2
        if size >= 128:
            size, at = int.from_bytes(content[at : at + (size & 127)], "big"), at + (size & 127)
        if at + size > len(content):
            raise ValueError("slapd's answer ends too early")
        parts.append(content[at : at + size])
        at += size
    return parts
