"""The two halves of a row: the intent before slapd is asked, and how it ended afterwards."""

import json
import logging
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from vmail_admin.directory.changes import ADD, FACTOR
from vmail_admin.directory.errors import DirectoryAnswer, NotAnswering, NotKept, OutcomeUnknown
from vmail_admin.directory.identity import current
from vmail_admin.directory.names import label_of
from vmail_admin.journal.kinds import class_of, kind_of, subject_of
from vmail_admin.journal.models import Row, State
from vmail_admin.journal.retention import prune_by_the_way
from vmail_admin.journal.settling import settle_before
from vmail_admin.journal.values import one_line, written

log = logging.getLogger(__name__)


@contextmanager
def journalled(change):
    """A row before the change and its end after it. Raises NotKept: then nothing is changed.

    Whoever is killed in between leaves the row open, and so does an answer that was lost.
    """
    if change.operation == FACTOR:
        with in_one(change):
            yield
        return
    row = begun(change)
    try:
        yield
    except DatabaseError as refusal:
        if isinstance(refusal, DirectoryAnswer) and not isinstance(refusal, NotAnswering):
            ended(row, change, State.REFUSED)
        raise
    ended(row, change, State.MADE)
    prune_by_the_way()


@contextmanager
def in_one(change):
    """A change of what the panel's own database holds: the row comes with it, or neither does."""
    with transaction.atomic():
        begun(change, settled=True)
        yield
    prune_by_the_way()


def begun(change, settled=False):
    try:
        row = row_of(change)
        if settled:
            row.state, row.ended = State.MADE, row.began
        else:
            settle_before(row)
        # Durable: inside a transaction of somebody else's it would not be there when we are killed.
        with transaction.atomic(durable=not settled):
            row.save(force_insert=True)
    except DatabaseError as error:
        # Not from the error: it would bring frames that hold what is being saved.
        log.warning("The journal cannot be written: %s", type(error).__name__)
        failure = NotKept(NotKept.sentence)
    else:
        return row
    raise failure


def row_of(change):
    said = change.said
    who = said.who or current().dn
    what, entry, domain = subject_of(change)
    what = what or known_as(entry)
    return Row(
        began=timezone.now(),
        operation=change.operation,
        kind="restored" if said.undoes and change.operation == ADD else kind_of(change),
        what=what,
        entry=one_line(entry),
        domain=one_line(domain),
        dn=one_line(change.dn, 2000),
        who=one_line(label_of(who).lower()),
        who_dn=one_line(who, 2000),
        place=one_line(said.place),
        batch=one_line(said.batch),
        why=one_line(said.why),
        undoes=said.undoes,
        steps=steps_written(change.steps),
        before=written(only_named(change)),
        facts=json.dumps(dict(said.facts)),
    )


def known_as(entry):
    """ "account" or "alias", if an earlier row of this address says which."""
    told = Row.objects.of(entry).exclude(what="").newest_first().values_list("what", flat=True)
    return told.first() or ""


def steps_written(steps):
    """A list of [how, attribute, JSON of the values]; "" stands for all values there are."""
    return json.dumps(
        [
            (how, name, "" if values is None else written({name: values}))
            for how, name, values in steps
        ]
    )


def only_named(change):
    """Of what was loaded, only what the change is about."""
    if change.before is None or not change.steps:
        return change.before
    named = {name.lower() for _, name, _ in change.steps}
    return {name: some for name, some in change.before.items() if name.lower() in named}


def ended(row, change, state):
    """Settles the row. Where that fails it stays open, and is settled later: the change is made."""
    close(row, change, state)
    try:
        settled = Row.objects.filter(pk=row.pk, state=State.OPEN)
        settled.update(**{name: getattr(row, name) for name in SETTLED})
    except DatabaseError as error:
        log.warning("Row %s of the journal stays open: %s", row.pk, type(error).__name__)


def close(row, change, state):
    row.state, row.ended = state, timezone.now()
    if state == State.MADE:
        row.before, row.after = written(only_named(change)), written(change.after)
        row.version = version_of(change.after)
        if row.what in ("account", "alias", ""):
            row.what = class_of(change) or row.what


SETTLED = ("state", "ended", "before", "after", "version", "what")


def version_of(attributes):
    values = (attributes or {}).get("entryCSN") or [b""]
    return one_line(values[0].decode(errors="replace"), 64)


@contextmanager
def several_journalled(changes, outcomes):
    """The same for changes that are sent before the first is answered: two commits for all.

    ``outcomes`` is filled inside the block: of each change None, or the error it ended with.
    """
    rows = begun_together(changes)
    try:
        yield
    finally:
        for row, change, error in zip(rows, changes, outcomes, strict=False):
            if error is None:
                close(row, change, State.MADE)
            elif not isinstance(error, NotAnswering):
                close(row, change, State.REFUSED)
            elif not isinstance(error, OutcomeUnknown):
                close(row, change, State.LOST)  # the connection was lost before it was sent
        try:
            settle_together([row for row in rows if not row.is_open])
        except DatabaseError as error:
            log.warning("%s rows of the journal stay open: %s", len(rows), type(error).__name__)


def settle_together(rows):
    """In one transaction and one prepared statement: Django would compile an update for each."""
    fields = [Row._meta.get_field(name) for name in (*SETTLED, "id")]
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
        for row in rows
    ]
    quote = connection.ops.quote_name
    wanted = ", ".join(f"{quote(field.column)} = %s" for field in fields[:-1])
    update = f"UPDATE {quote(Row._meta.db_table)} SET {wanted} WHERE id = %s AND state = 0"  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(update, values)


def settle_before_all(rows):
    entries = {row.entry for row in rows}
    unsettled = Row.objects.unfinished().filter(entry__in=entries) if entries else ()
    for row in unsettled:
        settle_before(row)


def begun_together(changes):
    try:
        rows = [row_of(change) for change in changes]
        settle_before_all([row for row in rows if row.operation != ADD])
        with transaction.atomic(durable=True):
            return Row.objects.bulk_create(rows)
    except DatabaseError as error:
        log.warning("The journal cannot be written: %s", type(error).__name__)
        failure = NotKept(NotKept.sentence)
    raise failure


journalled.together = several_journalled
