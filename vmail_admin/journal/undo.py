"""Taking changes back, as the person who does it: slapd decides, and the journal keeps that too."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from django.db import DatabaseError

from vmail_admin.addresses import shown_address, shown_domain
from vmail_admin.directory.changes import ADD, DELETE, told
from vmail_admin.directory.errors import (
    AlreadyThere,
    DirectoryAnswer,
    Invalid,
    NotAnswering,
    Stale,
)
from vmail_admin.directory.names import postmaster_dn
from vmail_admin.directory.present import entries_now
from vmail_admin.directory.restoring import (
    added_again,
    all_made,
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
FLAGS = {"marked", "restored", "switched"}
AT_ONCE = 200  # entries that are looked at before they are changed
CHANGED_SINCE = "{entry} was changed again since, so this cannot be taken back any more."
GONE = "{entry} is no longer there."
THERE_AGAIN = "There is an entry {entry} again, so the old one cannot come back."
WITHOUT_IT = "Its password is gone, for the panel keeps none: give it a new one."
NOT_POSTMASTER = "It is not postmaster any more: appoint it again if it should be."


class CannotUndo(DirectoryAnswer, DatabaseError):
    """The text says why."""


class GoneAlready(CannotUndo):
    """What a try to take it back, whose answer was lost, may have led to."""


@dataclass
class Undone:
    """What came of taking a batch back: rows, (row, error), and sentences to be said.

    ``remarks``: by the number of a row, what is not as it was although the row is taken back.
    """

    rows: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    sentences: list = field(default_factory=list)
    remarks: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """The change that takes a row back, and what is said and done once it is made."""

    row: Row
    write: object
    says: str
    then: Callable = lambda: ()


def can_be_undone(row):
    """As far as the row itself knows; whether it was undone already, ``undone_among`` says."""
    return row.state == State.MADE and row.kind in UNDOABLE and not row.cut


def undone_among(rows):
    """The numbers of those that were taken back, and not put forward again since."""
    made = {row.pk for row in rows if row.state == State.MADE}
    standing = Row.objects.filter(pk__in=made).standing()
    return made - set(standing.values_list("pk", flat=True))


def undoable_of(batch):
    """The rows of a batch that can be taken back, the last first."""
    rows = list(Row.objects.made().filter(batch=batch).newest_first()) if batch else []
    wanted = [row for row in rows if can_be_undone(row)]
    # Everything in a new domain goes with it.
    return [row for row in wanted if (row.kind, row.what) == ("created", "domain")] or wanted


def undo_rows(rows):
    """Takes rows back, the last first. What was taken back already is passed over.

    What is refused is told, and the rest is taken back all the same. Raises NotAnswering, NotKept.
    """
    outcome, gone = Undone(), undone_among(rows)
    for some in independent([row for row in rows if row.pk not in gone]):
        undo_together(some, outcome)
    return outcome


def independent(rows):
    """Rows one behind the other that can be taken back at once: of one kind, each of its own DN."""
    some, taken = [], set()
    for row in rows:
        key = row.dn.lower()
        if some and (row.operation != some[0].operation or key in taken or len(some) == AT_ONCE):
            yield some
            some, taken = [], set()
        some.append(row)
        taken.add(key)
    if some:
        yield some


def undo_together(rows, outcome):
    """Raises NotAnswering, NotKept, after noting what became of those that were answered."""
    ways, lost = ways_of(rows, outcome), None
    for way, error in zip(ways, all_made([way.write for way in ways]), strict=True):
        if error is None:
            outcome.rows.append(way.row)
            outcome.remarks[way.row.pk] = remarks = list(way.then())
            outcome.sentences += [way.says, *remarks]
        elif isinstance(error, NotAnswering):
            lost = error
        else:
            outcome.refused.append((way.row, as_told(error, way.row)))
    if lost is not None:
        raise lost


def as_told(error, row):
    # slapd keeps who is marked for deletion switched off: a switch may wait for its mark to go.
    is_kept_off = isinstance(error, Invalid) and row.kind in FLAGS
    if isinstance(error, Stale) or is_kept_off:
        return CannotUndo(said(CHANGED_SINCE, row))
    if isinstance(error, AlreadyThere):
        return CannotUndo(said(THERE_AGAIN, row))
    return error


def ways_of(rows, outcome):
    """How each is taken back, as its entry is now, which takes one round trip for all."""
    ways, found = [], entries_now([row.dn for row in rows], [names_for(row) for row in rows])
    for row, entry in zip(rows, found, strict=True):
        try:
            with told(undoes=row.pk):
                ways.append(way_of(row, entry))
        except DatabaseError as refusal:
            outcome.refused.append((row, refusal))
    return ways


def names_for(row):
    if row.operation == ADD:
        return ["objectClass", "accountActive", "delete"]
    return [name for _, name, _ in steps_of(row)] if row.operation != DELETE else []


def steps_of(row):
    return [step for step in row.asked() if step[1].lower() != "lastchange"]


def way_of(row, entry):
    """Raises CannotUndo."""
    if not can_be_undone(row):
        raise CannotUndo("This cannot be taken back.")
    if row.operation == DELETE:
        return back_again(row)
    if entry is None:
        raise GoneAlready(said(GONE, row))
    return (away_again if row.operation == ADD else as_before)(row, entry)


def as_before(row, entry):
    steps = steps_of(row)
    before = {name.lower(): bytes_all(some) for name, some in row.values_before.items()}
    unknown = not row.before and any(how == "replace" or some is None for how, _, some in steps)
    if unknown or entry.differs_in(steps):
        raise CannotUndo(said(CHANGED_SINCE, row))
    write = modified(entry, inverse(steps, before))
    return Way(row, write, f"{entry_of(row)} is as it was before.")


def away_again(row, entry):
    """A new alias is deleted; a new account or domain, which may hold mail by now, is marked."""
    if row.what == "alias":
        if entry.version != row.version:
            raise CannotUndo(said(CHANGED_SINCE, row))
        return Way(row, removed(entry), f"{entry_of(row)} is deleted again.")
    off = [("replace", "accountActive", [b"FALSE"])] if row.what == "account" else []
    write = modified(entry, [*off, ("replace", "delete", [b"TRUE"])])
    return Way(row, write, f"{entry_of(row)} is marked for deletion.")


def back_again(row):
    values = {name: bytes_all(some) for name, some in read(row.before)[0].items()}
    if "objectClass" not in values:
        raise CannotUndo("The journal does not know what was in this entry.")
    says, write = f"{entry_of(row)} is back.", added_again(row.dn, values)
    return Way(row, write, says, partial(what_is_missing, row, values))


def what_is_missing(row, values):
    if values.get("pwdChangedTime"):
        yield WITHOUT_IT
    if json.loads(row.facts).get("postmaster"):
        try:
            with told(undoes=row.pk):
                appointed_again(postmaster_dn(row.domain), row.dn)
        except DatabaseError:
            yield NOT_POSTMASTER


def bytes_all(texts):
    return [bytes_of(text) for text in texts]


def entry_of(row):
    """How people write it."""
    return shown_address(row.entry) if "@" in row.entry else shown_domain(row.entry)


def said(sentence, row):
    return sentence.format(entry=entry_of(row))
