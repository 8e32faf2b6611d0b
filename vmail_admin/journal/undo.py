"""Taking changes back, as the person who does it: slapd decides, and the journal keeps that too."""

import json
from dataclasses import dataclass, field

from django.db import DatabaseError

from vmail_admin.addresses import shown_address, shown_domain
from vmail_admin.directory.changes import ADD, DELETE, told
from vmail_admin.directory.errors import AlreadyThere, DirectoryAnswer, NotAnswering, NotKept, Stale
from vmail_admin.directory.names import postmaster_dn
from vmail_admin.directory.present import entries_now
from vmail_admin.directory.restoring import (
    added_again,
    appointed_again,
    inverse,
    modified,
    removed,
)
from vmail_admin.journal.models import Row, State
from vmail_admin.journal.values import bytes_of, read

UNDOABLE = {
    *("created", "deleted", "marked", "restored", "edited", "switched", "rights"),
    *("appointed", "dismissed"),
}
CHANGED_SINCE = "{entry} was changed again since, so this cannot be taken back any more."
GONE = "{entry} is no longer there."
THERE_AGAIN = "There is an entry {entry} again, so the old one cannot come back."
WITHOUT_IT = "Its password is gone, for the panel keeps none: give it a new one."
NOT_POSTMASTER = "It is not postmaster any more: appoint it again if it should be."


class CannotUndo(DirectoryAnswer, DatabaseError):
    """The text says why."""


@dataclass
class Undone:
    """What came of taking a batch back: rows, (row, why not), and sentences to be said."""

    rows: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    sentences: list = field(default_factory=list)


def can_be_undone(row):
    """As far as the row itself knows; whether it was undone already, ``undone_among`` says."""
    return row.state == State.MADE and row.kind in UNDOABLE and not row.cut


def undone_among(rows):
    """The numbers of those that were taken back, and not put forward again since."""
    numbers = [row.pk for row in rows]
    back = dict(Row.objects.made().filter(undoes__in=numbers).values_list("pk", "undoes"))
    again = set(Row.objects.made().filter(undoes__in=list(back)).values_list("undoes", flat=True))
    return {number for pk, number in back.items() if pk not in again}


def undo_batch(batch):
    """Takes back everything that was done under one name, the last first.

    What is refused is told, and the rest is taken back all the same. Raises NotAnswering, NotKept.
    """
    return undo_rows(undoable_of(batch))


def undoable_of(batch):
    """The rows of a batch that can be taken back, the last first."""
    rows = list(Row.objects.made().filter(batch=batch).newest_first()) if batch else []
    wanted = [row for row in rows if can_be_undone(row)]
    # Everything in a new domain goes with it.
    return [row for row in wanted if (row.kind, row.what) == ("created", "domain")] or wanted


def undo_rows(rows):
    outcome, gone = Undone(), undone_among(rows)
    for row in rows:
        if row.pk in gone:
            continue
        try:
            outcome.sentences += undo(row)
            outcome.rows.append(row)
        except (NotAnswering, NotKept):
            raise
        except DatabaseError as refusal:
            outcome.refused.append((row, str(refusal)))
    return outcome


def undo(row):
    """Takes one change back; sentences to be said. Raises CannotUndo, NotAllowed, Invalid."""
    if not can_be_undone(row) or undone_among([row]):
        raise CannotUndo("This cannot be taken back.")
    with told(undoes=row.pk):
        try:
            return {ADD: undo_add, DELETE: undo_delete}.get(row.operation, undo_modify)(row)
        except Stale:
            failure = CannotUndo(said(CHANGED_SINCE, row))
    raise failure


def undo_modify(row):
    steps = [step for step in row.asked() if step[1].lower() != "lastchange"]
    entry = present(row, [name for _, name, _ in steps])
    before = {name.lower(): bytes_all(some) for name, some in row.values_before.items()}
    unknown = not row.before and any(how == "replace" or some is None for how, _, some in steps)
    if unknown or entry.differs_in(steps):
        raise CannotUndo(said(CHANGED_SINCE, row))
    modified(entry, inverse(steps, before))
    return [f"{entry_of(row)} is as it was before."]


def undo_add(row):
    """A new alias is deleted; a new account or domain, which may hold mail by now, is marked."""
    entry = present(row, ["objectClass", "accountActive", "delete"])
    if row.what == "alias":
        if entry.version != row.version:
            raise CannotUndo(said(CHANGED_SINCE, row))
        removed(entry)
        return [f"{entry_of(row)} is deleted again."]
    off = [("replace", "accountActive", [b"FALSE"])] if row.what == "account" else []
    modified(entry, [*off, ("replace", "delete", [b"TRUE"])])
    return [f"{entry_of(row)} is marked for deletion."]


def undo_delete(row):
    values = {name: bytes_all(some) for name, some in read(row.before)[0].items()}
    if "objectClass" not in values:
        raise CannotUndo("The journal does not know what was in this entry.")
    try:
        added_again(row.dn, values)
    except AlreadyThere:
        failure = CannotUndo(said(THERE_AGAIN, row))
    else:
        return [f"{entry_of(row)} is back.", *what_is_missing(row, values)]
    raise failure


def what_is_missing(row, values):
    if values.get("pwdChangedTime"):
        yield WITHOUT_IT
    if json.loads(row.facts).get("postmaster"):
        try:
            appointed_again(postmaster_dn(row.domain), row.dn)
        except DatabaseError:
            yield NOT_POSTMASTER


def present(row, names):
    [entry] = entries_now([row.dn], [names])
    if entry is None:
        raise CannotUndo(said(GONE, row))
    return entry


def bytes_all(texts):
    return [bytes_of(text) for text in texts]


def entry_of(row):
    """How people write it."""
    return shown_address(row.entry) if "@" in row.entry else shown_domain(row.entry)


def said(sentence, row):
    return sentence.format(entry=entry_of(row))
