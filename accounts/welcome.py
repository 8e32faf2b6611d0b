"""The first mail of a new account, where the site wants one (VMAIL_WELCOME_SMTP).

It makes the Maildir: Courier lets nobody in whose Maildir is not there yet.
"""

import logging
import smtplib
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from django.conf import settings

from vmail_admin.addresses import shown_address
from vmail_admin.directory.names import domain_of

log = logging.getLogger(__name__)

PATIENCE = 3  # seconds for each answer of the mail server
NOT_SENT = "The welcome mail could not be sent. Everything else is as it should be."

TEXT = """\
Hello {name},

your mailbox {address} is open, and this is the first mail in it.

Sign in with the full address and the password your postmaster gives you. You can change
the password here:

  {panel}
"""


def send_welcome(account, panel):
    """Hands the mail in; ``panel`` is where it points. A sentence where it was not taken, or ""."""
    [said] = send_welcomes([account], panel)
    return said


def send_welcomes(accounts, panel):
    """The same for several, over one connection, one at a time as the caller asks for the next."""
    if not settings.WELCOME_SMTP:
        yield from ("" for _ in accounts)
        return
    host, port = settings.WELCOME_SMTP
    tried = 0
    try:
        # A name of its own, as asking for this machine's can take long where DNS is away.
        with smtplib.SMTP(host, port, local_hostname="localhost", timeout=PATIENCE) as smtp:
            for account in accounts:
                said = handed_in(smtp, account, panel)
                tried += 1
                yield said
    except OSError as error:
        for account in accounts[tried:]:
            log.warning("No welcome mail for %s: %s", account.mail, error)
    yield from (NOT_SENT for _ in accounts[tried:])


def handed_in(smtp, account, panel):
    """A sentence where this mail is refused, or "". Raises OSError where nobody answers."""
    try:
        smtp.send_message(welcome(account, panel))
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        log.warning("No welcome mail for %s: %s", account.mail, error)
        return NOT_SENT
    return ""


def welcome(account, panel):
    domain = domain_of(account.mail)
    message = EmailMessage()
    message["From"] = f"postmaster@{domain}"
    message["To"] = account.mail
    message["Subject"] = "Your mailbox is open"
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"
    address = shown_address(account.mail)
    name = account.full_name or address
    # Readable as it travels, whatever alphabet a name is written in.
    message.set_content(
        TEXT.format(name=name, address=address, panel=panel), cte="quoted-printable"
    )
    return message
