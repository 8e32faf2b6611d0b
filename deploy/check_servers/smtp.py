"""SMTP as a stranger meets it: nothing relayed, nobody unknown, TLS with a valid certificate."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager

from . import certificates
from .checks import Wrong, check
from .lookups import (
    UNKNOWN,
    a_domain_switched_off,
    a_domain_without_catch_all,
    address_of,
    an_account,
    an_account_switched_off,
)
from .target import PATIENCE, Target

FIX = "emit postfix --diff, install it, and run: postfix reload"
ELSEWHERE = "somebody@example.com"
SENDER = "check-servers@example.com"


@contextmanager
def spoken_to(target: Target, port: int) -> Iterator[smtplib.SMTP]:
    """An SMTP conversation. TLS is asked for the site's own name, wherever it is."""
    with smtplib.SMTP(timeout=PATIENCE) as smtp:
        smtp.connect(target.host, port)
        # smtplib checks the certificate against the name it connected to.
        smtp._host = target.site.host
        smtp.ehlo("check.example.com")
        yield smtp


def answer_to(target: Target, recipient: str) -> tuple[int, str]:
    """What a stranger hears who wants to send there. No mail is sent."""
    with spoken_to(target, target.site.listen.smtp) as smtp:
        smtp.mail(SENDER)
        code, words = smtp.rcpt(recipient)
        smtp.rset()
        return code, words.decode(errors="replace")


def need_refusal(target: Target, recipient: str) -> str:
    code, words = answer_to(target, recipient)
    if not 500 <= code < 600:
        raise Wrong(f"{recipient} is answered {code} {words}")
    return f"{recipient}: {code}"


@check(
    "SMTP refuses to relay for strangers",
    f"{FIX}. Ask from a machine outside postfix.networks: those may relay",
)
def no_relay(target: Target) -> str:
    return need_refusal(target, ELSEWHERE)


@check("SMTP refuses addresses that do not exist", FIX)
def unknown_refused(target: Target) -> str:
    return need_refusal(target, f"{UNKNOWN}@{a_domain_without_catch_all(target)}")


@check("SMTP takes mail for an account", FIX)
def account_taken(target: Target) -> str:
    mail = address_of(an_account(target))
    code, words = answer_to(target, mail)
    if code != 250:
        raise Wrong(f"{mail} is answered {code} {words}")
    return mail


@check("SMTP refuses an account that is switched off", FIX)
def switched_off_refused(target: Target) -> str:
    return need_refusal(target, an_account_switched_off(target))


@check("SMTP refuses a domain that is switched off", FIX)
def domain_refused(target: Target) -> str:
    return need_refusal(target, f"postmaster@{a_domain_switched_off(target)}")


def starts_tls(target: Target, port: int) -> str:
    with spoken_to(target, port) as smtp:
        if not smtp.has_extn("starttls"):
            raise Wrong("it offers no STARTTLS")
        smtp.starttls(context=target.trust)
        return certificates.days_left(smtp.sock)


@check("SMTP offers TLS with a valid certificate", certificates.FIX)
def smtp_tls(target: Target) -> str:
    return starts_tls(target, target.site.listen.smtp)


@check("submission offers TLS with a valid certificate", certificates.FIX)
def submission_tls(target: Target) -> str:
    return starts_tls(target, target.site.listen.submission)


@check("submission asks for no password before TLS", FIX)
def no_password_in_clear(target: Target) -> None:
    with spoken_to(target, target.site.listen.submission) as smtp:
        if smtp.has_extn("auth"):
            raise Wrong("it offers AUTH in clear")


@check("submissions speaks TLS with a valid certificate", certificates.FIX)
def submissions_tls(target: Target) -> str:
    return certificates.shown_by(target, target.site.listen.submissions)


CHECKS = (
    no_relay,
    unknown_refused,
    account_taken,
    switched_off_refused,
    domain_refused,
    smtp_tls,
    submission_tls,
    no_password_in_clear,
    submissions_tls,
)
