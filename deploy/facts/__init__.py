"""The facts about one mail site, a small dataclass for each server."""

from .base import Facts, SiteError, fact
from .courier import Courier
from .directory import Directory
from .dovecot import Dovecot
from .listen import Listen
from .panel import Panel
from .postfix import Postfix
from .replication import Replication
from .secrets import Secret, Secrets
from .slapd import Passwords, Slapd
from .tls import Tls
from .unix import Unix
from .webmail import Webmail

__all__ = [
    "Courier",
    "Directory",
    "Dovecot",
    "Facts",
    "Listen",
    "Panel",
    "Passwords",
    "Postfix",
    "Replication",
    "Secret",
    "Secrets",
    "SiteError",
    "Slapd",
    "Tls",
    "Unix",
    "Webmail",
    "fact",
]
