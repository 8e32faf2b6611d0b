"""What Courier's files need to know."""

from dataclasses import dataclass

from .base import Facts, fact
from .words import number, one_of, plain_path


@dataclass(frozen=True)
class Courier(Facts):
    """Its version, its certificate in the form it reads, and how many people come at a time."""

    table = "courier"

    version: str = fact(one_of("5.0", "5.2"), "5.0")
    pem: str = fact(plain_path, "/etc/courier/mail.pem")
    socket: str = fact(plain_path, "/run/courier/authdaemon/socket")
    daemons: int = fact(number(1, 100), 5)
    max_connections: int = fact(number(1, 65535), 500)
    max_per_address: int = fact(number(1, 65535), 100)
