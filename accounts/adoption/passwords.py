"""What kind a stored password is: a word for it, and never the password."""

import re

PLAIN = "plain text"
SCHEME = re.compile(rb"\{([A-Za-z0-9/_-]{1,20})\}")
# crypt(5): what stands before the hash says how it was made.
CRYPT = re.compile(rb"\$(1|2[abxy]?|5|6|y|gy|7|sha1|md5)[$,]")
CRYPT_NAMES = {"1": "MD5", "5": "SHA-256", "6": "SHA-512", "y": "yescrypt", "gy": "gost-yescrypt"}


def kind_of(stored):
    """A name such as {SSHA}, or "plain text" for what no scheme stands before (RFC 2307, 5.3)."""
    found = SCHEME.match(stored)
    if not found:
        return PLAIN
    name = found[1].decode().upper()
    if name == "CLEARTEXT":
        return PLAIN
    return f"{{{name}}}{crypt_kind(stored[found.end() :])}" if name == "CRYPT" else f"{{{name}}}"


def crypt_kind(rest):
    found = CRYPT.match(rest)
    if not found:
        # Eight characters of a password count, and the rest does not.
        return " DES" if len(rest) == 13 else " of another kind"
    word = found[1].decode()
    return f" {CRYPT_NAMES.get(word, 'bcrypt' if word.startswith('2') else word)}"
