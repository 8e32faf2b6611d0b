from django.conf import settings
from django.core.management.base import BaseCommand

from vmail_admin.journal.retention import prune

AT_ONCE = 5_000  # rows of one transaction


class Command(BaseCommand):
    help = "Deletes rows of the journal that are older than VMAIL_JOURNAL_DAYS."

    def handle(self, **options):
        if not settings.JOURNAL_DAYS:
            self.stdout.write("VMAIL_JOURNAL_DAYS is 0: every row is kept for ever.")
            return
        total = 0
        while deleted := prune(AT_ONCE):
            total += deleted
        self.stdout.write(f"{total} rows older than {settings.JOURNAL_DAYS} days are deleted.")
