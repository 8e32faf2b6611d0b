"""CSV (RFC 4180), and no cell of it is a formula to a spreadsheet."""

import csv
import io

from django.http import StreamingHttpResponse

from accounts import quota
from vmail_admin.running.downloads import whole_or_broken
from vmail_admin.spreadsheets import harmless

HEADINGS = ("address", "name", "kind", "active", "destinations", "quota", "note", "marked")
A_PIECE = 200  # rows that are written at a time
MARK = "\ufeff"  # spreadsheets take a file without it for Latin-1


def lines_of(rows):
    """The text of a table, in pieces."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write(MARK)
    for number, row in enumerate(rows, 1):
        writer.writerow([harmless(cell) for cell in row])
        if number % A_PIECE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def csv_answer(name, rows):
    """A download that is written while the rows are read."""
    pieces = whole_or_broken(lines_of(rows))
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def rows_of(addresses):
    """The headings, and a row for each address: what an import reads again."""
    yield HEADINGS
    for one in addresses:
        yield (
            one.mail,
            one.full_name,
            one.kind,
            "yes" if one.active else "no",
            "\n".join(one.destinations) if one.kind == "alias" else "",
            quota.shown(one.stored_quota),
            one.description,
            "yes" if one.to_be_deleted else "",
        )
