"""Who the running request acts as. Closed by default: no identity, no LDAP operation."""

import contextvars
import hmac
import os
import secrets
import time
from contextlib import contextmanager

from django.db import connections

from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.errors import NotBound

# However late it is, an operation gets this many seconds: the undoing of a half-made change, say.
LEAST_WAIT = 0.1

SALT = os.urandom(32)


class Identity:
    """One person for the length of one request: a new object for every request.

    ``patience`` is how many seconds all of its LDAP operations together may take; None: no end.
    ``may_use_kept``: a connection that an earlier request of the same person left bound will do.
    ``prefers``: of several servers the one to read from, as long as it answers; ``wrote_to`` is the
    one that took a change of this request.
    """

    __slots__ = (
        *("_password", "_until", "dn", "may_use_kept", "prefers", "refused", "token", "wrote_to"),
    )

    def __init__(self, dn, password, patience=None, may_use_kept=True):
        # An empty password is an unauthenticated bind, which "succeeds" (RFC 4513, 5.1.2).
        if not dn or not password:
            raise NotBound("an identity needs a DN and a password")
        self.dn = dn
        self._password = password.encode(errors="replace")
        # What a connection remembers of whom it is bound as; no password outlives the request.
        self.token = object()
        # slapd said no once: it counts wrong passwords, so it is not asked again.
        self.refused = False
        self.may_use_kept = may_use_kept
        self.prefers = self.wrote_to = ""
        self._until = None if patience is None else time.monotonic() + patience

    def __repr__(self):
        return f"<Identity {self.dn}>"

    def for_a_download(self):
        """The same person, as long as it takes: an answer that is streamed outlives its request."""
        return Identity(self.dn, self._password.decode(errors="replace"))

    def send_bind(self, connection, controls):
        """Sends the bind and returns its message id. Nobody else ever holds the password."""
        return connection.simple_bind(self.dn, self._password, serverctrls=controls)

    def knows(self, password):
        """Whether this is the password the request is bound with."""
        return hmac.compare_digest(self._password, password.encode(errors="replace"))

    @property
    def key(self):
        """The same for the same person and password, in this process only."""
        return hmac.digest(SALT, b"\0".join((self.dn.encode(), self._password)), "sha256")

    def seconds_left(self, most):
        """How long the next operation may take, never more than ``most``."""
        if self._until is None:
            return most
        return min(most, max(LEAST_WAIT, self._until - time.monotonic()))


class UnixIdentity(Identity):
    """The Unix user who runs this process, as slapd's own socket knows them (SASL EXTERNAL).

    Only for commands on the machine of the directory: the bind has no password, and slapd says
    whom it takes the user for, which is then the DN (RFC 4532).
    """

    def __init__(self, patience=None):
        super().__init__(unix_user(), secrets.token_hex(), patience, may_use_kept=False)

    def send_bind(self, connection, controls):
        """Binds at once, which is no message to wait for: None."""
        connection.sasl_external_bind_s()
        self.dn = connection.whoami_s().removeprefix("dn:")

    def knows(self, password):
        return False


def unix_user():
    """Who runs this process, by the DN that slapd's own socket knows them by."""
    return f"gidNumber={os.getegid()}+uidNumber={os.geteuid()},cn=peercred,cn=external,cn=auth"


_current = contextvars.ContextVar("directory_identity", default=None)


def current():
    """The identity of the running request. Raises NotBound where there is none."""
    identity = _current.get()
    if identity is None:
        raise NotBound("nobody is acting: LDAP is only spoken inside acting_as()")
    return identity


@contextmanager
def acting_as(identity):
    """Inside this block, and only there, LDAP is spoken, as this person.

    A thread of its own starts outside every block, and a streamed answer is read after it.
    """
    token = _current.set(identity)
    try:
        yield identity
    finally:
        _current.reset(token)
        connections[ALIAS].rest(identity)
