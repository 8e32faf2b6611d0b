"""IMAP: TLS with a valid certificate, and no password in clear."""

import imaplib

from . import certificates
from .checks import NotAsked, Wrong, check
from .target import PATIENCE, Target

FIX = "emit courier or dovecot --diff, install it, and restart the server"


def spoken_to(target: Target) -> imaplib.IMAP4:
    """An IMAP conversation in clear. TLS is asked for the site's own name, wherever it is."""
    imap = imaplib.IMAP4(target.host, target.site.listen.imap, timeout=PATIENCE)
    imap.host = target.site.host
    return imap


@check("IMAPS shows a valid certificate", certificates.FIX)
def imaps(target: Target) -> str:
    return certificates.shown_by(target, target.site.listen.imaps)


@check("IMAP offers TLS with a valid certificate", certificates.FIX)
def starttls(target: Target) -> str:
    with spoken_to(target) as imap:
        if "STARTTLS" not in imap.capabilities:
            raise Wrong("it offers no STARTTLS")
        imap.starttls(target.trust)
        return certificates.days_left(imap.sock)


@check("IMAP takes no password before TLS", FIX)
def no_password_in_clear(target: Target) -> None:
    with spoken_to(target) as imap:
        if imap.sock.getpeername()[0] == imap.sock.getsockname()[0]:
            raise NotAsked("Dovecot trusts its own machine: ask from another one")
        if "LOGINDISABLED" not in imap.capabilities:
            raise Wrong("it would take one")


CHECKS = (imaps, starttls, no_password_in_clear)
