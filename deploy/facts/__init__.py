"""The facts about one mail site, a small dataclass for each server."""

from .base import Facts, SiteError, fact
from .secrets import Secret, Secrets
from .slapd import Passwords, Slapd

__all__ = ["Facts", "Passwords", "Secret", "Secrets", "SiteError", "Slapd", "fact"]
