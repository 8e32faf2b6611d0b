"""vmail purge: what was marked for deletion long enough goes, mail and all."""

import fcntl
import os
from argparse import ArgumentTypeError
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path

from django.conf import settings

from accounts.purge.archive import FOLDER
from accounts.purge.due import due
from accounts.purge.overlaps import Overlaps
from accounts.purge.places import Unsafe, homes_root, mail_root
from accounts.purge.purging import (
    Way,
    check_all,
    contents,
    folders_of,
    path_of,
    purge_account,
    purge_domain,
)
from vmail_admin.command_line.command import Deed, SingleCommand
from vmail_admin.command_line.exits import NOT_FOUND, SILENT, Problem, told_of
from vmail_admin.command_line.names import address_or_domain
from vmail_admin.directory.changes import new_batch, telling, told
from vmail_admin.directory.dry_run import current, dry_run

MOST_DAYS = 36500  # a hundred years
COLUMNS = {"entry": "Entry", "since": "Marked since", "mail": "Mail"}


class Run:
    """One run: what is due, and whose mail stays."""

    def __init__(self, options):
        self.accounts, self.domains = due(options["days"], options["name"])
        found = {one.name.lower() for one in (*self.accounts, *self.domains)}
        self.missed = [name for name in options["name"] if name.lower() not in found]
        going = [one.entry for one in self.accounts]
        for one in self.domains:
            with suppress(Unsafe):  # said again when its turn comes
                going += contents(one.entry)[0]
        paths = {account.dn: known_path(account) for account in going}
        homes = options["homes"] and homes_root(options["homes"])
        target = archive_folder(options["archive"], homes)
        self.way = Way(Overlaps(paths), paths, target, homes)

    def plan(self, caller):
        """Says what would go, and asks slapd whether it would delete the entries."""
        rows = []
        for some, look in (
            (self.accounts, self.look_at_account),
            (self.domains, self.look_at_domain),
        ):
            for one in some:
                with self.each(caller, one):
                    row = {"entry": one.name, "since": one.since.date().isoformat()}
                    rows.append(row | {"mail": look(one.entry)})
        caller.out.table(COLUMNS, rows)

    def look_at_account(self, account):
        folders_of(account, self.way)
        # In the caller's own dry run, which tells how far slapd was asked, or in one just for this.
        with nullcontext() if current() else dry_run():
            account.delete()
        return path_of(account)

    def look_at_domain(self, domain):
        accounts, aliases = contents(domain)
        check_all(accounts, self.way)
        for account in accounts:
            self.look_at_account(account)
        return f"{len(accounts)} accounts, {len(aliases)} aliases"

    def act(self, caller):
        total = len(self.accounts) + len(self.domains)
        with caller.out.progress("Purging", total) as step:
            for one in self.accounts:
                with self.each(caller, one):
                    self.say_gone(caller, one.entry, purge_account(one.entry, self.way))
                step()
            for one in self.domains:
                with self.each(caller, one):
                    self.purge_domain(caller, one.entry)
                step()

    def purge_domain(self, caller, domain):
        purge_domain(domain, self.way, partial(self.say_gone, caller))
        caller.out.done(f"{domain.name} is gone.", entry=domain.name, archives=[], files=0)

    def say_gone(self, caller, account, archives):
        where = " and ".join(f"{one.files} files are in {one.path}" for one in archives)
        sentence = f"{account.mail} is gone; {where or 'there was no mail'}."
        paths, files = [str(one.path) for one in archives], sum(one.files for one in archives)
        caller.out.done(sentence, entry=account.mail, archives=paths, files=files)

    @contextmanager
    def each(self, caller, one):
        """What cannot go stays, with a sentence, and the others go."""
        why = telling().why or f"marked for deletion since {one.since.date()}"
        try:
            with told(why=why):
                yield
        except (Unsafe, OSError) as reason:
            caller.out.refused(f"stays: {in_words(reason)}", one.name)
        except Exception as error:
            answer = told_of(error)
            if answer is None or answer[0] == SILENT:
                raise
            for _, sentence in answer[1]:
                caller.out.refused(f"stays: {sentence}", one.name, answer[0])


def purge(caller, options):
    try:
        mail_root()
        run = Run(options)
    except Unsafe as reason:
        raise Problem(str(reason)) from None
    for name in run.missed:
        sentence = "this is not here, or not marked for deletion, or not for so long."
        caller.out.refused(sentence, name, NOT_FOUND)
    if not run.accounts and not run.domains and not run.missed:
        caller.out.note(f"Nothing was marked for deletion {options['days']} days ago or earlier.")
        return
    if not options["yes"] or options["dry_run"]:
        run.plan(caller)
        caller.out.note("Nothing is removed. With --yes it is, into the archive first.")
        return
    with ExitStack() as stack:
        stack.enter_context(alone(run.way.target))
        stack.enter_context(told(batch=new_batch()))
        run.act(caller)


def in_words(reason):
    """An OSError's own text begins with a number, and quotes as Python does."""
    if not isinstance(reason, OSError):
        return str(reason)
    return ": ".join(str(one) for one in (reason.filename, reason.strerror) if one)


def known_path(account):
    """Where its mail is, or "" where that is refused when its turn comes."""
    try:
        return path_of(account)
    except Unsafe:
        return ""


def archive_folder(given, homes):
    """Where archives go: beside the mail, never in it. Raises Problem."""
    folder = Path(given) if given else Path(mail_root()).parent / "archive"
    for root in filter(None, (mail_root(), homes)):
        if Path(os.path.realpath(folder)).is_relative_to(root):
            raise Problem(f"The archive {folder} lies in {root}: say --archive FOLDER.")
    return folder


@contextmanager
def alone(target):
    """Two runs at once would archive each other's ruins. What a killed run left unfinished goes."""
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(target, FOLDER)
    except OSError as error:
        raise Problem(f"The archive {target}: {error.strerror}.") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for part in target.glob("*.part"):
            with suppress(OSError):
                part.unlink()
        yield
    except BlockingIOError:
        raise Problem("Another purge is at work.") from None
    finally:
        os.close(lock)


def days(text):
    if not (text.isascii() and text.isdecimal()) or int(text) > MOST_DAYS:
        raise ArgumentTypeError(f"{text!r} is no number of days")
    return int(text)


def arguments(parser):
    parser.add_argument(
        "name", type=address_or_domain, nargs="*", help="only these addresses and domains"
    )
    parser.add_argument(
        "--days", type=days, default=settings.TRASH_DAYS, help="marked so long ago (%(default)s)"
    )
    parser.add_argument("--archive", metavar="FOLDER", help="archive/ beside the mail root")
    parser.add_argument(
        "--homes",
        default="",
        metavar="FOLDER",
        help="people's own folders DOMAIN/NAME in it go too: Dovecot keeps Sieve filters there",
    )
    parser.add_argument("--yes", action="store_true", help="do it; without, only say what would go")


class Command(SingleCommand):
    help = (
        "Take away accounts and domains that were marked for deletion long ago: their mail goes "
        "into a verified archive, then the mail goes, then the entry. Say --yes to do it."
    )
    deed = Deed(purge, help, arguments)
