"""Whose address it was: of a deleted alias, of a marked account, of somebody whose mail is left.

A row of the first and the last kind could be added: its owner would get what others still send
there, or read what is stored. So it is left out, unless it is wished all the same.
"""

from django.utils import timezone
from django.utils.formats import date_format

from accounts.imports.columns import ACCOUNTS
from accounts.imports.rows import WRONG, problems_of
from vmail_admin.directory.errors import AlreadyThere
from vmail_admin.journal.trash import deleted_among, mail_left_among, marked_among

DELETED = "an alias of this address was deleted on {}"
LEFT = "mail of who had this address before is still there"
MARKED = "it was marked for deletion on {}"
MARKED_SOMETIME = "it is marked for deletion"


def note_before(rows, kind, anyway):
    """Of rows that slapd would add. One question to the journal, whatever their number."""
    mails = [row.mail for row in rows]
    deleted = deleted_among(mails) if mails else {}
    left = mail_left_among(mails) if kind == ACCOUNTS else ()
    for row in rows:
        if row.mail in deleted:
            row.before = DELETED.format(day_of(deleted[row.mail]))
        elif row.mail in left:
            row.before = LEFT
        if row.before and not anyway:
            row.is_wrong({"address": [sentence_of(row.before)]})


def note_taken(rows, there):
    """Of rows whose address somebody has: ``there`` are those entries, by address."""
    marked = [mail for mail, entry in there.items() if entry.to_be_deleted]
    since = marked_among(marked) if marked else {}
    for row in rows:
        if row.mail not in there:
            continue
        row.is_wrong(problems_of(AlreadyThere(), row))
        if there[row.mail].to_be_deleted:
            when = since.get(row.mail) or there[row.mail].last_change
            row.before = MARKED.format(day_of(when)) if when else MARKED_SOMETIME
            row.problems["address"].append(sentence_of(row.before))


def is_left_out(row):
    """Because of who had the address before, and of nothing else in the row."""
    return bool(row.before) and row.state == WRONG


def sentence_of(before):
    way_back = "" if before == LEFT else ": restore it from the trash"
    return f"{before[0].upper()}{before[1:]}{way_back}."


def day_of(moment):
    return date_format(timezone.localtime(moment), "j F Y")
