from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_delete


class BulkConfig(AppConfig):
    name = "accounts.bulk"
    label = "bulk"

    def ready(self):
        from accounts.bulk.models import forget_rows, forget_rows_of
        from vmail_admin.signing_in.own_sessions import sessions_ended

        # With the session goes the key: nobody could open the rows again.
        sessions = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()
        post_delete.connect(forget_rows_of, sender=sessions, dispatch_uid="rows of a session")
        sessions_ended.connect(forget_rows, dispatch_uid="rows of ended sessions")
