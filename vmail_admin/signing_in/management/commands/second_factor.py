"""manage.py second_factor: who has one, and taking away that of a site admin who lost it."""

import sys

from django.core.management.base import BaseCommand

from vmail_admin.command_line.command import PLACE, UNTOLD
from vmail_admin.command_line.exits import DONE, NotFound, told_of
from vmail_admin.command_line.output import Output
from vmail_admin.directory.changes import told
from vmail_admin.directory.identity import unix_user
from vmail_admin.directory.names import key_of
from vmail_admin.directory.person import dn_of_login
from vmail_admin.signing_in.factor import remove
from vmail_admin.signing_in.models import Factor
from vmail_admin.signing_in.own_sessions import end, sessions_of

COLUMNS = {"name": "Name", "since": "Since"}


class Command(BaseCommand):
    """slapd has no part in this: whoever may write the panel's database does it."""

    help = "List the second factors of the panel, or remove one, for somebody who lost it."
    requires_system_checks = []
    suppressed_base_arguments = UNTOLD

    def add_arguments(self, parser):
        acts = parser.add_subparsers(dest="act", required=True)
        listing = acts.add_parser("list", help="who has one, and since when")
        removing = acts.add_parser("remove", help="from now on the password is enough")
        removing.add_argument("name", help="what the person signs in with, such as anna")
        removing.add_argument("--dry-run", action="store_true", help="say what would be done")
        removing.add_argument("--why", metavar="TEXT", help="a reason, for the journal")
        for one in (listing, removing):
            one.add_argument("--json", action="store_true", help="say it as one JSON document")

    def handle(self, *, act, **options):
        is_trial = bool(options.get("dry_run"))
        out = Output(self.stdout, self.stderr, options["json"], is_trial)
        code = DONE
        try:
            self.remove(out, is_trial, options) if act == "remove" else self.list(out)
        except Exception as error:
            if (answer := told_of(error)) is None:
                raise
            code, problems = answer
            for field, sentence in problems:
                out.refused(sentence, field)
        if code := out.finish(code):
            sys.exit(code)

    def list(self, out):
        found = Factor.objects.order_by("name")
        rows = [{"name": one.name, "since": f"{one.since:%Y-%m-%d}"} for one in found]
        out.table(COLUMNS, rows)

    def remove(self, out, is_trial, options):
        name, dn = options["name"], dn_of_login(options["name"])
        factor = Factor.objects.filter(account=key_of(dn)).first() if dn else None
        if factor is None:
            raise NotFound(f"{name!r} has no second factor here.")
        if not is_trial:
            with told(place=PLACE, why=options["why"]):
                remove(dn, who=unix_user())
            end(sessions_of(dn), "factor")
        out.done(f"{factor.name} has no second factor any more.", name=factor.name)
