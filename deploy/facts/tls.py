"""The certificate that the mail servers show."""

from dataclasses import dataclass

from .base import Facts, fact
from .words import no_path_or, plain_path


@dataclass(frozen=True)
class Tls(Facts):
    """One certificate for SMTP, IMAP and POP: it names the site's host."""

    table = "tls"

    certificate: str = fact(plain_path, "/etc/ssl/certs/mail.pem")
    key: str = fact(plain_path, "/etc/ssl/private/mail.key")
    ca: str = fact(no_path_or(plain_path), "")
