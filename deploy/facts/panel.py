"""What the panel's own service and its web server need to know."""

import ipaddress
from dataclasses import dataclass
from typing import Any

from .base import Facts, SiteError, fact
from .words import (
    Refused,
    flag,
    host_name,
    name,
    no_path_or,
    number,
    one_of,
    plain_path,
    text,
)


def watchers(value: Any) -> tuple[str, ...]:
    """Networks whose machines may read the panel's numbers."""
    if not isinstance(value, list | tuple):
        raise Refused('must be a list such as ["192.0.2.7", "2001:db8::/64"]')
    return tuple(watcher(one) for one in value)


def watcher(value: Any) -> str:
    try:
        return str(ipaddress.ip_network(text(value)))
    except ValueError:
        raise Refused('must hold networks such as "192.0.2.0/24"') from None


@dataclass(frozen=True)
class Panel(Facts):
    """Where the panel is installed, where it keeps things, and how browsers reach it."""

    table = "panel"

    # Empty: the host of the site.
    host: str = fact(no_path_or(host_name), "")
    user: str = fact(name, "vmail-admin")
    web_user: str = fact(name, "www-data")
    folder: str = fact(plain_path, "/opt/vmail-admin")
    venv: str = fact(plain_path, "/opt/vmail-admin/.venv")
    config_dir: str = fact(plain_path, "/etc/vmail-admin")
    state_dir: str = fact(plain_path, "/var/lib/vmail-admin")
    run_dir: str = fact(plain_path, "/run/vmail-admin")
    log_dir: str = fact(plain_path, "/var/log/vmail-admin")
    workers: int = fact(number(1, 64), 2)
    threads: int = fact(number(1, 1000), 100)
    # What it keeps of its own: in a file, or in the database that the file database-url names.
    database: str = fact(one_of("sqlite", "postgresql"), "sqlite")
    metrics: tuple[str, ...] = fact(watchers, ())
    welcome: bool = fact(flag, False)
    second_factor: str = fact(one_of("optional", "site-admins", "postmasters"), "optional")
    http_port: int = fact(number(1, 65535), 80)
    https_port: int = fact(number(1, 65535), 443)
    # Empty: the certificate of the mail servers.
    tls_certificate: str = fact(no_path_or(plain_path), "")
    tls_key: str = fact(no_path_or(plain_path), "")

    def __post_init__(self):
        super().__post_init__()
        if bool(self.tls_certificate) != bool(self.tls_key):
            missing = "tls_key" if self.tls_certificate else "tls_certificate"
            raise SiteError(self.key_of(missing), "a certificate and its key go together")
        if self.http_port == self.https_port:
            raise SiteError(self.key_of("https_port"), "must not be http_port as well")

    @property
    def socket(self) -> str:
        """Where nginx finds gunicorn."""
        return f"{self.run_dir}/panel.sock"
