"""How the mail servers reach slapd."""

import re
from dataclasses import dataclass
from typing import Any

from .base import Facts, SiteError, fact
from .words import Refused, flag, no_path_or, number, plain_path, text

# A socket stands in a URI with its slashes as %2F.
LDAP_URI = re.compile(
    r"ldaps?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?/?"
    r"|ldapi://(?:(?:%2F[A-Za-z0-9._@+-]+)+)?/?"
)

# What does not leave this machine, or not in clear.
IN_SECRET = re.compile(r"ldaps:|ldapi:|ldap://(localhost|127[.][0-9.]+)(:[0-9]+)?/?$")


def ldap_uris(value: Any) -> tuple[str, ...]:
    """One server or several, which are asked in turn."""
    if not isinstance(value, list | tuple) or not value:
        raise Refused("must be a list of LDAP URIs in brackets")
    for uri in value:
        if not LDAP_URI.fullmatch(text(uri)):
            raise Refused("must hold URIs such as ldapi:/// or ldaps://ldap.myhosting.example")
    return tuple(value)


@dataclass(frozen=True)
class Directory(Facts):
    """Where slapd is, and how its certificate is checked."""

    table = "directory"

    uris: tuple[str, ...] = fact(ldap_uris, ("ldapi:///",))
    start_tls: bool = fact(flag, False)
    ca: str = fact(no_path_or(plain_path), "")
    timeout_seconds: int = fact(number(1, 60), 5)

    def __post_init__(self):
        super().__post_init__()
        if self.start_tls and not all(uri.startswith("ldap://") for uri in self.uris):
            raise SiteError(self.key_of("start_tls"), "is for ldap:// URIs only")
        for uri in self.uris:
            if not self.start_tls and not IN_SECRET.match(uri):
                raise SiteError(
                    self.key_of("uris"),
                    f"passwords would go to {uri} in clear; say ldaps:// or start_tls = true",
                )

    @property
    def over_tls(self) -> bool:
        """Whether there is a certificate to check."""
        return self.start_tls or any(uri.startswith("ldaps:") for uri in self.uris)
