"""The kinds of values a fact can be: each checks a value and gives its clean spelling.

They are narrow on purpose. A value that passes means itself in slapd.conf, in
LDIF, in a regular expression of an access rule and in a shell script alike.
"""

import re
from collections.abc import Callable
from typing import Any

# 0 is root; 101 is what the HOWTO printed, and on most systems it is a package's user.
UIDS_NEVER_TAKEN = {0, 101}

RDN = r"[a-z][a-z0-9-]*=[a-z0-9@_-](?:[a-z0-9 .@_-]*[a-z0-9@_.-])?"
DN = re.compile(rf"{RDN}(?:\+{RDN})*(?:,{RDN}(?:\+{RDN})*)*", re.IGNORECASE)
SUFFIX_RDN = re.compile(r"(?:dc|o|ou|c|l|st)=[a-z0-9](?:[a-z0-9 -]*[a-z0-9])?")
HOST_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
PLAIN_PATH = re.compile(r"/[A-Za-z0-9._@+/-]+")
PATH = re.compile(r"/[A-Za-z0-9._@+/ -]*[A-Za-z0-9._@+/-]")
NAME = re.compile(r"[a-z_][a-z0-9_-]{0,30}")


class Refused(ValueError):
    """A value that cannot be this kind of fact. The text says what would be."""


def text(value: Any) -> str:
    """Printable text: no line end, no control character, nothing invisible."""
    if not isinstance(value, str):
        raise Refused("must be text in quotes")
    if not value.isprintable():
        raise Refused("holds a line end or another character that cannot be seen")
    return value


def _spelt(pattern: re.Pattern, value: Any, wanted: str) -> str:
    if not pattern.fullmatch(text(value)):
        raise Refused(f"must be {wanted}")
    return value


def dn(value: Any) -> str:
    """The name of an entry, in letters, digits, blanks and . @ _ - only."""
    return _spelt(DN, value, "a DN such as cn=admin,dc=myhosting,dc=example")


def suffix(value: Any) -> str:
    """The DN all entries lie below, in lower case as the access rules compare it."""
    parts = [re.sub(r" +", " ", part.strip()) for part in text(value).lower().split(",")]
    named = parts[0].startswith(("dc=", "o="))
    if not named or not all(SUFFIX_RDN.fullmatch(part) for part in parts):
        raise Refused("must be a DN that begins with dc= or o=, such as dc=myhosting,dc=example")
    return ",".join(parts)


def host_name(value: Any) -> str:
    """A full host name: labels of letters, digits and hyphens (an IDN as xn--…)."""
    name = text(value).lower()
    labels = name.split(".")
    if len(name) > 253 or len(labels) < 2 or not all(HOST_LABEL.fullmatch(one) for one in labels):
        raise Refused("must be a full host name such as mail.myhosting.example")
    return name


def plain_path(value: Any) -> str:
    """An absolute path without blanks, for programs that split their lines at them."""
    return _tidy(_spelt(PLAIN_PATH, value, "an absolute path of letters, digits and . _ @ + - /"))


def path(value: Any) -> str:
    """An absolute path; blanks are allowed."""
    return _tidy(_spelt(PATH, value, "an absolute path of letters, digits, blanks and . _ @ + - /"))


def no_path_or(check: Callable[[Any], str]) -> Callable[[Any], str]:
    """A path that may be left out, which is said with an empty text."""
    return lambda value: "" if value == "" else check(value)


def _tidy(value: str) -> str:
    parts = value.split("/")[1:]
    if any(part in ("", ".", "..") for part in parts):
        raise Refused("must be a path without //, /./, /../ and a / at its end")
    return value


def name(value: Any) -> str:
    """A name such as a Unix user has: lower case, digits, _ and -."""
    return _spelt(NAME, value, "a short name of lower-case letters, digits, _ and -")


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Refused("must be true or false")
    return value


def number(least: int, most: int) -> Callable[[Any], int]:
    """A whole number between two bounds."""

    def check(value: Any) -> int:
        # true and false are numbers to Python.
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise Refused(f"must be a whole number from {least} to {most}")
        return value

    return check


def unix_id(value: Any) -> int:
    """A uid or gid for the mail user."""
    taken = ", ".join(str(one) for one in sorted(UIDS_NEVER_TAKEN))
    if number(0, 65533)(value) in UIDS_NEVER_TAKEN:
        raise Refused(f"must not be one of {taken}: those belong to the system")
    return value


def one_of(*choices: str) -> Callable[[Any], str]:
    """One word of a few."""

    def check(value: Any) -> str:
        if value not in choices:
            raise Refused(f"must be one of {', '.join(choices)}")
        return value

    return check
