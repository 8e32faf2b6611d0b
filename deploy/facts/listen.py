"""Where the mail servers can be reached."""

import ipaddress
from dataclasses import dataclass
from typing import Any

from .base import Facts, SiteError, fact
from .words import Refused, number, text

PORT = number(1, 65535)


def addresses(value: Any) -> tuple[str, ...]:
    """IP addresses of this machine."""
    if not isinstance(value, list | tuple):
        raise Refused('must be a list such as ["192.0.2.25", "2001:db8::25"]')
    return tuple(address(one) for one in value)


def address(value: Any) -> str:
    try:
        found = ipaddress.ip_address(text(value))
    except ValueError:
        raise Refused(
            'must hold IP addresses such as "192.0.2.25", without a port or a name'
        ) from None
    if getattr(found, "scope_id", None):
        raise Refused("must hold IP addresses without a zone")
    return str(found)


@dataclass(frozen=True)
class Listen(Facts):
    """The addresses (all, where none is named) and the ports."""

    table = "listen"

    addresses: tuple[str, ...] = fact(addresses, ())
    smtp: int = fact(PORT, 25)
    submission: int = fact(PORT, 587)
    submissions: int = fact(PORT, 465)
    imap: int = fact(PORT, 143)
    imaps: int = fact(PORT, 993)
    pop3: int = fact(PORT, 110)
    pop3s: int = fact(PORT, 995)
    sieve: int = fact(PORT, 4190)

    PORTS = ("smtp", "submission", "submissions", "imap", "imaps", "pop3", "pop3s", "sieve")

    def __post_init__(self):
        super().__post_init__()
        taken: dict[int, str] = {}
        for name in self.PORTS:
            port = getattr(self, name)
            if port in taken:
                raise SiteError(self.key_of(name), f"{port} is already the port of {taken[port]}")
            taken[port] = name
