"""Many changes on one connection: several are under way at a time, each as safe as one alone."""

from collections import deque

from django.db import DatabaseError
from ldap.controls.ppolicy import PasswordPolicyControl

from vmail_admin.directory import dry_run
from vmail_admin.directory.backend.writes import read_back, refuse_control_characters
from vmail_admin.directory.changes import ADD, PASSWORD, Change, announced_together
from vmail_admin.directory.errors import (
    NotAnswering,
    OnlyACopy,
    OutcomeUnknown,
    asked,
)
from vmail_admin.directory.identity import current
from vmail_admin.directory.tally import counted

# slapd closes a connection with more than a thousand (slapd.conf(5), conn_max_pending_auth).
UNDER_WAY = 50


class WritesTogether:
    """Part of the database wrapper. Changes here must not depend on each other's order."""

    def add_many(self, entries):
        """Adds (dn, modlist) pairs. Answers what became of each: None, or the error by name."""
        for dn, modlist in entries:
            refuse_control_characters(dn, [value for _, values in modlist for value in values])
        changes = [
            Change(ADD, dn, [("add", name, values) for name, values in modlist])
            for dn, modlist in entries
        ]
        return self._write_together(changes, [("add_ext", *entry) for entry in entries])

    def change_passwords(self, pairs):
        """Gives each (dn, password) its password (RFC 3062). Answers what became of each."""
        changes = [Change(PASSWORD, dn) for dn, _ in pairs]
        sent = [("passwd", dn, None, new) for dn, new in pairs]
        return self._write_together(changes, sent, [PasswordPolicyControl()])

    def _write_together(self, changes, sent, controls=()):
        if trial := dry_run.current():
            return [self._tried(trial, one, controls) for one in sent]
        self.ensure_writable()
        with announced_together(changes) as outcomes:
            outcomes.extend(NotAnswering(NotAnswering.sentence) for _ in changes)
            self._send_where_it_is_taken(changes, sent, controls, outcomes)
        return outcomes

    def _send_where_it_is_taken(self, changes, sent, controls, outcomes):
        """A copy that refuses has changed nothing: then it is sent to a server that takes it."""
        left = range(len(changes))
        for _ in self.servers():
            self._exchange(left, changes, sent, controls, outcomes)
            left = [one for one in left if isinstance(outcomes[one], OnlyACopy)]
            if not left:
                return
            try:
                self.leave_copy()
            except OnlyACopy:
                return

    def _tried(self, trial, sent, controls):
        try:
            trial.write(self, *sent, controls=controls)
        except DatabaseError as error:
            return error
        return None

    def _exchange(self, numbers, changes, sent, controls, outcomes):
        """Sends these, reads the answers, and notes how each ended.

        Where the connection is lost, nothing is sent twice: what was under way has an unknown
        outcome, and of the rest is known that it was not sent.
        """
        waiting = deque()
        try:
            with self.whole():
                for number in numbers:
                    if len(waiting) == UNDER_WAY:
                        self._read_next(waiting, changes, outcomes)
                    outcomes[number] = OutcomeUnknown(OutcomeUnknown.sentence)
                    wanted = read_back(changes[number])
                    message = self._send(*sent[number], controls=[*controls, *wanted])
                    waiting.append((number, message, wanted))
                while waiting:
                    self._read_next(waiting, changes, outcomes)
        except NotAnswering:
            return

    def _send(self, method, *values, controls):
        current().wrote_to = self._server
        return asked(getattr(self.connection, method), *values, serverctrls=controls)

    def _read_next(self, waiting, changes, outcomes):
        number, message, wanted = waiting.popleft()
        try:
            with counted(changes[number].operation):
                answer = self._result(message)
            self._take_over(changes[number], answer[3], wanted)
        except OutcomeUnknown:
            return
        except NotAnswering:
            raise
        except DatabaseError as error:
            outcomes[number] = error
        else:
            outcomes[number] = None
