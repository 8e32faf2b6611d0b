"""Many changes on one connection: several are under way at a time, each as safe as one alone."""

from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice

from django.db import DatabaseError

from vmail_admin.directory import dry_run
from vmail_admin.directory.backend.operations import Write, addition, new_password, read_back
from vmail_admin.directory.changes import announced_together
from vmail_admin.directory.errors import (
    ConnectionLost,
    NotAnswering,
    OnlyACopy,
    OutcomeUnknown,
    asked,
)
from vmail_admin.directory.identity import current
from vmail_admin.directory.tally import counted

# Two waves at the most are under way. slapd closes a connection with more than a thousand
# operations that wait (slapd.conf(5), conn_max_pending_auth).
A_WAVE = 50


@dataclass
class Wave:
    """Some changes that are announced together. ``outcomes``: of each None, or the error."""

    writes: list
    ending: ExitStack  # to be closed once the outcomes are known
    outcomes: list = field(default_factory=list)
    waiting: deque = field(default_factory=deque)  # (number, message, controls that tell)

    def begin(self, announced):
        changes = [write.change for write in self.writes]
        self.outcomes = self.ending.enter_context(announced(changes))
        self.outcomes.extend(NotAnswering(NotAnswering.sentence) for _ in changes)
        return self

    @property
    def left(self):
        """The numbers of those that a copy refused."""
        return [n for n, one in enumerate(self.outcomes) if isinstance(one, OnlyACopy)]


class WritesTogether:
    """Part of the database wrapper. Changes here must not depend on each other's order."""

    def add_many(self, entries):
        """Adds (dn, modlist) pairs. Answers what became of each: None, or the error by name."""
        return self.write_many(addition(*entry) for entry in entries)

    def change_passwords(self, pairs):
        """Gives each (dn, password) its password (RFC 3062). Answers what became of each."""
        return self.write_many(new_password(dn, None, new) for dn, new in pairs)

    def write_many(self, writes):
        """Each change may be made while slapd is at the ones before. What became of each."""
        if trial := dry_run.current():
            return trial.write_many(self, writes)
        writes = iter(writes)
        self.ensure_writable()
        outcomes, lost = self.exchange(writes, announced_together)
        return outcomes + [lost for _ in writes]

    def exchange(self, writes, announced):
        """Sends changes, and answers what became of each, and the error that cut it short, or None.

        While slapd is at one wave, the next is made and announced. Where the connection is lost,
        nothing is sent twice: what was under way has an unknown outcome, and of the rest of its
        wave is known that it was not sent; what follows is still in ``writes``.
        """
        waves, lost = [], None
        with ExitStack() as ending:
            try:
                with self.whole():
                    self._send_and_read(writes, announced, waves, ending)
            except NotAnswering as error:
                lost = error
                for wave in waves:
                    # Another connection numbers its messages from one on.
                    wave.waiting.clear()
            except BaseException:
                # Answers are still to come on it.
                self.drop()
                raise
            self._send_where_it_is_taken(waves)
        return [one for wave in waves for one in wave.outcomes], lost

    def _send_and_read(self, writes, announced, waves, ending):
        line = self.connection
        while some := list(islice(writes, A_WAVE)):
            waves.append(Wave(some, ending.enter_context(ExitStack())).begin(announced))
            self._send_all(waves[-1], range(len(some)), line)
            if len(waves) > 1:
                self._end(waves[-2], line)
        if waves:
            self._end(waves[-1], line)

    def _end(self, wave, line):
        self._read_all(wave, line)
        if not wave.left:
            wave.ending.close()

    def _send_where_it_is_taken(self, waves):
        """A copy that refuses has changed nothing: then it is sent to a server that takes it."""
        for _ in self.servers():
            if not any(wave.left for wave in waves):
                return
            try:
                self.leave_copy()
                with self.whole():
                    for wave in waves:
                        self._send_all(wave, wave.left, self.connection)
                        self._read_all(wave, self.connection)
            except (NotAnswering, OnlyACopy):
                return

    def _send_all(self, wave, numbers, line):
        for number in numbers:
            self._refuse_another(line)
            write = wave.writes[number]
            wanted = read_back(write.change) if write.reads_back else []
            wave.outcomes[number] = OutcomeUnknown(OutcomeUnknown.sentence)
            message = self._send(write, [*write.controls, *wanted])
            wave.waiting.append((number, message, wanted))

    def _send(self, write: Write, controls):
        current().wrote_to = self._server
        send = getattr(self.connection, write.method)
        return asked(send, *write.values, serverctrls=controls)

    def _read_all(self, wave, line):
        while wave.waiting:
            self._refuse_another(line)
            self._read(wave, *wave.waiting.popleft())

    def _read(self, wave, number, message, wanted):
        change = wave.writes[number].change
        try:
            with counted(change.operation):
                answer = self._result(message)
            self._take_over(change, answer[3], wanted)
        except OutcomeUnknown:
            return
        except NotAnswering:
            raise
        except DatabaseError as error:
            wave.outcomes[number] = error
        else:
            wave.outcomes[number] = None

    def _refuse_another(self, line):
        """A search in between may have found the connection lost, and made a new one."""
        if self.connection is not line:
            raise ConnectionLost(ConnectionLost.sentence)
