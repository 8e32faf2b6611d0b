"""vmail import: accounts or aliases of a domain from a table."""

import csv
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from django.utils import timezone

from accounts.imports.applying import add_rows
from accounts.imports.before import is_left_out
from accounts.imports.checking import Checker, beside_of, note_twice
from accounts.imports.columns import ACCOUNTS, ALIASES, NAMES
from accounts.imports.greeting import greet_rows, is_wanted
from accounts.imports.rows import ADDED, MISSED
from accounts.imports.table import MOST_BYTES, Unreadable, read
from accounts.management import shared
from accounts.welcome import NOT_SENT
from vmail_admin.command_line.asking import new_file
from vmail_admin.command_line.command import Deed, SingleCommand
from vmail_admin.command_line.exits import Problem, Usage
from vmail_admin.command_line.names import domain_name
from vmail_admin.directory.changes import new_batch, told
from vmail_admin.directory.errors import NotAnswering

AT_ONCE = 400  # rows; slapd is idle for a moment between two times
TRIES, PAUSE = 3, 2  # where slapd does not answer; seconds between two


def import_table(caller, options):
    managed = shared.managed(caller, options["domain"])
    kind = ALIASES if options["aliases"] else ACCOUNTS
    rows = checked(caller, managed.domain, kind, options)
    good = [row for row in rows if row.is_good]
    wrong = len(rows) - len(good)
    if wrong and not options["only_good"]:
        raise Problem(nothing_added(rows, wrong))
    if caller.trial is not None:
        for row in good:
            caller.out.done(f"line {row.line}: {row.mail}", line=row.line, address=row.mail)
        return
    with told(batch=new_batch()), password_list(options["passwords"]) as file:
        try:
            add(caller, good, kind)
            greet(caller, good, kind)
        finally:
            # Nobody else will ever know the passwords of those that were added by then.
            hand_out(caller, good, file)


def nothing_added(rows, wrong):
    says = f"Nothing is added: {'1 row is' if wrong == 1 else f'{wrong} rows are'} wrong."
    if wrong < len(rows):
        says += " --only-good adds the others."
    if any(is_left_out(row) for row in rows):
        says += " --anyway adds those too whose address was somebody's before, and is free now."
    return says


def checked(caller, domain, kind, options):
    """Every row by the forms, then by slapd; what is wrong is said."""
    try:
        table = note_twice(read(content_of(options["file"]), kind), domain)
    except Unreadable as reason:
        raise Problem(str(reason)) from None
    if table.unknown:
        caller.out.note(f"Columns that are not used: {', '.join(table.unknown)}.")
    beside = beside_of(table, domain) if kind == ALIASES else None
    make, anyway = not options["no_passwords"], options["anyway"]
    checker = Checker(domain, kind, make, beside, anyway)
    rows = []
    with caller.out.progress("Checking", len(table.rows)) as step:
        for some in pieces(table.rows):
            asked = checker.ask_slapd(checked_one_by_one(checker, some, rows))
            if caller.trial is not None:
                note_tried(caller.trial, asked, sum(row.is_good for row in rows[-len(some) :]))
            for _ in some:
                step()
    say_problems(caller, rows)
    for row in rows:
        if row.before and row.is_good:
            caller.out.note(f"line {row.line}: {row.mail}: {row.before}.")
    return rows


def note_tried(trial, asked, good):
    """The table was tried by itself; the command's own dry run learns of it here."""
    if asked:
        trial.sent += good
    else:
        trial.unsent += good


def checked_one_by_one(checker, table_rows, rows):
    for row in table_rows:
        rows.append(checker.checked(row))
        yield rows[-1]


def say_problems(caller, rows):
    for row in rows:
        for name, sentences in row.problems.items():
            for sentence in sentences:
                column = f", {NAMES[name][0] if name in NAMES else name}" if name else ""
                caller.out.refused(sentence, f"line {row.line}{column}")


def add(caller, rows, kind):
    """Adds the rows, some at a time; what was refused on the way is said.

    Where slapd stops answering it is asked again: what was added by then is known again by
    ``began``. Raises NotAnswering when that does not help.
    """
    began = timezone.now()
    with caller.out.progress("Adding", len(rows)) as step:
        for some in pieces(rows):
            for tries_left in reversed(range(TRIES)):
                try:
                    add_rows(some, kind, began if tries_left < TRIES - 1 else None)
                    break
                except NotAnswering:
                    if not tries_left:
                        raise
                    time.sleep(PAUSE)
            for _ in some:
                step()
    say_problems(caller, rows)


def greet(caller, rows, kind):
    """The first mails, where the site wants some: whom they did not reach is said."""
    if not is_wanted(kind):
        return
    with caller.out.progress("Sending welcome mails", len(rows)) as step:
        for some in pieces(rows):
            greet_rows(some, shared.panel_url())
            for _ in some:
                step()
    for row in rows:
        if row.greeting == MISSED:
            caller.out.note(f"line {row.line}: {row.mail}: {NOT_SENT}")


def hand_out(caller, rows, file):
    """Passwords that were made here are shown once, or stand in a file of their own."""
    for row in rows:
        if row.state != ADDED:
            continue
        facts = {"line": row.line, "address": row.mail}
        if row.generated and file is not None:
            file.writerow([row.mail, row.password])
        elif row.generated:
            facts["password"] = row.password
        password = f", password {facts['password']}" if "password" in facts else ""
        caller.out.done(f"{row.mail} is here{password}.", **facts)


@contextmanager
def password_list(path):
    """A CSV file for the owner's eyes, made before anything is added; or None."""
    if not path:
        yield None
        return
    with new_file(path) as file:
        writer = csv.writer(file)
        writer.writerow(["address", "password"])
        yield writer


def content_of(path):
    """The bytes of a file, or of what is piped in; one more than are read, to know of too many."""
    try:
        if path == "-":
            return sys.stdin.buffer.read(MOST_BYTES + 1)
        with Path(path).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Usage(f"{path}: {error.strerror}.") from None


def pieces(rows):
    return (rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE))


def arguments(parser):
    parser.add_argument("domain", type=domain_name)
    parser.add_argument(
        "file", help="CSV with the columns that export writes; - is what is piped in"
    )
    parser.add_argument("--aliases", action="store_true", help="aliases, not accounts")
    parser.add_argument("--only-good", action="store_true", help="leave out what is wrong")
    shared.add_anyway(parser)
    parser.add_argument("--no-passwords", action="store_true", help="make none where none stands")
    parser.add_argument("--passwords", metavar="FILE", help="write those made here to a new file")


class Command(SingleCommand):
    help = (
        "Add accounts or aliases from a table. Every row is checked first, by the panel's forms "
        "and by slapd; unless all are good nothing is added, or with --only-good the good ones."
    )
    deed = Deed(import_table, help, arguments)
