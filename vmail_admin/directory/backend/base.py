"""One connection a request, bound as the person who made it, and never as anybody else."""

from contextlib import contextmanager

from django.db import NotSupportedError
from ldap.extop import ExtendedRequest
from ldapdb.backends.ldap import base as stock

from vmail_admin.directory.backend.binding import Binding
from vmail_admin.directory.backend.list_views import ListViews
from vmail_admin.directory.backend.searches import Searches
from vmail_admin.directory.backend.together import WritesTogether
from vmail_admin.directory.backend.writes import Writes
from vmail_admin.directory.errors import Busy, DirectoryAnswer, NotAnswering, asked
from vmail_admin.directory.tally import counted

WHO_AM_I = ExtendedRequest("1.3.6.1.4.1.4203.1.11.3", None)  # RFC 4532


class DatabaseOperations(stock.DatabaseOperations):
    compiler_module = "vmail_admin.directory.backend.compiler"


class DatabaseWrapper(Binding, Searches, ListViews, Writes, WritesTogether, stock.DatabaseWrapper):
    """Binds at the first LDAP operation of a request, so that a page without LDAP costs no bind."""

    ops_class = DatabaseOperations

    def close(self):
        self.validate_thread_sharing()
        self.run_on_commit = []
        self.drop()

    # Django asks these at the start and the end of every request, when nobody is acting: they must
    # not ask slapd anything.

    def get_autocommit(self):
        return self.autocommit

    def set_autocommit(self, autocommit, force_begin_transaction_with_broken_autocommit=False):
        self.autocommit = autocommit

    def is_usable(self):
        return False

    def create_cursor(self, name=None):
        raise NotSupportedError("The directory knows no SQL.")

    # --- operations

    @contextmanager
    def whole(self):
        """Operations whose answers are read to the end.

        A connection that failed, or was left in the middle of an answer, is never used again.
        """
        self.validate_thread_sharing()
        self.ensure_connection()
        try:
            yield
        except Busy:
            raise  # slapd did answer
        except BaseException as error:
            if isinstance(error, NotAnswering) or not isinstance(error, DirectoryAnswer):
                self.drop()
            raise

    def whoami(self):
        """Whom slapd takes this connection for, as "dn:…"."""
        with self.whole(), counted("whoami"):
            *_, name = self._result(asked(self.connection.extop, WHO_AM_I), add_extop=1)
        return name.decode()
