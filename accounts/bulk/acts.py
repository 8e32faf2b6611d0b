"""What can be done to addresses that were selected in a list, one by one.

Each is a function of one row. Raises Refused with a sentence, or what slapd refuses.
"""

import time
from dataclasses import dataclass

from django.db import DatabaseError

from accounts.deleting import delete_alias
from accounts.imports.rows import ADDED, REFUSED
from accounts.models import MailAccount, MailAlias
from accounts.passwords import date_entry
from domains.managed import NO_ACCOUNTS
from vmail_admin.directory.errors import Gone, Invalid, NotAllowed, NotAnswering
from vmail_admin.directory.names import POSTMASTER, same_dn
from vmail_admin.directory.passwords import PasswordRefused, change_password
from vmail_admin.forms import in_words
from vmail_admin.journal.trash import was_active

ONESELF = "This is you: ask another postmaster, or the people who run this server."
ON_YOUR_PAGE = "This is you: change your password on your own page."
NO_SIGN_IN = (
    "It is not known to have a password: if somebody is to sign in, give it one on its page."
)
ACCOUNTS_ONLY = "Only an account has that."
MARKED = "It is marked for deletion: restore it first."
POSTMASTER_STAYS = "Every domain has to have its postmaster (RFC 2142)."


class Refused(Exception):
    """The text says why."""


@dataclass(frozen=True)
class Act:
    """``button`` starts it, ``does`` and ``done`` say it of so many addresses."""

    button: str
    does: str
    done: str
    function: callable
    asks: bool = False  # for more, or whether one is sure


@dataclass(frozen=True)
class Chosen:
    """What the functions know: whose domain it is, who acts, and what was wished besides."""

    managed: object
    person_dn: str
    quota: str = ""


def entry_of(row):
    """The account or alias as it is now; None where there is none."""
    model = MailAccount if row.entry["kind"] == "account" else MailAlias
    return model.objects.entry_of(row.mail)


def switch_on(entry, row, chosen):
    refuse_marked(entry)
    entry.switch(True)


def switch_off(entry, row, chosen):
    refuse_oneself(entry, chosen)
    if entry.special == POSTMASTER:
        raise Refused(POSTMASTER_STAYS)
    refuse_marked(entry)
    entry.switch(False)


def delete(entry, row, chosen):
    refuse_oneself(entry, chosen)
    if entry.special == POSTMASTER:
        raise Refused(POSTMASTER_STAYS)
    if entry.kind == "account":
        retire(entry, chosen)
    else:
        delete_alias(chosen.managed, entry)


def retire(entry, chosen):
    try:
        entry.retire()
    except NotAllowed:
        if chosen.managed.can.accounts:
            raise
        raise Refused(NO_ACCOUNTS) from None


def restore(entry, row, chosen):
    if not getattr(entry, "to_be_deleted", False):
        raise Refused("It is not marked for deletion.")
    entry.restore(was_active(row.mail))


def set_quota(entry, row, chosen):
    if entry.kind != "account":
        raise Refused(ACCOUNTS_ONLY)
    entry.quota = chosen.quota
    entry.save()


def appoint(entry, row, chosen):
    if entry.kind != "account":
        raise Refused("Only an account can be appointed here.")
    refuse_marked(entry)
    if chosen.managed.postmaster is None:
        raise Refused("This domain has no postmaster entry.")
    chosen.managed.appoint(entry)


def reset_password(entry, row, chosen):
    refuse_oneself(entry, chosen, ON_YOUR_PAGE)
    refuse_marked(entry)
    if entry.special:
        raise Refused("Nobody signs in as this address: give it a password on its own page.")
    if entry.kind == "alias" and not entry.password_changed:
        raise Refused(NO_SIGN_IN)
    try:
        change_password(entry.dn, row.password)
    except PasswordRefused as refusal:
        # It was given by an earlier try, whose answer was lost.
        if not refusal.was_used_before:
            raise
    date_entry(entry)


def refuse_oneself(entry, chosen, sentence=ONESELF):
    if same_dn(entry.dn, chosen.person_dn):
        raise Refused(sentence)


def refuse_marked(entry):
    if getattr(entry, "to_be_deleted", False):
        raise Refused(MARKED)


ACTS = {
    "switch-on": Act("Switch on", "Switch on {}", "{} switched on", switch_on),
    "switch-off": Act("Switch off", "Switch off {}", "{} switched off", switch_off),
    "quota": Act("Set quota", "Set the quota of {}", "Quota of {} set", set_quota, asks=True),
    "appoint": Act("Make postmaster", "Make {} postmaster", "{} made postmaster", appoint, True),
    "passwords": Act(
        "Reset passwords",
        "Give new passwords to {}",
        "New passwords for {}",
        reset_password,
        asks=True,
    ),
    "restore": Act("Restore", "Restore {}", "{} restored", restore),
    "delete": Act("Delete", "Delete {}", "{} deleted", delete, asks=True),
}


def act_on(rows, act, chosen, tried_since, seconds=float("inf")):
    """Does it to each that is still to be done, until the time is over. Whether none is left.

    Raises NotAnswering after noting what is known.
    """
    until = time.monotonic() + seconds
    for row in [row for row in rows if row.is_good]:
        try:
            do(row, act, chosen, tried_since)
        except NotAnswering:
            raise
        except (Refused, DatabaseError) as refusal:
            words = in_words(refusal) if isinstance(refusal, Invalid) else str(refusal)
            row.is_wrong({"": [words]}, REFUSED)
        else:
            row.state = ADDED
        if time.monotonic() > until:
            break
    return not any(row.is_good for row in rows)


def do(row, act, chosen, tried_since):
    entry = entry_of(row)
    if entry is None:
        if act == "delete" and tried_since:
            return  # by an earlier try, whose answer was lost
        raise Gone(Gone.sentence)
    ACTS[act].function(entry, row, chosen)
