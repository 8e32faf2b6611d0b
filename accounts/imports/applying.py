"""Adds the good rows of a table, several under way at a time, and notes what became of each.

A row is never lost and never added twice: where an answer is lost the row stays GOOD, and the next
try, told that there was one before, knows its own entry again.
"""

import datetime as dt
import time

from accounts.forms import taken_back
from accounts.imports.rows import ADDED, REFUSED, problems_of
from vmail_admin.directory.entries import add_together
from vmail_admin.directory.errors import AlreadyThere, NotAnswering
from vmail_admin.directory.passwords import change_together

CLOCKS_DIFFER = dt.timedelta(minutes=5)  # slapd's and the panel's, at the most


def add_rows(rows, kind, tried_since=None, seconds=float("inf")):
    """Adds what is GOOD among ``rows``; each is ADDED or REFUSED then. Whether all were tried.

    Once the ``seconds`` are over no further row is begun.

    ``tried_since``: the moment from which on an earlier try may have added some of them; None where
    there was none. Raises NotAnswering after noting what is known: what is still GOOD may be tried
    again.
    """
    good = [row for row in rows if row.is_good]
    until, tried = time.monotonic() + seconds, []

    def entries():
        for row in good:
            if tried and time.monotonic() > until:
                return
            tried.append((row, row.new_entry(kind)))
            yield tried[-1][1]

    note_outcomes(tried, add_together(entries()), tried_since)
    return len(tried) == len(good)


def note_outcomes(tried, outcomes, tried_since):
    there, lost = [], None
    for (row, entry), error in zip(tried, outcomes, strict=True):
        if isinstance(error, AlreadyThere) and tried_since and is_ours(entry, tried_since):
            error = None
        if error is None:
            there.append((row, entry))
        elif isinstance(error, NotAnswering):
            lost = error
        else:
            row.is_wrong(problems_of(error, row), REFUSED)
    lost = give_passwords(there) or lost
    if lost is not None:
        raise lost


def is_ours(entry, since):
    """Whether the entry that is there is the very one that would be added, made since then."""
    there = type(entry).objects.of(entry.mail).first()
    if there is None or (there.created and there.created < since - CLOCKS_DIFFER):
        return False
    names = ("mail", "full_name", "description", "active", "quota", "destinations")
    if any(getattr(there, name, None) != getattr(entry, name, None) for name in names):
        return False
    entry.was_added(there.dn)
    return True


def give_passwords(there):
    """Accounts whose password is refused are taken back. What was lost on the way, or None."""
    wanted = []
    for row, entry in there:
        if row.password:
            wanted.append((row, entry))
        else:
            row.state = ADDED
    lost = None
    outcomes = change_together([(entry.dn, row.password) for row, entry in wanted])
    for (row, entry), error in zip(wanted, outcomes, strict=True):
        if error is None or getattr(error, "was_used_before", False):
            # It was given by an earlier try, whose answer was lost.
            row.state = ADDED
        elif isinstance(error, NotAnswering):
            lost = error
        else:
            refuse_password(row, entry, error)
    return lost


def refuse_password(row, entry, error):
    problems = problems_of(error, row)
    if left := taken_back(entry).strip():
        problems.setdefault("", []).append(left)
    row.is_wrong(problems, REFUSED)
