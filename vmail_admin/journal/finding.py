"""Rows by what a reader asks for, a page at a time. Quick at a million rows: all of it is indexed.

A page begins behind the number of a row (keyset), so that the hundredth costs what the first does.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from vmail_admin.addresses import searched
from vmail_admin.journal.kinds import GROUPS
from vmail_admin.journal.models import Row, State

PAGE_SIZE = 50
PERIODS = {"1": "Today and yesterday", "7": "Last 7 days", "30": "Last 30 days", "365": "Last year"}
LAST_LETTER = "\U0010ffff"
MOST_NUMBER = 2**63 - 1
UNFINISHED, REFUSED = "unfinished", "refused"


@dataclass(frozen=True)
class Wish:
    """What a reader asks for, as the URL says it; what makes no sense is the whole journal."""

    search: str = ""
    group: str = ""
    period: str = ""
    older: int | None = None  # than the row of this number
    newer: int | None = None

    @property
    def is_narrow(self):
        return bool(self.search or self.group or self.period)


def wish_of(request, search):
    group, period = request.GET.get("kind", ""), request.GET.get("period", "")
    return Wish(
        search,
        group if group in GROUPS or group in (UNFINISHED, REFUSED) else "",
        period if period in PERIODS else "",
        number(request.GET.get("older", "")),
        number(request.GET.get("newer", "")),
    )


def number(text):
    return (
        min(int(text), MOST_NUMBER)
        if text.isascii() and text.isdecimal() and len(text) < 20
        else None
    )


def wished(rows, wish):
    """The rows of all pages. ``rows`` are those the reader may see."""
    if wish.group == UNFINISHED:
        rows = rows.filter(pk__in=numbers_in(State.OPEN, State.UNSURE))
    elif wish.group == REFUSED:
        rows = rows.filter(pk__in=numbers_in(State.REFUSED, State.LOST)).exclude(kind="dated")
    else:
        rows = rows.shown()
        if wish.group:
            rows = rows.filter(kind__in=GROUPS[wish.group][1])
    if wish.search:
        rows = rows.filter(pk__in=numbers_with(searched(wish.search)))
    return since(rows, wish.period)


def numbers_in(state, other):
    """The numbers of rows in two of the few states, each of which has an index of its own."""
    every = Row.objects.order_by().values("pk")
    return every.filter(state=state).union(every.filter(state=other))


def numbers_with(text):
    """The numbers of rows whose entry or person begins so, or whose domain it is.

    Looked up by themselves, else a database walks through a whole domain to find nobody.
    """
    every = Row.objects.order_by().values("pk")
    return every.filter(begins("entry", text)).union(
        every.filter(begins("who", text)), every.filter(domain=text)
    )


def since(rows, period):
    """Rows are numbered as time goes by, so a period is a range of numbers."""
    if not period:
        return rows
    begin = timezone.now() - dt.timedelta(days=int(period))
    first = Row.objects.filter(began__gte=begin).order_by("began").first()
    return rows.filter(pk__gte=first.pk) if first else rows.none()


def begins(name, text):
    """A prefix, in the form that each database looks up in an index."""
    if connection.vendor == "sqlite":
        return Q(**{f"{name}__gte": text, f"{name}__lt": f"{text}{LAST_LETTER}"})
    return Q(**{f"{name}__startswith": text})


@dataclass
class RowsPage:
    rows: list
    older: int | None = None  # where the next page begins
    newer: int | None = None


def page_of_rows(rows, wish):
    if wish.newer is not None:
        found = list(rows.filter(pk__gt=wish.newer).order_by("id")[: PAGE_SIZE + 1])
        more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE][::-1]
        return RowsPage(found, found[-1].pk if found else None, found[0].pk if more else None)
    wanted = rows if wish.older is None else rows.filter(pk__lt=wish.older)
    found = list(wanted.newest_first()[: PAGE_SIZE + 1])
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    newer = found[0].pk if found and wish.older is not None else None
    return RowsPage(found, found[-1].pk if more else None, newer)
