"""manage.py second_factor: who has one, and taking away that of a site admin who lost it."""

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from vmail_admin.command_line.command import PLACE
from vmail_admin.command_line.exits import NOT_FOUND, SILENT, told_of
from vmail_admin.directory.changes import told
from vmail_admin.directory.identity import unix_user
from vmail_admin.directory.names import key_of
from vmail_admin.directory.person import dn_of_login
from vmail_admin.signing_in.factor import remove
from vmail_admin.signing_in.models import Factor
from vmail_admin.signing_in.own_sessions import end, sessions_of


class Command(BaseCommand):
    help = "List the second factors of the panel, or remove one, for somebody who lost it."

    def add_arguments(self, parser):
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("list", help="who has one, and since when")
        removing = acts.add_parser("remove", help="from now on the password is enough")
        removing.add_argument("name", help="what the person signs in with, such as anna")
        removing.add_argument("--why", metavar="TEXT", help="a reason, for the journal")

    def handle(self, *, act, name="", why=None, **options):
        try:
            if act == "remove":
                self.remove(name, why)
                return
            for factor in Factor.objects.order_by("name"):
                self.stdout.write(f"{factor.name}  since {factor.since:%Y-%m-%d}")
        except DatabaseError as error:
            _, [(_, sentence)] = told_of(error)
            raise CommandError(sentence, returncode=SILENT) from None

    def remove(self, name, why):
        dn = dn_of_login(name)
        factor = Factor.objects.filter(account=key_of(dn)).first() if dn else None
        if factor is None:
            raise CommandError(f"{name!r} has no second factor here.", returncode=NOT_FOUND)
        # slapd has no part in this: whoever may write the panel's database does it.
        with told(place=PLACE, why=why):
            remove(dn, who=unix_user())
        end(sessions_of(dn), "factor")
        self.stdout.write(f"{factor.name} has no second factor any more.")
