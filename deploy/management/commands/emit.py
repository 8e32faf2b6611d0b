"""manage.py emit: write the configuration of servers for one site."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from deploy.checks import check
from deploy.emit import SERVICES, emit
from deploy.programs import ProgramError
from deploy.site import Site, SiteError


class Command(BaseCommand):
    help = "Write the configuration files of servers below a folder, from the facts in site.toml."
    # It reads one file and writes others: no directory and no database is asked.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("services", nargs="*", metavar="service", help=", ".join(SERVICES))
        parser.add_argument("--site", required=True, help="the facts, such as site.toml")
        parser.add_argument("--to", required=True, metavar="DIR", help="where the files go")
        parser.add_argument(
            "--no-check", action="store_true", help="do not ask each service about its files"
        )

    def handle(self, *, services, site, to, no_check, **options):
        services = services or SERVICES
        if unknown := sorted(set(services) - set(SERVICES)):
            raise CommandError(f"No service {unknown[0]!r}; there are: {', '.join(SERVICES)}.")
        try:
            facts = Site.from_file(site)
            # The services judge before anything is written.
            said = {} if no_check else {name: check(name, facts) for name in services}
            written = emit(services, facts, Path(to))
        except (SiteError, ProgramError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        for path in written:
            self.stdout.write(str(path))
        for name, words in said.items():
            self.stdout.write(f"{name}: {'; '.join(words)}")
