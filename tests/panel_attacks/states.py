"""States in which the panel shows forms that stand nowhere else, and what is typed there rightly.

Each state is brought about through the panel's own pages, as the person who is on. What it answers
is {page: {field: a right value}}: else hostile text would never come past the first check of a
form. It also says to which pages the forms lead that are there only now.
"""

from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from accounts.bulk.models import GREETING
from tests.bulk.steps import IMPORT, chosen, imported, one_step, started, url_of, worked
from tests.panel_attacks.hostile import MARKUP, OUT_OF_ANYTHING
from tests.panel_attacks.people import ACTORS
from tests.panel_attacks.stage import Rights
from tests.signing_in.phones import (
    CODE,
    LOGINS,
    OWN,
    OWN_SET_UP,
    SET_UP,
    Phone,
    given,
    secret_on,
)
from tests.world import PIA, word


def entered(stage, who):
    stage.enter(ACTORS[who])
    return stage.client()


# --- the second factor


def code_awaited(stage, how):
    _, codes = given(PIA, LOGINS["pia"])
    entered(stage, "postmaster")
    stage.rights = Rights()
    return {CODE: {"code": codes[0]}}


def set_up_demanded(stage, how):
    how.settings.SECOND_FACTOR = "postmasters"
    pia = entered(stage, "postmaster")
    phone = Phone(secret_on(pia.get(SET_UP)))
    stage.stay(pia)
    stage.rights = Rights()
    return {SET_UP: {"code": phone.code()}}


def factor_on(stage, how):
    _, codes = given(PIA, LOGINS["pia"])
    pia = entered(stage, "postmaster")
    assert pia.post(CODE, {"code": codes[0]}).status_code == 302
    new = Phone(secret_on(pia.get(OWN_SET_UP)))
    stage.stay(pia)
    change = {"password": word("pia"), "old_code": codes[1], "code": new.code()}
    return {OWN: {"code": codes[1]}, OWN_SET_UP: change}


def factor_lost(stage, how):
    given(PIA, LOGINS["pia"])
    entered(stage, "site admin")
    return {"/people/pia@example.test/second-factor/": {}}


# --- one's sessions, and what was done


def signed_in_twice(stage, how):
    entered(stage, "user")
    stage.stay(entered(stage, "user"))
    return {"/me/signed-in/": {}}


def switched_off(stage, how):
    pia = entered(stage, "postmaster")
    card = "/accounts/alice@example.test/"
    pia.post(f"{card}switch/", {"flag": "active", "to": "off", "next": card})
    stage.stay(pia)
    return {card: {"why": "on leave"}, "/domains/example.test/journal/": {}}


def half_made(stage, how):
    """A domain whose worker was ended in the middle of its creation."""

    def ended(domain):
        raise SystemExit

    rita = entered(stage, "site admin")
    with how.patches.context() as patched, pytest.raises(SystemExit):
        patched.setattr("domains.creation.abuse_of", ended)
        rita.post("/domains/new/", {"name": "new.test"})
    stage.stay(rita)
    return {"/domains/new.test/settings/": {}}


# --- work on many


def a_table(name):
    """One row that is good, and markup wherever a cell or a heading may hold any text."""
    rows = [f'{name},"{quoted(OUT_OF_ANYTHING)}",2 GB,"{quoted(OUT_OF_ANYTHING)}",']
    rows += [f'"{quoted(text)}","{quoted(text)}","{quoted(text)}",,' for text in MARKUP]
    return "\n".join([f'mail,name,quota,note,"{quoted(OUT_OF_ANYTHING)}"', *rows])


def quoted(text):
    return text.replace('"', '""')


@contextmanager
def nothing_at_once(how):
    """A job goes no further than the page that asks for its next step."""
    with how.patches.context() as patched:
        patched.setattr("accounts.bulk.views.AT_ONCE", 0)
        yield


def at_work(stage, how):
    """Jobs that wait for their next step."""
    pia = entered(stage, "postmaster")
    tables = [url_of(imported(pia, a_table(name))) for name in ("ana", "ben")]
    with nothing_at_once(how):
        fields = {"kind": "accounts", "pasted": a_table("kim"), "passwords": "generate"}
        checking = pia.post(IMPORT, fields).url
        pia.post(f"{tables[0]}start/")
        pia.post(f"{tables[1]}start/")
        fields = {"act": "switch-off", "mail": ["alice@example.test", "alex@example.test"]}
        acting = pia.post("/domains/example.test/selected/", fields).url
    for _ in range(50):
        if pia.get(tables[1]).context["job"].stage == GREETING:
            break
        one_step(pia, tables[1])
    stage.stay(pia)
    return {page: {} for page in (checking, *tables, acting)}


def to_be_started(stage, how):
    """Jobs that wait for a word."""
    pia = entered(stage, "postmaster")
    pages = [imported(pia, a_table("ana")), imported(pia, a_table(MARKUP[0]))]
    pages += [chosen(pia, act, "alice@example.test") for act in ("quota", "delete", "passwords")]
    stage.stay(pia)
    return {url_of(page): {"quota": "3 GB"} for page in pages}


def done(stage, how):
    """Jobs that are done: passwords to be downloaded, mails to be sent again, a way back."""
    pia = entered(stage, "postmaster")
    pages = [started(pia, imported(pia, a_table("ana"), passwords="generate"))]
    back = started(pia, chosen(pia, "delete", "alice@example.test", "alex@example.test"))
    pages += [back, worked(pia, pia.post(f"{url_of(back)}undo/").url)]
    stage.stay(pia)
    return {url_of(page): {} for page in pages}


@dataclass(frozen=True)
class State:
    begin: callable
    leads_to: set


STATES = {
    "a code is awaited": State(code_awaited, {"sign-in-code"}),
    "a second factor is demanded": State(set_up_demanded, {"sign-in-set-up"}),
    "a second factor is on": State(factor_on, {"my-second-factor", "my-second-factor-set-up"}),
    "a second factor is lost": State(factor_lost, {"second-factor-remove"}),
    "signed in twice": State(signed_in_twice, {"my-sessions-end"}),
    "somebody is switched off": State(switched_off, {"journal-reason", "journal-undo"}),
    "a domain is half made": State(half_made, {"domain-finish"}),
    "work is not finished": State(at_work, {"work-step"}),
    "work waits for a word": State(to_be_started, {"work-start", "work-discard"}),
    "work is done": State(done, {"work-passwords", "work-greet", "work-undo"}),
}
