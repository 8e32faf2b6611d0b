"""Sessions in the default database, which know whose they are and can be ended from elsewhere."""

import datetime as dt

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.db import router, transaction
from django.utils import timezone

from vmail_admin.directory.names import key_of
from vmail_admin.directory.sessions import ABOUT, HALF, PERSON, SEEN
from vmail_admin.signing_in.models import Session

BY_KEY = f"SELECT * FROM {Session._meta.db_table} WHERE session_key = %s AND expire_date > %s"  # noqa: S608 (no value in it)


class SessionStore(DatabaseSessions):
    """``ended``: why there is none any more, where somebody ended it from elsewhere."""

    ended = ""

    @classmethod
    def get_model_class(cls):
        return Session

    def _validate_session_key(self, key):
        """Ours are letters and digits. A NUL, which a cookie can hold, PostgreSQL does not take."""
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()

    def _get_session_from_db(self):
        """Every request asks this, and building the query takes the ORM longer than the answer."""
        rows = Session.objects.raw(BY_KEY, [self.session_key, timezone.now()])
        row = next(iter(rows), None)
        if row is not None and not row.ended:
            return row
        self.ended, self._session_key = row.ended if row else "", None
        return None

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        person, about = data.get(PERSON) or {}, data.get(ABOUT) or {}
        row.account = key_of(person["dn"]) if person.get("dn") else ""
        row.began, row.seen = at(about.get("began")), at(data.get(SEEN))
        row.place, row.browser = about.get("place", ""), about.get("browser", "")
        row.half_open = HALF in data
        return row

    def save(self, must_create=False):
        """Raises UpdateError, as for a deleted one, where it was ended since it was read."""
        if must_create or self.session_key is None:
            return super().save(must_create)
        with transaction.atomic(using=router.db_for_write(Session)):
            row = Session.objects.select_for_update().filter(pk=self.session_key).first()
            if row is not None and row.ended:
                raise UpdateError
            return super().save(must_create)


def at(seconds):
    """A time of the session, as the database has it."""
    return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)
