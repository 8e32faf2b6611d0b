"""What a check is, and what becomes of it: pass, fail, not reachable or not asked."""

import smtplib
import ssl
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from imaplib import IMAP4

import ldap

from deploy.programs import ProgramError

from .target import Target

NOT_THERE = (ldap.SERVER_DOWN, ldap.CONNECT_ERROR, ldap.TIMEOUT, ldap.UNAVAILABLE)
SAID_NO = (ldap.LDAPError, smtplib.SMTPException, IMAP4.error, ssl.SSLError, ProgramError)


class Wrong(Exception):
    """The server answered, and not as it should. The text says how."""


class NotAsked(Exception):
    """There is nothing to ask about: no such entry, or no password was given."""


class State(Enum):
    PASS = "pass"  # noqa: S105 (no password)
    FAIL = "fail"
    NOT_REACHABLE = "not reachable"
    NOT_ASKED = "not asked"
    NOTE = "note"


@dataclass(frozen=True)
class Check:
    """A sentence that should be true, how it is found out, and what to do where it is not."""

    sentence: str
    fix: str
    ask: Callable[[Target], str | None]
    is_advice: bool = False


@dataclass(frozen=True)
class Answer:
    check: Check
    state: State
    detail: str = ""


def check(sentence: str, fix: str) -> Callable[[Callable[[Target], str | None]], Check]:
    """Makes a check of a function. What the function returns is said beside a pass."""
    return lambda ask: Check(sentence, fix, ask)


def advice(sentence: str, fix: str) -> Callable[[Callable[[Target], str | None]], Check]:
    """Like check, for what is good to know: it never fails."""
    return lambda ask: Check(sentence, fix, ask, is_advice=True)


def answer(one: Check, target: Target) -> Answer:
    """Ask once."""
    try:
        detail = one.ask(target) or ""
    except NotAsked as reason:
        return Answer(one, State.NOT_ASKED, str(reason))
    except NOT_THERE as error:
        return Answer(one, State.NOT_REACHABLE, in_words(error))
    except (Wrong, *SAID_NO) as error:
        return Answer(one, State.FAIL, in_words(error))
    except OSError as error:
        return Answer(one, State.NOT_REACHABLE, in_words(error))
    return Answer(one, State.NOTE if one.is_advice else State.PASS, detail)


def in_words(error: Exception) -> str:
    """What was said, in one printable line."""
    if isinstance(error, ldap.LDAPError):
        told = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
        text = ": ".join(filter(None, [told.get("desc", ""), told.get("info", "")]))
    else:
        text = str(error)
    text = text or type(error).__name__
    return "".join(one if one.isprintable() else " " for one in text)


def answers(checks: Iterable[Check], target: Target) -> Iterator[Answer]:
    for one in checks:
        yield answer(one, target)
