"""Rows whose outcome is not known yet: the entry as it is now tells, to whoever may see it."""

import datetime as dt

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from vmail_admin.directory.names import parent_of
from vmail_admin.directory.present import entries_now
from vmail_admin.journal.models import Row, State
from vmail_admin.journal.values import read

AT_ONCE = 20  # rows of one page of the journal
MANY = 100  # rows whose entries are looked at in one round trip


def settle_before(row):
    """Settles what is open of the entry that is about to change: afterwards nobody could tell.

    Whatever stands in the way of that does not stop the change.
    """
    try:
        settle(Row.objects.unfinished().filter(entry=row.entry))
    except DatabaseError:  # slapd's answers are kinds of it
        return


def settle(rows):
    """Compares the entries of open rows with what was intended, and says how they ended."""
    late = timezone.now() - dt.timedelta(seconds=settings.JOURNAL_GRACE)
    settle_together(list(rows.unfinished().filter(began__lt=late).order_by("-id")[:AT_ONCE]))


def settle_all(rows):
    """The same for all of them, however new: for work that has ended, so none is on its way."""
    rows = list(rows.unfinished().order_by("-id"))
    for start in range(0, len(rows), MANY):
        settle_together(rows[start : start + MANY])


def settle_together(rows):
    if not rows:
        return
    parents = [parent_of(row.dn) for row in rows]
    found = entries_now([row.dn for row in rows] + parents, [names_of(row) for row in rows])
    for number, row in enumerate(rows):
        entry, parent = found[number], found[len(rows) + number]
        # Who does not even see the domain cannot tell what is in it.
        if entry is not None or parent is not None:
            state = verdict(row, entry)
            settle_one(row, state, version_left(row, entry) if state == State.MADE else "")


def settle_one(row, state, version):
    fields = {"state": state, "ended": timezone.now(), "version": version}
    Row.objects.filter(pk=row.pk, state=State.OPEN).update(**fields)


def version_left(row, entry):
    """The version that an addition has left, if the entry is still that one; else "".

    It holds what was asked, and nobody has changed it since the second in which it came.
    """
    if row.operation != "add" or entry is None or not entry.changed:
        return ""
    is_untouched = entry.changed.replace(microsecond=0) == entry.created
    return entry.version if is_untouched and entry.holds(row.asked()) else ""


def names_of(row):
    return [name for _, name, _ in row.asked()]


def verdict(row, entry):
    return VERDICTS[row.operation](row, entry)


def of_add(row, entry):
    if entry is None:
        return State.MADE if later_of(row, "delete") else State.LOST
    if later_of(row, "add"):
        return State.LOST  # slapd adds nothing twice: it was done by the next try
    return State.MADE if came_since(row, entry) else State.LOST


def of_delete(row, entry):
    if entry is None:
        return State.UNSURE if later_of(row, "delete") else State.MADE
    return State.MADE if came_since(row, entry) else State.LOST


def came_since(row, entry):
    """Whether the entry is there since after the row began, as far as slapd's dates tell."""
    if of_version(row, entry):  # as exact as a whole second is not
        return False
    return bool(entry.created and entry.created >= since(row))


def later_of(row, operation):
    """Whether such a change of the same entry was made after this row began."""
    later = Row.objects.made().filter(dn=row.dn, entry=row.entry, operation=operation)
    return later.filter(pk__gt=row.pk).exists()


def of_password(row, entry):
    if entry is None:
        return State.UNSURE
    if entry.password_changed:
        made = entry.password_changed >= since(row)
        return State.MADE if made else State.LOST
    return of_version(row, entry) or State.UNSURE


def of_modify(row, entry):
    if entry is None:
        return State.UNSURE
    steps = row.asked()
    if any(values == [] for _, _, values in steps):
        return of_password(row, entry)
    if entry.holds(steps):
        return State.MADE
    if untouched := of_version(row, entry):
        return untouched
    plain = [step for step in steps if step[1].lower() != "lastchange"]
    if as_before(row, entry, plain):
        return State.LOST
    return State.MADE if plain and entry.holds(plain) else State.UNSURE


def as_before(row, entry, steps):
    """Whether the entry still holds what it held before, as far as that is known."""
    before = {name.lower(): some for name, some in read(row.before)[0].items()}
    names = {name.lower() for _, name, _ in steps}
    return bool(before and names) and all(
        sorted(entry.texts(name)) == sorted(before.get(name, [])) for name in names
    )


def since(row):
    """From when on something may be this row's doing; slapd's dates know whole seconds only."""
    return row.began.replace(microsecond=0) - slack()


def slack():
    return dt.timedelta(seconds=settings.JOURNAL_CLOCKS)


def of_version(row, entry):
    """LOST where the entry has not been touched since."""
    return State.LOST if entry.changed and entry.changed < row.began - slack() else None


def of_factor(row, entry):
    """No entry holds a second factor. Only an earlier release left such a row open."""
    return State.UNSURE


VERDICTS = {"add": of_add, "delete": of_delete, "password": of_password, "modify": of_modify}
VERDICTS |= {"factor": of_factor}
