"""A table out of whatever a spreadsheet or another program saved as CSV (RFC 4180, and freer).

Commas, semicolons or tabs between the cells; UTF-8 or UTF-16 with a byte order mark, UTF-8 without,
else Latin-1 as Windows writes it; cells in quotes may hold line breaks. The first row names the
columns, in any order.
"""

import codecs
import csv
import io
import re
from dataclasses import dataclass, field

from accounts.imports.columns import NEEDED, field_of
from vmail_admin.spreadsheets import as_meant

MOST_BYTES = 3 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 100
LONGEST_CELL = 30_000  # characters; a hundred destinations fit
SEPARATORS = ",;\t"
# What tells Excel the separator, in a line above the headings.
TELLS_SEPARATOR = re.compile(r"\A\s*\"?sep=[,;\t]\"?[,;\t ]*(?=[\r\n])", re.IGNORECASE)

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# How the files begin that spreadsheets keep for themselves: a zip archive, and the older format.
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class Unreadable(ValueError):
    """This is no table. The text says why, in a sentence."""


@dataclass
class Row:
    """One row: the number of its line in the file, from 1, and what its cells hold by field."""

    line: int
    values: dict


@dataclass
class Table:
    kind: str
    rows: list
    # Headings by field, as they were written, and those that mean nothing to us.
    headings: dict = field(default_factory=dict)
    unknown: list = field(default_factory=list)


def read(data, kind):
    """The table in ``data``, bytes or text, of ACCOUNTS or ALIASES. Raises Unreadable."""
    text = data if isinstance(data, str) else decoded(data)
    if len(text) > MOST_BYTES:
        raise Unreadable(TOO_LARGE)
    # An empty line stays, for the numbers of those below.
    text = TELLS_SEPARATOR.sub("", text.removeprefix("\ufeff"), count=1)
    if not text.strip():
        raise Unreadable("There is nothing in it.")
    return table_of(cells_of(text), kind)


TOO_LARGE = (
    f"This is more than {MOST_BYTES // 1024 // 1024} MB. Cut the table into several: "
    f"up to {MOST_ROWS:,} rows go in one."
)


def decoded(data):
    """Raises Unreadable. Every byte is some letter of Latin-1, so that comes last."""
    if len(data) > MOST_BYTES:
        raise Unreadable(TOO_LARGE)
    if data.startswith(SPREADSHEETS):
        raise Unreadable("This is a spreadsheet file. Save it as CSV there, and choose that file.")
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise Unreadable("The file says how it is encoded, and is not.") from None
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def cells_of(text):
    """(line, cells) of every row that is not empty. Raises Unreadable."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=separator_of(text), strict=True)
    begins = 1
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise Unreadable(f"Line {begins} has more than {MOST_COLUMNS} columns.")
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(why_not(error, begins)) from None


def why_not(error, line):
    if "field larger" in str(error):
        return f"Line {line} holds a cell that is too long. Perhaps a quotation mark is not closed."
    if "unexpected end" in str(error):
        return f"A quotation mark in line {line} is not closed."
    return f"Line {line} is not as CSV is written: quotation marks in a cell are doubled."


def separator_of(text):
    """The one with which the first line names most columns; of equals the one that is there most.

    A heading in quotes may hold any of them, and a line break.
    """
    first = text.lstrip("\r\n")[:LONGEST_CELL]

    def sense(separator):
        try:
            cells = next(csv.reader(io.StringIO(first, newline=""), delimiter=separator), [])
        except csv.Error:
            return 0, 0
        cells = cells[:MOST_COLUMNS]
        return sum(is_known(cell) for cell in cells), len(cells)

    return max(SEPARATORS, key=sense)


def is_known(heading):
    return any(field_of(heading, kind) for kind in NEEDED)


def table_of(lines, kind):
    _, headings = next(lines, (1, []))
    columns = [field_of(heading, kind) for heading in headings]
    refuse_columns(headings, columns, kind)
    table = Table(kind, [])
    for heading, name in zip(headings, columns, strict=True):
        if name:
            table.headings.setdefault(name, heading.strip())
        elif heading.strip():
            table.unknown.append(heading.strip()[:60])
    for line, cells in lines:
        if len(table.rows) == MOST_ROWS:
            raise Unreadable(f"These are more than {MOST_ROWS:,} rows. Cut the table into several.")
        table.rows.append(Row(line, values_of(cells, columns)))
    if not table.rows:
        raise Unreadable("There are headings, and no rows below them.")
    return table


def refuse_columns(headings, columns, kind):
    for name in NEEDED[kind]:
        if name not in columns:
            known = f"The first line has to name the columns, as in {EXAMPLES[kind]}"
            found = ", ".join(one.strip() for one in headings if one.strip())[:100]
            raise Unreadable(f"No column is called {name}. {known}; here it reads “{found}”.")
    for name in set(columns) - {"", "destinations"}:
        if columns.count(name) > 1:
            twice = [one.strip() for one, is_ in zip(headings, columns, strict=True) if is_ == name]
            raise Unreadable(f"These columns mean the same: {', '.join(twice)[:200]}.")


EXAMPLES = {"accounts": "address, name, password", "aliases": "address, destinations"}


def values_of(cells, columns):
    """What a row holds. Several columns of destinations are one; too many cells are a problem."""
    values = {}
    for name, cell in zip(columns, cells, strict=False):
        # A password is taken as it stands.
        text = cell if name == "password" else as_meant(cell.strip())
        if name == "destinations" and values.get(name):
            values[name] += f"\n{text}" if text else ""
        elif name:
            values[name] = text[:LONGEST_CELL]
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        values["too_many"] = str(len(cells))
    return values
