"""Whether this slapd has others that hold the same directory, and who copies from whom."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .base import Facts, SiteError, fact
from .words import Refused, host_name, no_path_or, number, one_of, path, text

ROLES = ("alone", "provider", "replica", "multiprovider")
LOOPBACK = ("localhost", "127.0.0.1")
SERVER_URI = re.compile(r"ldaps?://([a-z0-9.-]+)(?::([1-9][0-9]{0,4}))?")
MOST_PROVIDERS = 99


def server_uris(value: Any) -> tuple[str, ...]:
    """Other slapds, each named once."""
    if not isinstance(value, list | tuple):
        raise Refused('must be a list such as ["ldaps://ldap2.myhosting.example"]')
    uris = tuple(server_uri(one) for one in value)
    if len(set(uris)) != len(uris) or len(uris) > MOST_PROVIDERS:
        raise Refused(f"must name each server once, and at most {MOST_PROVIDERS}")
    return uris


def server_uri(value: Any) -> str:
    """ldaps: or ldap: with a host and perhaps a port."""
    found = SERVER_URI.fullmatch(text(value))
    if not found or int(found[2] or 1) > 65535:
        raise Refused("must hold URIs such as ldaps://ldap2.myhosting.example")
    if found[1] not in LOOPBACK:
        host_name(found[1])
    return value


@dataclass(frozen=True)
class Provider:
    """Another slapd that this one copies from; rid is how slapd tells them apart."""

    rid: str
    uri: str

    @property
    def needs_start_tls(self) -> bool:
        """ldap: to another machine, which the access rules answer over TLS only."""
        parts = urlsplit(self.uri)
        return parts.scheme == "ldap" and parts.hostname not in LOOPBACK

    @property
    def speaks_tls(self) -> bool:
        return self.needs_start_tls or self.uri.startswith("ldaps:")


@dataclass(frozen=True)
class Replication(Facts):
    """alone; provider: others copy from it; replica: copies, read-only; multiprovider: both."""

    table = "replication"

    role: str = fact(one_of(*ROLES), "alone")
    server_id: int = fact(number(1, 4095), 1)
    providers: tuple[str, ...] = fact(server_uris, ())
    tls_ca: str = fact(no_path_or(path), "")

    def __post_init__(self):
        super().__post_init__()
        if self.copies and not self.providers:
            raise SiteError(
                self.key_of("providers"), f'role = "{self.role}" copies from at least one'
            )
        if self.providers and not self.copies:
            raise SiteError(self.key_of("providers"), f'role = "{self.role}" copies from nobody')

    @property
    def copies(self) -> bool:
        return self.role in ("replica", "multiprovider")

    @property
    def provides(self) -> bool:
        return self.role in ("provider", "multiprovider")

    @property
    def sources(self) -> list[Provider]:
        """The providers, with the numbers slapd gives them."""
        return [Provider(f"{number:03}", uri) for number, uri in enumerate(self.providers, 1)]
