"""Whether the certificates that site.toml names fit their keys.

Files are emitted for other machines too: a certificate that is not here, or
that this user may not read, is the service's own to judge.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from .facts import Facts, SiteError
from .site import Site


def check_pairs(site: Site) -> None:
    """A SiteError names the first key that does not belong to its certificate."""
    for facts, certificate, key in pairs(site):
        chain = here(getattr(facts, certificate))
        private = here(getattr(facts, key))
        public_in_chain = chain and public_key_of(facts, certificate, chain)
        public_of_key = private and public_key_from(facts, key, private)
        if public_in_chain and public_of_key and public_in_chain != public_of_key:
            raise SiteError(
                facts.key_of(key),
                f"is not the key of the certificate in {facts.key_of(certificate)}",
            )


def pairs(facts: Facts) -> Iterator[tuple[Facts, str, str]]:
    """Each table, and its fields that name a certificate and its key."""
    names = {one.name for one in fields(facts)}
    for name in sorted(names):
        key = name.removesuffix("certificate") + "key"
        if name.endswith("certificate") and key in names:
            yield facts, name, key
        if is_dataclass(inner := getattr(facts, name)):
            yield from pairs(inner)


def here(path: str) -> bytes | None:
    """What is in the file, where there is one that we may read."""
    try:
        return Path(path).read_bytes() if path else None
    except OSError:
        return None


def public_key_of(facts: Facts, name: str, pem: bytes):
    try:
        return x509.load_pem_x509_certificate(pem).public_key()
    except ValueError:
        raise SiteError(facts.key_of(name), "is no certificate in PEM") from None


def public_key_from(facts: Facts, name: str, pem: bytes):
    try:
        return load_pem_private_key(pem, password=None).public_key()
    except (ValueError, TypeError):
        # TypeError: the key is encrypted, and no server is there to type its password.
        raise SiteError(facts.key_of(name), "is no private key in PEM without a password") from None
