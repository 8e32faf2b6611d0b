from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "vmail_admin.journal"
    label = "journal"

    def ready(self):
        from vmail_admin.directory.changes import heard_by
        from vmail_admin.journal.keeping import journalled

        heard_by(journalled)
