"""How the backend connects and binds: to a server that answers, as the person who acts now."""

import time

from ldap.controls.ppolicy import PasswordPolicyControl

from vmail_admin.directory.backend.kept import KEPT, Kept, state_in, state_wanted
from vmail_admin.directory.backend.servers import A_LOOK, BEFORE_A_LOOK, SERVERS
from vmail_admin.directory.backend.transport import answers, close, connected, hung_up
from vmail_admin.directory.errors import (
    ConnectionLost,
    NotAllowed,
    NotAnswering,
    OnlyACopy,
    OnlyCopiesLeft,
    TooSlow,
    WrongPassword,
    asked,
)
from vmail_admin.directory.identity import current
from vmail_admin.directory.tally import counted


class Binding:
    """Part of the database wrapper. A bind changes nothing, so another server may be tried."""

    _bound_to = None
    _server = ""  # the URI of the server that this connection leads to
    _state, _keep_until = None, 0.0
    # What the password policy said at the last bind (draft-behera-ldap-password-policy).
    policy_answer = None

    def servers(self):
        """The URIs of all that hold this directory."""
        return self.settings_dict["NAME"].split()

    def is_one_of_several(self):
        return len(self.servers()) > 1

    def get_connection_params(self):
        options = self.settings_dict["OPTIONS"]
        left = current().seconds_left
        # Where there is another server to ask, nobody waits long for this one to take a call.
        most = BEFORE_A_LOOK + A_LOOK if self.is_one_of_several() else float("inf")
        return {
            "uri": self._server,
            "start_tls": options["start_tls"],
            "ca_file": options["ca_file"],
            "timeout": left(min(most, options["timeout"])),
            "network_timeout": left(min(most, options["network_timeout"])),
        }

    def get_new_connection(self, params):
        self._bound_to = None
        try:
            connection = asked(connected, **params)
        except TooSlow:
            # Not one word of TLS in all that time: nobody is there.
            raise ConnectionLost(ConnectionLost.sentence) from None
        KEPT.note_opened(connection)
        return connection

    def ensure_connection(self):
        """Bound as the person who acts now, or a named error. Raises NotBound where nobody acts."""
        identity = current()
        if not self.is_bound_to(identity):
            self._bind_to_one_of(SERVERS.in_order(self.servers(), identity.prefers), identity)

    def ensure_writable(self):
        """Bound as well, to the server that everybody's changes go to, as long as it answers.

        Raises OnlyCopiesLeft where others answer, which are known to take no changes.
        """
        identity, servers = current(), SERVERS.for_changes(self.servers())
        if self.is_bound_to(identity) and (self._server != servers[0] or hung_up(self.connection)):
            self.drop()
        if not self.is_bound_to(identity):
            try:
                self._bind_to_one_of(servers, identity)
            except NotAnswering:
                copies = set(self.servers()) - set(servers)
                if all(map(SERVERS.is_away, copies)):
                    raise
                raise OnlyCopiesLeft(OnlyCopiesLeft.sentence) from None
        self.forget_server_state()

    def leave_copy(self):
        """From a server that takes no changes to one that does. Raises OnlyACopy without one."""
        copy = self._server
        SERVERS.note_copy(copy)
        try:
            self.ensure_writable()
        except NotAnswering:
            raise OnlyACopy(OnlyACopy.sentence) from None
        if self._server == copy:
            raise OnlyACopy(OnlyACopy.sentence)

    def is_bound_to(self, identity):
        return self.connection is not None and self._bound_to is identity.token

    def _bind_to_one_of(self, servers, identity):
        if identity.refused:
            raise WrongPassword(WrongPassword.sentence)
        # A connection is bound once in its life: what another left behind is not bound anew.
        self.drop()
        for server in servers:
            try:
                self._bind_to(server, identity)
                return
            except NotAnswering as error:
                # Who is only too slow answered somebody else meanwhile: see _result.
                if not isinstance(error, TooSlow):
                    self._note_away(server)
                if server == servers[-1]:
                    raise

    def _bind_to(self, server, identity):
        if not self._take_kept(server, identity):
            self._connect_and_bind(server, identity)
            self._note_state(identity)

    def _note_away(self, server):
        if self.is_one_of_several():
            SERVERS.note_away(server, self.settings_dict["OPTIONS"])

    def _connect_and_bind(self, server, identity):
        self._server = server
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
            with counted("bind"):
                message = asked(identity.send_bind, self.connection, [PasswordPolicyControl()])
                controls = [] if message is None else self._result(message)[3]
        except WrongPassword:
            identity.refused = True
            raise
        self.policy_answer = next(
            (one for one in controls if isinstance(one, PasswordPolicyControl)), None
        )

    # --- waiting

    def _result(self, message, **options):
        """The answer to a message, as long as the person's patience lasts.

        Of several servers one that says nothing is looked at, over another connection: if it is
        dead this is ConnectionLost at once, and if it is only slow it is waited for.
        """
        self.read_ahead()
        if self.is_one_of_several():
            try:
                return self._awaited(message, BEFORE_A_LOOK, **options)
            except TooSlow:
                if not answers(self._server, self.settings_dict["OPTIONS"], A_LOOK):
                    self._note_away(self._server)
                    raise ConnectionLost(ConnectionLost.sentence) from None
        return self._awaited(message, self._option("timeout"), **options)

    def _awaited(self, message, most, **options):
        seconds = current().seconds_left(most)
        return asked(self.connection.result4, message, timeout=seconds, **options)

    # --- keeping what is bound for the same person's next request

    def _take_kept(self, server, identity):
        """Whether a kept connection of this very person still stands for a bind."""
        while identity.may_use_kept and (kept := KEPT.take(self._key(server, identity))):
            self.connection, self._bound_to, self._server = kept.connection, identity.token, server
            self.policy_answer, self._keep_until = None, kept.until
            self._sorted_lists = kept.sorted_lists
            if self._still_stands(identity, kept.state):
                self._state = kept.state
                return True
            self.drop()
        return False

    def _still_stands(self, identity, state):
        """Asks slapd. Whatever goes wrong with that, the connection is not used."""
        try:
            return self._state_now(identity) == state
        except (NotAllowed, ConnectionLost):
            if SERVERS.is_away(self._server):
                raise
            return False
        except BaseException:
            self.drop()
            raise

    def _note_state(self, identity):
        """What the bind rests on, asked at once after it, if the connection may be kept at all."""
        self._state, self._keep_until = None, time.monotonic() + self._option("keep_bound")
        # Who signs in is looked up anyway, by whom it is told then.
        if self.may_be_kept() and identity.may_use_kept:
            self._state = self._state_now(identity)

    def _state_now(self, identity):
        """What the bind rests on. Whether sorted lists still hold is asked in the same breath."""
        wanted, beside = state_wanted(identity.dn), self.server_state_wanted()
        answers = self.search_many_once(*zip(*wanted, *beside, strict=True), limit=1)
        found = [[values for _, values in rows] for rows, _ in answers]
        if beside:
            self.note_server_state(found.pop())
        return state_in(*found)

    def may_be_kept(self):
        """Where the policy has something to say of the password, it is asked at every bind."""
        return self._option("keep_bound") and not says_something(self.policy_answer)

    def note_state(self, state):
        """What was found of the person in the moment after the bind: see state_in."""
        if self.may_be_kept():
            self._state = state

    def rest(self, identity):
        """At the end of a request: nobody is bound in this thread any more.

        The connection waits for the same person's next request, or is closed.
        """
        if not self.is_bound_to(identity):
            return
        if self._state is None or not self.may_rest():
            self.drop()
            return
        key, lists = self._key(self._server, identity), self._sorted_lists
        kept = Kept(key, self.connection, self._keep_until, self._state, lists)
        self.connection, self._bound_to = None, None
        self.forget_sorted_lists()
        KEPT.give(kept)

    def _key(self, server, identity):
        """Whose a connection is: this person's, with this password, to this server."""
        return server, identity.key

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
            KEPT.note_closed(connection)


def says_something(answer):
    """Whether the password policy refuses, warns or demands something."""
    if answer is None:
        return False
    said = (answer.error, answer.graceAuthNsRemaining, answer.timeBeforeExpiration)
    return any(one is not None for one in said)
