"""What the webmail programs need to know."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Any

from .base import Facts, fact
from .words import Refused, host_name, no_path_or, plain_path, text

TITLE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 .-]{0,58}[A-Za-z0-9])?")


def title(value: Any) -> str:
    if not TITLE.fullmatch(text(value)):
        raise Refused("must be letters, digits, blanks, dots and hyphens, 60 at most")
    return value


def server(value: Any) -> str:
    """A host name or an IPv4 address; nothing where it is the site's own host."""
    try:
        return str(ipaddress.IPv4Address(text(value)))
    except ipaddress.AddressValueError:
        return value if value in ("", "localhost") else host_name(value)


@dataclass(frozen=True)
class Webmail(Facts):
    """Where Roundcube and SquirrelMail find the mail server, and keep what is theirs."""

    table = "webmail"

    title: str = fact(title, "Webmail")
    server: str = fact(server, "")
    database: str = fact(no_path_or(plain_path), "")
    log_dir: str = fact(plain_path, "/var/log/roundcube")
    temp_dir: str = fact(plain_path, "/var/lib/roundcube/temp")
    squirrelmail_data: str = fact(plain_path, "/var/lib/squirrelmail/data")
    squirrelmail_uploads: str = fact(plain_path, "/var/spool/squirrelmail/attach")
