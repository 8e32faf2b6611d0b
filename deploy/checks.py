"""Each service's own checker, asked about its emitted files."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from .check_courier import check_courier
from .check_mail import check_dovecot, check_postfix, check_unix
from .check_panel import check_panel
from .check_webmail import check_webmail
from .private_slapd import PrivateSlapd
from .programs import run
from .site import Site


def check_slapd(site: Site) -> list[str]:
    """slaptest reads slapd.conf, and the cn=config that slapadd makes of slapd.ldif.

    Both name folders of the target, so they are emitted once more into a folder of their own.
    """
    said = []
    for form in ("conf", "config"):
        with tempfile.TemporaryDirectory(prefix="slapd-") as folder:
            private = PrivateSlapd(Path(folder), site, form=form)
            said.append(run("slaptest", "-u", *private.config_arguments).strip())
    return said


CHECKS: dict[str, Callable[[Site], list[str]]] = {
    "courier": check_courier,
    "dovecot": check_dovecot,
    "panel": check_panel,
    "postfix": check_postfix,
    "slapd": check_slapd,
    "unix": check_unix,
    "webmail": check_webmail,
}


def check(service: str, site: Site) -> list[str]:
    """What the service says about its files; a ProgramError where it refuses them."""
    return CHECKS[service](site)
