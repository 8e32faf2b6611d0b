"""manage.py second_factor: who has one, and taking away that of a site admin who lost it."""

import logging

from django.core.management.base import BaseCommand, CommandError

from vmail_admin.directory.names import key_of
from vmail_admin.directory.person import dn_of_login
from vmail_admin.signing_in.factor import remove
from vmail_admin.signing_in.models import Factor
from vmail_admin.signing_in.own_sessions import end, sessions_of

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "List the second factors of the panel, or remove one, for somebody who lost it."

    def add_arguments(self, parser):
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("list", help="who has one, and since when")
        removing = acts.add_parser("remove", help="from now on the password is enough")
        removing.add_argument("name", help="what the person signs in with, such as anna")

    def handle(self, *, act, name="", **options):
        if act == "list":
            for factor in Factor.objects.order_by("name"):
                self.stdout.write(f"{factor.name}  since {factor.since:%Y-%m-%d}")
            return
        dn = dn_of_login(name)
        factor = Factor.objects.filter(account=key_of(dn)).first() if dn else None
        if factor is None:
            raise CommandError(f"{name!r} has no second factor here.")
        remove(dn)
        end(sessions_of(dn), "factor")
        log.info("second factor of %s removed on the command line", factor.name)
        self.stdout.write(f"{factor.name} has no second factor any more.")
