from django.apps import AppConfig
from django.db.models.signals import post_delete


class BulkConfig(AppConfig):
    name = "accounts.bulk"
    label = "bulk"

    def ready(self):
        from django.contrib.sessions.models import Session

        from accounts.bulk.models import forget_rows_of

        # With the session goes the key: nobody could open the rows again.
        post_delete.connect(forget_rows_of, sender=Session, dispatch_uid="rows of a session")
