"""Commands with deeds: vmail domain add, vmail account list, and so on."""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from django.core.management.base import BaseCommand

from vmail_admin.command_line import binding, exits
from vmail_admin.command_line.exits import DONE, NotFound, told_of
from vmail_admin.command_line.output import Output, silence
from vmail_admin.directory.changes import told
from vmail_admin.directory.dry_run import DryRun, dry_run
from vmail_admin.directory.person import Person

PLACE = "command line"
# Django's own options still work; an administrator of mail is not shown them.
UNTOLD = {
    *("--version", "--verbosity", "--settings", "--pythonpath", "--traceback"),
    *("--no-color", "--force-color"),
}


@dataclass(frozen=True)
class Caller:
    """Who calls, in place of a page's request: views' helpers ask for ``person`` and ``method``."""

    person: Person
    out: Output
    trial: DryRun | None = None
    method = "POST"

    @property
    def known_now(self):
        """Who this is, as slapd has just said."""
        return self.person


@dataclass(frozen=True)
class Deed:
    """One thing a command does. ``act(caller, options)`` does it."""

    act: Callable
    help: str
    arguments: Callable = lambda parser: None
    writes: bool = True


class DirectoryCommand(BaseCommand):
    """A command whose first argument is a word in ``deeds``."""

    deeds = {}
    requires_system_checks = []
    suppressed_base_arguments = UNTOLD

    def add_arguments(self, parser):
        choices = parser.add_subparsers(dest="deed", metavar="deed", required=True)
        for word, deed in self.deeds.items():
            one = choices.add_parser(word, help=deed.help, description=deed.help)
            add_arguments_of(deed, one)

    def handle(self, *, deed, **options):
        carry_out(self, self.deeds[deed], options)


class SingleCommand(BaseCommand):
    """A command that is one ``deed``."""

    deed = None
    requires_system_checks = []
    suppressed_base_arguments = UNTOLD

    def add_arguments(self, parser):
        add_arguments_of(self.deed, parser)

    def handle(self, **options):
        carry_out(self, self.deed, options)


def add_arguments_of(deed, parser):
    deed.arguments(parser)
    parser.add_argument("--json", action="store_true", help="say it as one JSON document")
    if deed.writes:
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")
        parser.add_argument("--why", metavar="TEXT", help="a reason, for the journal")
    binding.add_options(parser)


def carry_out(command, deed, options):
    """Does a deed as whoever the options name, and ends the process where it is not done."""
    is_trial = bool(options.get("dry_run"))
    out = Output(command.stdout, command.stderr, options["json"], is_trial, goes_on=deed.writes)
    trial = None
    with ExitStack() as stack:
        try:
            person = stack.enter_context(binding.bound(options))
            stack.enter_context(told(place=PLACE, why=options.get("why")))
            trial = stack.enter_context(dry_run()) if is_trial else None
            deed.act(Caller(person, out, trial), options)
            code = DONE
        except KeyboardInterrupt:
            out.refused("Stopped. What was done by then is done.")
            code = exits.STOPPED
        except BrokenPipeError:
            # Whoever read has seen enough, as head does; nothing more can be said.
            silence(sys.stdout)
            sys.exit(exits.DONE)
        except Exception as error:
            answer = told_of(error)
            if answer is None:
                raise
            code, problems = answer
            for field, sentence in problems:
                out.refused(sentence, field)
    if code := out.finish(code, trial if code == DONE else None):
        sys.exit(code)


def found(entry, what):
    """The entry, if there is one. Raises NotFound, in the words of a page's 404."""
    if entry is None:
        raise NotFound(f"{what} is not here, or the directory does not show it to you.")
    return entry
