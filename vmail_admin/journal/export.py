"""Rows as a table for a spreadsheet: CSV (RFC 4180), which no program takes for a formula."""

import csv
from itertools import chain, islice

from django.http import StreamingHttpResponse
from django.utils import timezone

from vmail_admin.journal.words import differences_of, name_of, plain
from vmail_admin.running.downloads import whole_or_broken
from vmail_admin.spreadsheets import harmless

MOST_ROWS = 100_000
AT_ONCE = 1_000
COLUMNS = ("when", "who", "what", "entry", "change", "from", "to", "reason", "where", "outcome")


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text


def as_csv(rows, name, *, hidden=frozenset()):
    """``hidden``: the columns, or the labels of attributes, that this reader may not see."""
    writer = csv.writer(Echo())
    lines = (writer.writerow([harmless(one) for one in line]) for line in table(rows, hidden))
    # Two lines are read at once, so that a database that is away by then is an error page.
    pieces = chain(list(islice(lines, 2)), whole_or_broken(lines))
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def table(rows, hidden):
    yield [one for one in COLUMNS if one not in hidden]
    left, last = MOST_ROWS, None
    while left:
        some = rows if last is None else rows.filter(pk__lt=last)
        page = list(some.newest_first()[: min(AT_ONCE, left)])
        for row in page:
            yield [
                text
                for name, text in zip(COLUMNS, line(row, hidden), strict=True)
                if name not in hidden
            ]
        if len(page) < AT_ONCE:
            return
        left, last = left - len(page), page[-1].pk


def line(row, hidden):
    found = [one for one in differences_of(row) if one.label not in hidden]
    return (
        timezone.localtime(row.began).isoformat(timespec="seconds"),
        row.who,
        row.what,
        name_of(row),
        plain(row),
        "; ".join(f"{one.label}: {', '.join(one.was)}" for one in found if one.was),
        "; ".join(f"{one.label}: {', '.join(one.now)}" for one in found if one.now),
        row.why,
        row.place,
        row.get_state_display(),
    )
