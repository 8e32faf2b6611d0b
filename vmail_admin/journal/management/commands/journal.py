"""vmail journal: who changed what, and taking it back."""

from argparse import ArgumentTypeError
from contextlib import suppress

from django.db import DatabaseError
from django.utils import timezone

from vmail_admin.command_line.command import Deed, DirectoryCommand
from vmail_admin.command_line.exits import NotFound, Problem
from vmail_admin.command_line.names import address_or_domain
from vmail_admin.directory.names import domain_of
from vmail_admin.journal.finding import REFUSED, UNFINISHED, Wish, wished
from vmail_admin.journal.kinds import GROUPS
from vmail_admin.journal.models import Row
from vmail_admin.journal.readers import all_rows, may_read, own_rows, rows_of_domain
from vmail_admin.journal.settling import settle
from vmail_admin.journal.undo import undo_rows, undoable_of
from vmail_admin.journal.words import differences_of, labels_hidden, name_of, plain

COLUMNS = {
    "number": "Number",
    "when": "When",
    "who": "Who",
    "change": "Change",
    "differences": "Differences",
    "why": "Reason",
    "state": "Outcome",
}
BY_ROOT = "the server itself"  # root on slapd's own socket has no name in the directory
MOST_NUMBER = 2**63


def list_rows(caller, options):
    rows = rows_for(caller, options["name"])
    # Who looks after nobody settles nothing, as on the pages.
    if caller.person.is_above_users:
        with suppress(DatabaseError):  # who may only read the panel's database still reads
            settle(rows)
    wish = Wish(options["search"], options["kind"] or "", options["days"] or "")
    found = wished(rows, wish).newest_first()[: options["limit"]]
    hidden = set() if caller.person.is_site_admin or caller.person.domains else labels_hidden()
    lines = [line_of(row, caller.person.is_site_admin, hidden) for row in found]
    caller.out.table(COLUMNS, lines)


def rows_for(caller, name):
    """Those of a domain or an address, or without a name all that this person may read."""
    person = caller.person
    if name:
        rows = rows_of_domain(caller, domain_of(name))
        return rows.of(name) if "@" in name else rows
    if person.is_site_admin:
        return all_rows(caller)
    if person.domains:
        return Row.objects.filter(domain__in=[domain.lower() for domain in person.domains])
    return own_rows(caller)


def line_of(row, with_place, hidden):
    found = [one for one in differences_of(row) if one.label not in hidden]
    line = {
        "number": row.pk,
        "when": timezone.localtime(row.began).isoformat(timespec="seconds"),
        "who": row.who or BY_ROOT,
        "what": row.what,
        "entry": row.entry,
        "shown": name_of(row),
        "kind": row.kind,
        "change": plain(row),
        "differences": [f"{one.label}: {arrow(one)}" for one in found],
        "why": "" if hidden else row.why,
        "state": row.get_state_display(),
        "batch": row.batch,
    }
    return line | {"place": row.place} if with_place else line


def arrow(one):
    return f"{', '.join(one.was) or 'nothing'} → {', '.join(one.now) or 'nothing'}"


def undo(caller, options):
    if options["batch"]:
        rows = undoable_of(options["batch"])
    else:
        rows = list(Row.objects.made().filter(pk__in=options["number"]).newest_first())
    rows = [row for row in rows if may_read(caller, row)]
    if not rows:
        raise NotFound("The journal has no such row, or it is not yours to read.")
    outcome = undo_rows(rows)
    for row, why in outcome.refused:
        caller.out.refused(f"Not taken back: {why}", str(row.pk))
    if not outcome.rows and not outcome.refused:
        raise Problem("This was taken back already.")
    for row in outcome.rows:
        caller.out.record(number=row.pk, entry=row.entry)
    for sentence in outcome.sentences:
        caller.out.done(sentence)


def number(text):
    """A number that a database takes."""
    if not (text.isascii() and text.isdecimal() and int(text) < MOST_NUMBER):
        raise ArgumentTypeError(f"{text!r} is no number")
    return int(text)


def days(text):
    if not 0 < number(text) < 36500:
        raise ArgumentTypeError(f"{text!r} is no number of days")
    return text


def for_list(parser):
    parser.add_argument(
        "name",
        type=address_or_domain,
        nargs="?",
        help="a domain or an address; without: all you may read",
    )
    parser.add_argument(
        "--search", default="", metavar="TEXT", help="how an entry or a name begins"
    )
    parser.add_argument("--kind", choices=[*GROUPS, UNFINISHED, REFUSED])
    parser.add_argument("--days", type=days, metavar="N", help="of the last N days")
    parser.add_argument("--limit", type=number, default=50, metavar="N", help="%(default)s rows")


def for_undo(parser):
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("number", nargs="*", type=number, default=[], help="of a row; see list")
    what.add_argument("--batch", help="everything that was done together")


class Command(DirectoryCommand):
    help = "Who changed what, and taking it back."
    deeds = {
        "list": Deed(list_rows, "List changes, the newest first.", for_list, writes=False),
        "undo": Deed(undo, "Take changes back, as far as slapd lets you.", for_undo),
    }
