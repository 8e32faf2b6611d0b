"""What an administrator is told about each service: what it is for, and what to run after a change.

A service that is not listed here is emitted all the same, and shown by its name.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from .site import Site


@dataclass(frozen=True)
class Service:
    """A service in words. group: who may read the files a secret stands in, besides root."""

    title: str
    sentence: str
    reload: tuple[str, ...]
    group: str = ""


TOLD = {
    "unix": Service(
        "Unix user",
        "The one user and group all mailboxes belong to.",
        ("sh /usr/local/sbin/vmail-user.sh",),
    ),
    "slapd": Service(
        "slapd",
        "The directory: every domain, account and alias, and who may do what with them.",
        (
            "grep SLAPD_CONF= /etc/default/slapd  # it must name the slapd.conf above",
            "systemctl daemon-reload && systemctl restart slapd",
        ),
        "openldap",
    ),
    "postfix": Service(
        "Postfix",
        "Takes mail in, looks its addresses up in the directory, and delivers it or sends it on.",
        ("newaliases", "postfix check", "systemctl reload postfix"),
        "postfix",
    ),
    "courier": Service(
        "Courier",
        "IMAP and POP3: where people read their mail.",
        (
            "sh /usr/local/sbin/courier-pem.sh",
            "systemctl daemon-reload && systemctl enable --now courier-maildirs.timer",
            "systemctl restart courier-authdaemon courier-imap courier-imap-ssl",
        ),
        "courier",
    ),
    "dovecot": Service(
        "Dovecot",
        "IMAP, LMTP, quota and Sieve: the modern place of Courier.",
        ("doveconf -n", "systemctl reload dovecot"),
        "dovecot",
    ),
    "webmail": Service("Webmail", "Mail in a browser.", (), "www-data"),
    "panel": Service(
        "This panel",
        "gunicorn behind nginx, each with as few rights as it needs.",
        (
            "systemd-sysusers && systemd-tmpfiles --create",
            "nginx -t && systemctl reload nginx",
            "systemctl daemon-reload && systemctl restart vmail-admin",
        ),
    ),
}


def told(name: str) -> Service:
    """What there is to say about a service."""
    if name in TOLD:
        return TOLD[name]
    return Service(name, "", (f"systemctl reload-or-restart {name}",))


def in_order(names: Iterable[str]) -> list[str]:
    """As mail passes through them, and as they are set up."""
    order = list(TOLD)
    return sorted(names, key=lambda name: order.index(name) if name in order else len(order))


def is_used(name: str, site: Site) -> bool:
    """Whether this site has it: Courier and Dovecot take each other's place."""
    return name not in ("courier", "dovecot") or name == site.imap
