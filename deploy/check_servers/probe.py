"""A mail on its whole way: sent by submission, delivered, read by IMAP, and deleted."""

import imaplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from .checks import NotAsked, Wrong, check
from .smtp import spoken_to
from .target import PATIENCE, Target

TRAVEL_SECONDS = 30
FIX = "look for the address in the log of the mail server: journalctl -u postfix@- -u dovecot"


def need_person(target: Target) -> str:
    if not target.password:
        raise NotAsked("no mailbox was named: --account")
    return target.password.reveal()


@contextmanager
def mailbox(target: Target) -> Iterator[imaplib.IMAP4]:
    """The person's INBOX, over TLS."""
    imap = imaplib.IMAP4(target.host, target.site.listen.imap, timeout=PATIENCE)
    with imap:
        imap.host = target.site.host
        imap.starttls(target.trust)
        imap.login(target.login, need_person(target))
        imap.select("INBOX")
        yield imap


@check("a mail that is sent can be read a moment later", FIX)
def probe(target: Target) -> str:
    password = need_person(target)
    message = probe_mail(target.login, target.site.host)
    began = time.monotonic()
    with spoken_to(target, target.site.listen.submission) as smtp:
        smtp.starttls(context=target.trust)
        smtp.login(target.login, password)
        smtp.send_message(message)
    while time.monotonic() < began + TRAVEL_SECONDS:
        if deleted(target, message["Message-ID"]):
            return f"{target.login}: {time.monotonic() - began:.1f} seconds"
        time.sleep(0.3)
    raise Wrong(f"it did not arrive within {TRAVEL_SECONDS} seconds")


def probe_mail(address: str, host: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = message["To"] = address
    message["Subject"] = "Probe of check_servers"
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=host)
    message.set_content("This mail tests the way of mail. It is deleted as soon as it arrived.\n")
    return message


def deleted(target: Target, message_id: str) -> bool:
    """Whether the mail is there; then it is gone afterwards."""
    with mailbox(target) as imap:
        _, [numbers] = imap.search(None, "HEADER", "Message-ID", f'"{message_id}"')
        for number in (numbers or b"").split():
            imap.store(number.decode(), "+FLAGS", r"(\Deleted)")
        if numbers:
            imap.expunge()
        return bool(numbers)


@check("a wrong password opens no mailbox", "look at the password rules of the IMAP server")
def wrong_password(target: Target) -> None:
    need_person(target)
    with imaplib.IMAP4(target.host, target.site.listen.imap, timeout=PATIENCE) as imap:
        imap.host = target.site.host
        imap.starttls(target.trust)
        try:
            imap.login(target.login, "this is not the password")
        except imaplib.IMAP4.error:
            return
        raise Wrong("it did")


CHECKS = (probe, wrong_password)
