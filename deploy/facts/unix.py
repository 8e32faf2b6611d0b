"""The Unix user that owns all mail."""

from dataclasses import dataclass

from .base import Facts, fact
from .words import name, plain_path


@dataclass(frozen=True)
class Unix(Facts):
    """Its name and home. Its numbers are facts of the site: other servers need them too."""

    table = "unix"

    user: str = fact(name, "vmail")
    group: str = fact(name, "vmail")
    home: str = fact(plain_path, "/home/vmail")
