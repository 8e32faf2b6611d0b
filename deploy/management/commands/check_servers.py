"""manage.py check_servers: ask the running servers whether they do what the site file says."""

import os
import sys
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from deploy.check_servers.access import tries
from deploy.check_servers.checks import State, answers
from deploy.check_servers.every import SYSTEMS
from deploy.check_servers.target import Target
from deploy.check_servers.throwaway import NAME, SECOND, NotTried, throwaway
from deploy.facts import Secret
from deploy.site import Site, SiteError

WIDTH = max(len(state.value) for state in State)


class Command(BaseCommand):
    help = (
        "Ask the running servers whether they do what site.toml says, one line for each question. "
        "Ends with 0 where all is well, 1 where something failed, 2 where something could not be "
        "reached. Passwords come from VMAIL_CHECK_PASSWORD, VMAIL_CHECK_POSTMASTER_PASSWORD and "
        "VMAIL_CHECK_ADMIN_PASSWORD."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("systems", nargs="*", metavar="system", help=", ".join(SYSTEMS))
        parser.add_argument("--site", required=True, help="the facts, such as site.toml")
        parser.add_argument("--address", default="", help="connect here, not to the site's host")
        parser.add_argument(
            "--ldapi", default="ldapi:///", metavar="URI", help="where root asks slapd (ldapi:///)"
        )
        parser.add_argument(
            "--account", default="", metavar="ADDRESS", help="a mailbox to send a probe mail to"
        )
        parser.add_argument(
            "--postmaster", default="", metavar="ADDRESS", help="a postmaster to ask slapd as"
        )

        parser.add_argument(
            "--access",
            action="store_true",
            help=f"try the access rules of slapd in domains ({NAME}) that are made and removed",
        )
        parser.add_argument(
            "--admin",
            default="",
            metavar="NAME",
            help="the site admin (or DN) who makes the domain",
        )
        parser.add_argument("--yes", action="store_true", help="do not ask before it is made")

    def handle(self, *, systems, site, access, **options):
        if unknown := sorted(set(systems) - set(SYSTEMS)):
            raise CommandError(f"No system {unknown[0]!r}; there are: {', '.join(SYSTEMS)}.")
        try:
            target = target_of(Site.from_file(site), options)
        except SiteError as error:
            raise CommandError(str(error)) from error
        if access:
            self.tell(self.access(target, options))
        else:
            self.tell(one for name in systems or SYSTEMS for one in answers(SYSTEMS[name], target))

    def access(self, target, options):
        """Answers about the access rules, with the consent of the site admin."""
        admin, password = admin_of(target.site, options["admin"])
        if not options["yes"] and not self.agrees(admin):
            raise CommandError("Nothing was done.")
        try:
            with throwaway(target, admin, password) as domain:
                yield from tries(domain)
        except NotTried as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError(f"Interrupted. {NAME} and {SECOND} are removed.") from None

    def agrees(self, admin):
        self.stdout.write(
            f"As {admin} this adds the domain {NAME} with seven people, and {SECOND}, whose "
            "postmasters two of them are. Two who are switched off stand in cn=siteadmins for a "
            "moment. It tries as each of them what the access rules should "
            "refuse, and deletes both again, all within seconds."
        )
        if not sys.stdin.isatty():
            raise CommandError("Nobody is there to agree: say --yes.")
        return input("Go on? [y/N] ").strip().lower() in ("y", "yes")

    def tell(self, found):
        seen: Counter[State] = Counter()
        for answer in found:
            self.say(answer)
            seen[answer.state] += 1
        self.stdout.write(", ".join(f"{seen[state]} {state.value}" for state in seen))
        if seen[State.FAIL]:
            sys.exit(1)
        if seen[State.NOT_REACHABLE]:
            sys.exit(2)

    def say(self, answer):
        detail = f" ({answer.detail})" if answer.detail else ""
        self.stdout.write(f"{answer.state.value:{WIDTH}}  {answer.check.sentence}{detail}")
        if answer.state in (State.FAIL, State.NOTE):
            self.stdout.write(f"{'':{WIDTH}}  Fix: {answer.check.fix}")


def target_of(site, options):
    if site.tls.ca and not Path(site.tls.ca).is_file():
        raise SiteError("tls.ca", "is not here; without it no certificate can be judged")
    return Target(
        site=site,
        address=options["address"],
        root_uri=options["ldapi"],
        login=options["account"],
        password=given("VMAIL_CHECK_PASSWORD"),
        postmaster=options["postmaster"],
        postmaster_password=given("VMAIL_CHECK_POSTMASTER_PASSWORD"),
    )


def admin_of(site, name):
    """The site admin's DN and password: the HOWTO's is a DN, others have a name."""
    if not name:
        raise CommandError("--access needs --admin, who makes the domain and removes it.")
    password = given("VMAIL_CHECK_ADMIN_PASSWORD")
    if not password:
        raise CommandError("Put the password of --admin into VMAIL_CHECK_ADMIN_PASSWORD.")
    return (name if "=" in name else f"cn={name},{site.admins}"), password.reveal()


def given(name):
    """A password from the environment: on the command line everybody could read it."""
    value = os.environ.get(name)
    return Secret(value) if value else None
