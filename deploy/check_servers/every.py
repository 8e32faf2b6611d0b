"""The systems there are checks for, in the order mail depends on them."""

from . import imap, panel, postfix, probe, slapd, smtp

SYSTEMS = {
    "slapd": slapd.CHECKS,
    "postfix": postfix.CHECKS,
    "smtp": smtp.CHECKS,
    "imap": imap.CHECKS,
    "mail": probe.CHECKS,
    "panel": panel.CHECKS,
}
