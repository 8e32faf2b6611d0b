"""Mail addresses and domain names as people type them, and as the directory keeps them.

The directory keeps ASCII in lower case: a domain in another script as its A-labels (RFC 5890).
People may type either spelling and are shown the readable one.
"""

import re

import idna

LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")

# The same characters as the access rules for slapd allow, so that a form refuses what slapd would.
ACCOUNT_LOCAL_PART = re.compile(r"[a-z0-9_](?:[a-z0-9_-]|\.(?!\.)(?!$)){0,63}")
ALIAS_LOCAL_PART = re.compile(r"(?!\.)(?:[a-z0-9!#%&'*+/=?^_{|}~-]|\.(?!\.)(?!$)){1,64}")

LONGEST = 1000  # characters that are looked at; an address has no more than 320

# slapd's mdb holds the name of an entry twice in a key of 511 bytes: mail= and an address fit, and
# so does abuse@ of a domain. It writes some characters as \2B.
LONGEST_KEPT = 240
LONGEST_DOMAIN_KEPT = LONGEST_KEPT - len("abuse@")
WRITTEN_AS_THREE = re.compile(r"[+=#]")


def fits_directory(mail):
    return len(WRITTEN_AS_THREE.sub(r"\\2B", mail)) <= LONGEST_KEPT


def ascii_domain(text):
    """The name as the directory keeps it. Raises ValueError with a sentence.

    At most 253 characters in labels of at most 63, at least two labels (RFC 1035, 2.3.4).
    """
    name = text.strip().removesuffix(".").lower()
    if len(name) > LONGEST:
        raise ValueError("A domain name has at most 253 characters.")
    if not name.isascii() or "xn--" in name:
        try:
            name = idna.encode(name, uts46=True, transitional=False).decode()
        except idna.IDNAError as error:
            raise ValueError(f"This is not a domain name: {error}.") from None
    labels = name.split(".")
    if len(name) > 253:
        raise ValueError("A domain name has at most 253 characters.")
    if any(len(label) > 63 for label in labels):
        raise ValueError("Each part of a domain name, between dots, has at most 63 characters.")
    if len(labels) < 2:
        raise ValueError("A domain name has at least two parts, as in example.org.")
    if not all(LABEL.fullmatch(label) for label in labels) or labels[-1].isdecimal():
        raise ValueError("A domain name holds letters, digits and hyphens only, as in example.org.")
    return name


def shown_domain(name):
    """The readable spelling of a domain: bücher.example for xn--bcher-kva.example."""
    try:
        return idna.decode(name) if "xn--" in name else name
    except idna.IDNAError:
        return name


def shown_address(mail):
    local_part, at, domain = mail.rpartition("@")
    return f"{local_part}{at}{shown_domain(domain)}"


def ascii_address(text):
    """A full address as the directory keeps it. Raises ValueError with a sentence."""
    local_part, at, domain = text.strip().lower().rpartition("@")
    if not at or not local_part:
        raise ValueError("An address has a name, an @ and a domain, as in ana@example.org.")
    if not ALIAS_LOCAL_PART.fullmatch(local_part):
        raise ValueError(
            "The part before the @ holds letters, digits and . _ - + and the like, at most 64."
        )
    return f"{local_part}@{ascii_domain(domain)}"


def searched(text):
    """What a person searches, in the directory's spelling: bücher finds xn--bcher-kva."""
    text = text.strip().lower()
    local_part, at, domain = text.rpartition("@")
    if domain.isascii() or len(domain) > LONGEST:
        return text
    try:
        return f"{local_part}{at}{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        return text
