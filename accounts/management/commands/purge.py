"""vmail purge: what was marked for deletion long enough goes, mail and all."""

import fcntl
import os
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from django.conf import settings

from accounts.purge.archive import FOLDER
from accounts.purge.due import due
from accounts.purge.overlaps import Overlaps
from accounts.purge.places import Unsafe, mail_root
from accounts.purge.purging import contents, path_of, purge_account, purge_domain, refuse_shared
from vmail_admin.command_line.command import Deed, SingleCommand
from vmail_admin.command_line.exits import SILENT, Problem, told_of
from vmail_admin.directory.changes import new_batch, telling, told
from vmail_admin.directory.dry_run import dry_run

COLUMNS = {"entry": "Entry", "since": "Marked since", "mail": "Mail"}


class Run:
    """One run: what is due, and whose mail stays."""

    def __init__(self, options):
        self.accounts, self.domains = due(options["days"], options["name"])
        self.target = archive_folder(options["archive"])
        going = [one.entry for one in self.accounts]
        for one in self.domains:
            with suppress(Unsafe):  # said again when its turn comes
                going += contents(one.entry)[0]
        self.going = {account.dn: known_path(account) for account in going}
        self.overlaps = Overlaps(self.going)

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
        refuse_shared(account, self.overlaps, self.going)
        with dry_run():
            account.delete()
        return path_of(account)

    def look_at_domain(self, domain):
        accounts, aliases = contents(domain)
        for account in accounts:
            self.look_at_account(account)
        return f"{len(accounts)} accounts, {len(aliases)} aliases"

    def act(self, caller):
        total = len(self.accounts) + len(self.domains)
        with caller.out.progress("Purging", total) as step:
            for one in self.accounts:
                with self.each(caller, one):
                    archive = purge_account(one.entry, self.overlaps, self.going, self.target)
                    self.say_gone(caller, one.entry.mail, archive)
                step()
            for one in self.domains:
                with self.each(caller, one):
                    self.purge_domain(caller, one.entry)
                step()

    def purge_domain(self, caller, domain):
        def say(account, archive):
            self.say_gone(caller, account.mail, archive)

        purge_domain(domain, self.overlaps, self.going, self.target, say)
        caller.out.done(f"{domain.name} is gone.", entry=domain.name, archive=None)

    def say_gone(self, caller, name, archive):
        where = f"; {archive.files} files are in {archive.path}" if archive.path else " (no mail)"
        path = str(archive.path) if archive.path else None
        caller.out.done(f"{name} is gone{where}.", entry=name, archive=path, files=archive.files)

    @contextmanager
    def each(self, caller, one):
        """What cannot go stays, with a sentence, and the others go."""
        why = telling().why or f"marked for deletion since {one.since.date()}"
        try:
            with told(why=why):
                yield
        except (Unsafe, OSError) as reason:
            caller.out.refused(f"stays: {reason}", one.name)
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
    if not run.accounts and not run.domains:
        caller.out.note(f"Nothing was marked for deletion {options['days']} days ago or earlier.")
        return
    if not options["yes"] or options["dry_run"]:
        run.plan(caller)
        caller.out.note("Nothing is removed. With --yes it is, into the archive first.")
        return
    with ExitStack() as stack:
        stack.enter_context(alone(run.target))
        stack.enter_context(told(batch=new_batch()))
        run.act(caller)


def known_path(account):
    """Where its mail is, or "" where that is refused when its turn comes."""
    try:
        return path_of(account)
    except Unsafe:
        return ""


def archive_folder(given):
    """Where archives go: beside the mail, never in it. Raises Problem."""
    folder = Path(given) if given else Path(mail_root()).parent / "archive"
    if Path(os.path.realpath(folder)).is_relative_to(mail_root()):
        raise Problem(f"The archive {folder} lies in the mail root: say --archive FOLDER.")
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
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def arguments(parser):
    parser.add_argument("name", nargs="*", help="only these addresses and domains")
    parser.add_argument(
        "--days", type=days, default=settings.TRASH_DAYS, help="marked so long ago (%(default)s)"
    )
    parser.add_argument("--archive", metavar="FOLDER", help="archive/ beside the mail root")
    parser.add_argument("--yes", action="store_true", help="do it; without, only say what would go")


class Command(SingleCommand):
    help = (
        "Take away accounts and domains that were marked for deletion long ago: their mail goes "
        "into a verified archive, then the mail goes, then the entry. Say --yes to do it."
    )
    deed = Deed(purge, help, arguments)
