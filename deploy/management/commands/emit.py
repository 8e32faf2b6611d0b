"""manage.py emit: write, compare or install the configuration of servers for one site."""

import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from deploy.certificates import check_pairs
from deploy.checks import check
from deploy.diff import differences
from deploy.emit import SERVICES, emit
from deploy.holes import holes
from deploy.install import group_of, install, places
from deploy.programs import ProgramError
from deploy.services import in_order, is_used, told
from deploy.site import Site, SiteError


class Command(BaseCommand):
    help = (
        "Write the configuration files of servers below a folder, compare them with those of "
        "this machine, or install them; all from the facts in site.toml."
    )
    # It reads one file and writes others: no directory and no database is asked.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("services", nargs="*", metavar="service", help=", ".join(SERVICES))
        parser.add_argument("--site", required=True, help="the facts, such as site.toml")
        task = parser.add_mutually_exclusive_group(required=True)
        task.add_argument("--to", metavar="DIR", help="write the files below this folder")
        task.add_argument(
            "--diff",
            metavar="ROOT",
            nargs="?",
            const="/",
            help="show what an installation would change below ROOT (default: /)",
        )
        task.add_argument(
            "--install",
            action="store_true",
            help="put what differs in its place, and keep a copy of what was there",
        )
        parser.add_argument("--root", default="/", help="install below this folder (default: /)")
        parser.add_argument(
            "--no-check", action="store_true", help="do not ask each service about its files"
        )

    def handle(self, *, services, site, **options):
        if unknown := sorted(set(services) - set(SERVICES)):
            raise CommandError(f"No service {unknown[0]!r}; there are: {', '.join(SERVICES)}.")
        try:
            facts = Site.from_file(site)
            check_pairs(facts)
            services = services or [one for one in in_order(SERVICES) if is_used(one, facts)]
            for hole in holes(facts, services):
                self.stderr.write(f"Warning: {hole}")
            if options.get("diff"):
                self.compare(services, facts, options["diff"])
            else:
                self.write_and_say(services, facts, options)
        except (SiteError, ProgramError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error

    def write_and_say(self, services, facts, options):
        # The services judge before anything is written.
        said = {} if options["no_check"] else {name: check(name, facts) for name in services}
        if options["install"]:
            self.put_in_place(services, facts, options["root"])
        else:
            for path in emit(services, facts, Path(options["to"])):
                self.stdout.write(str(path))
        for name, words in said.items():
            self.stdout.write(f"{name}: {'; '.join(words)}")

    def compare(self, services, facts, root):
        lines = [
            line
            for name in services
            for difference in differences(name, facts, root)
            for line in difference.lines()
        ]
        for line in lines or ["Nothing differs."]:
            self.stdout.write(line)

    def put_in_place(self, services, facts, root):
        if Path(root).resolve() == Path("/") and os.geteuid() != 0:
            raise CommandError("Only root can install below /; see --to and --root.")
        wanted = {name: places(name, facts, root) for name in services}
        changed = {name: found for name, found in wanted.items() if found}
        kept = install([place for found in changed.values() for place in found], root)
        for found in changed.values():
            for place in found:
                self.stdout.write(str(place.target))
        if kept:
            self.stdout.write(f"What was there before: {kept}")
        if not changed:
            self.stdout.write("Nothing differs; nothing was written.")
        self.say_what_to_run(changed)

    def say_what_to_run(self, changed):
        for name in changed:
            service = told(name)
            if service.group and group_of(name) is None:
                self.stderr.write(
                    f"Warning: this machine has no group {service.group} yet. Install {name}, "
                    "then install its files again, or it cannot read those with passwords."
                )
        commands = [line for name in changed for line in told(name).reload]
        if commands:
            self.stdout.write("Now run:")
            for line in commands:
                self.stdout.write(f"  {line}")
