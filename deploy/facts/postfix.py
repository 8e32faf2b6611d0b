"""What Postfix's files need to know."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Any

from .base import Facts, SiteError, fact
from .words import HOST_LABEL, Refused, flag, no_path_or, number, one_of, plain_path, text

LOCAL_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]{0,63}")
MILTER = re.compile(r"inet:([A-Za-z0-9.-]+|\[[0-9a-f:]+\]):[0-9]{1,5}|unix:/[A-Za-z0-9._@+/-]+")
NOT_FOR_MAIL = "root"


def networks(value: Any) -> tuple[str, ...]:
    """Networks whose hosts may send mail to anywhere."""
    if not isinstance(value, list | tuple):
        raise Refused('must be a list such as ["127.0.0.0/8", "::1/128"]')
    return tuple(network(one) for one in value)


def network(value: Any) -> str:
    """In Postfix's spelling, which puts an IPv6 address in brackets."""
    try:
        found = ipaddress.ip_network(re.sub(r"^\[(.*)\](?=/)", r"\1", text(value)))
    except ValueError:
        raise Refused('must hold networks such as "192.0.2.0/24"') from None
    if found.prefixlen == 0:
        raise Refused("holds a network of everybody: this server would relay for the whole world")
    return f"[{found.network_address}]/{found.prefixlen}" if found.version == 6 else str(found)


def recipient(value: Any) -> str:
    """A local user or a full address; nothing where it was left out."""
    local, at, domain = text(value).partition("@")
    if not value:
        return ""
    if not LOCAL_PART.fullmatch(local) or (at and not host(domain)):
        raise Refused("must be a local user or an address such as postmaster@myhosting.example")
    if value == NOT_FOR_MAIL:
        raise Refused("must not be root, whose mail Postfix hands to nobody; name who reads it")
    return value


def host(name: str) -> bool:
    return len(name) <= 253 and all(HOST_LABEL.fullmatch(one) for one in name.lower().split("."))


def relay(value: Any) -> str:
    """A host name or an IPv4 address; nothing where mail goes straight to its destination."""
    if value != "" and not host(text(value)):
        raise Refused("must be a host name or an IPv4 address")
    return value


def milters(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise Refused('must be a list such as ["inet:127.0.0.1:11332"]')
    for one in value:
        if not MILTER.fullmatch(text(one)):
            raise Refused("must hold milters such as inet:127.0.0.1:11332 or unix:/run/x.sock")
    return tuple(value)


@dataclass(frozen=True)
class Postfix(Facts):
    """Where Postfix keeps things, whom it trusts, and what it hands its mail to."""

    table = "postfix"

    config_dir: str = fact(plain_path, "/etc/postfix")
    queue_dir: str = fact(plain_path, "/var/spool/postfix")
    data_dir: str = fact(plain_path, "/var/lib/postfix")
    aliases: str = fact(plain_path, "/etc/aliases")
    procmailrc: str = fact(plain_path, "/etc/procmailrc")
    log_file: str = fact(no_path_or(plain_path), "")
    postmaster: str = fact(recipient, "")
    networks: tuple[str, ...] = fact(networks, ("127.0.0.0/8", "::1/128"))
    recipient_delimiter: str = fact(one_of("+", "-", ""), "+")
    message_size_mb: int = fact(number(1, 1024), 50)
    relay_host: str = fact(relay, "")
    relay_port: int = fact(number(1, 65535), 25)
    milters: tuple[str, ...] = fact(milters, ())
    need_milters: bool = fact(flag, False)
    table_type: str = fact(one_of("hash", "lmdb"), "hash")

    def __post_init__(self):
        super().__post_init__()
        if self.need_milters and not self.milters:
            raise SiteError(self.key_of("need_milters"), "there are no milters")
