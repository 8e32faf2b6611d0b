"""One connection a request, bound as the person who made it, and never as anybody else."""

import time
from contextlib import contextmanager

from django.db import NotSupportedError
from ldap.controls.ppolicy import PasswordPolicyControl
from ldap.extop import ExtendedRequest
from ldapdb.backends.ldap import base as stock

from vmail_admin.directory.backend.kept import KEPT, Kept, close, state_of
from vmail_admin.directory.backend.searches import Searches
from vmail_admin.directory.backend.transport import connected
from vmail_admin.directory.backend.writes import Writes
from vmail_admin.directory.errors import (
    ConnectionLost,
    DirectoryAnswer,
    NotAllowed,
    NotAnswering,
    WrongPassword,
    asked,
)
from vmail_admin.directory.identity import current

WHO_AM_I = ExtendedRequest("1.3.6.1.4.1.4203.1.11.3", None)  # RFC 4532


class DatabaseOperations(stock.DatabaseOperations):
    compiler_module = "vmail_admin.directory.backend.compiler"


class DatabaseWrapper(Searches, Writes, stock.DatabaseWrapper):
    """Binds at the first LDAP operation of a request, so that a page without LDAP costs no bind."""

    ops_class = DatabaseOperations

    def __init__(self, *values, **options):
        super().__init__(*values, **options)
        self._bound_to = None
        self._state, self._keep_until = None, 0.0
        # What the password policy said at the last bind (draft-behera-ldap-password-policy).
        self.policy_answer = None

    # --- connecting and binding

    def get_connection_params(self):
        options = self.settings_dict["OPTIONS"]
        left = current().seconds_left
        return {
            "uri": self.settings_dict["NAME"],
            "start_tls": options["start_tls"],
            "ca_file": options["ca_file"],
            "timeout": left(options["timeout"]),
            "network_timeout": left(options["network_timeout"]),
        }

    def get_new_connection(self, params):
        self._bound_to = None
        return asked(connected, **params)

    def ensure_connection(self):
        """Bound as the person who acts now, or a named error. Raises NotBound where nobody acts."""
        identity = current()
        if self.is_bound_to(identity):
            return
        if identity.refused:
            raise WrongPassword(WrongPassword.sentence)
        # A connection is bound once in its life: what another left behind is not bound anew.
        self.drop()
        if not self._take_kept(identity):
            self._connect_and_bind(identity)
            self._note_state(identity)

    def is_bound_to(self, identity):
        return self.connection is not None and self._bound_to is identity.token

    def _connect_and_bind(self, identity):
        try:
            self.connect()
            self._bind(identity)
        except BaseException:
            # Also at a worker's SystemExit: what is half bound is never used again.
            self.drop()
            raise
        self._bound_to = identity.token

    def _bind(self, identity):
        self.policy_answer = None
        try:
            message = asked(identity.send_bind, self.connection, [PasswordPolicyControl()])
            _, _, _, controls, _, _ = self._result(message)
        except WrongPassword:
            identity.refused = True
            raise
        self.policy_answer = next(
            (one for one in controls if isinstance(one, PasswordPolicyControl)), None
        )

    # --- keeping what is bound for the same person's next request

    def _take_kept(self, identity):
        """Whether a kept connection of this very person still stands for a bind."""
        while identity.may_use_kept and (kept := KEPT.take(self._key(identity))):
            self.connection, self._bound_to = kept.connection, identity.token
            self.policy_answer, self._keep_until = None, kept.until
            self._sorted_lists, self._sorted_rows = kept.sorted_lists, kept.sorted_rows
            if self._still_stands(identity, kept.state):
                self._state = kept.state
                return True
            self.drop()
        return False

    def _still_stands(self, identity, state):
        """Asks slapd. Whatever goes wrong with that, the connection is not used."""
        try:
            return state_of(identity.dn, self) == state
        except (NotAllowed, ConnectionLost):
            return False
        except BaseException:
            self.drop()
            raise

    def _note_state(self, identity):
        """What the bind rests on, asked at once after it, if the connection may be kept at all."""
        self._state, self._keep_until = None, time.monotonic() + self._option("keep_bound")
        # Where the policy has something to say of the password, it is asked at every bind.
        if self._option("keep_bound") and not says_something(self.policy_answer):
            self._state = state_of(identity.dn, self)

    def rest(self, identity):
        """At the end of a request: nobody is bound in this thread any more.

        The connection waits for the same person's next request, or is closed.
        """
        if not self.is_bound_to(identity):
            return
        if self._state is None or not self.may_rest():
            self.drop()
            return
        lists = self._sorted_lists, self._sorted_rows
        kept = Kept(self._key(identity), self.connection, self._keep_until, self._state, *lists)
        self.connection, self._bound_to = None, None
        self.forget_sorted_lists()
        KEPT.give(kept)

    def _key(self, identity):
        """Whose a connection is: this person's, with this password, to this server."""
        return self.settings_dict["NAME"], identity.key

    def _option(self, name):
        return self.settings_dict["OPTIONS"][name]

    def answer_to(self, identity):
        """The password policy's answer to this identity's bind, or None."""
        return self.policy_answer if self.is_bound_to(identity) else None

    def drop(self):
        """Closes the connection, whatever state it is in."""
        connection, self.connection = self.connection, None
        self._bound_to = None
        self.forget_sorted_lists()
        if connection is not None:
            close(connection)

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
        except BaseException as error:
            if isinstance(error, NotAnswering) or not isinstance(error, DirectoryAnswer):
                self.drop()
            raise

    def _result(self, message, **options):
        seconds = current().seconds_left(self.settings_dict["OPTIONS"]["timeout"])
        return asked(self.connection.result4, message, timeout=seconds, **options)

    def whoami(self):
        """Whom slapd takes this connection for, as "dn:…"."""
        with self.whole():
            *_, name = self._result(asked(self.connection.extop, WHO_AM_I), add_extop=1)
        return name.decode()


def says_something(answer):
    """Whether the password policy refuses, warns or demands something."""
    if answer is None:
        return False
    said = (answer.error, answer.graceAuthNsRemaining, answer.timeBeforeExpiration)
    return any(one is not None for one in said)
