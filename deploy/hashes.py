"""Passwords as slapd stores them.

The access rules accept exactly this form, so that nobody can store a value
whose checking would cost seconds, or one in clear text.
"""

import base64
import hashlib

from passlib.hash import sha512_crypt

ROUNDS = 50000
SALT_LENGTH = 16


def ldap_hash(password: str, salt: str | None = None) -> str:
    """A userPassword value: {CRYPT} with SHA-512, 50,000 rounds and 16 characters of salt."""
    options = {"salt": salt} if salt else {"salt_size": SALT_LENGTH}
    return "{CRYPT}" + sha512_crypt.using(rounds=ROUNDS, **options).hash(password)


def salt_for(*names: str) -> str:
    """The same names, the same salt: emitting twice gives the same file.

    A salt must differ from entry to entry, not be secret. It is never made from
    the password: that would let a guess be checked without the rounds.
    """
    digest = hashlib.sha256("\0".join(names).encode()).digest()
    return base64.b64encode(digest, altchars=b"./").decode()[:SALT_LENGTH]
