"""A panel in gunicorn whose changes stop, one after the other, at a gate on the way to slapd.

At the gate something dies: the worker that asked, slapd, or the panel's database. Then the gate
opens, everything is started again, and what is there is compared with what the journal says.
"""

import os
import signal
import sqlite3
import threading
import time
from contextlib import contextmanager

from tests.wire import ADD, DELETE, EXTENDED, MODIFY, Relay, kind_of

WRITES = {ADD, MODIFY, DELETE, EXTENDED}
PATIENCE = 60  # seconds


class Gate(Relay):
    """Stops at the so-manieth change: before slapd has it, or before its answer."""

    def __init__(self, port):
        self._left, self._where = 0, None
        self.reached, self._opened = threading.Event(), threading.Event()
        super().__init__(port)

    def stop_at(self, number, where):
        """``where``: "before" slapd gets the change of this number, from 1, or "after" it."""
        self.reached.clear()
        self._opened.clear()
        self._left, self._where = number, where

    def open(self):
        """Who waits at the gate is sent away: their connection ends here."""
        self._left = 0
        self._opened.set()

    def close(self):
        self.open()
        super().close()

    def passes(self, request, doomed):
        if kind_of(request) not in WRITES or not self._is_it():
            return True
        if self._where == "before":
            self._wait()
            return False
        doomed.set()
        return True

    def answer_passes(self, answer, doomed):
        if doomed.is_set():
            self._wait()
        return not doomed.is_set()

    def _is_it(self):
        if not self._left:
            return False
        self._left -= 1
        return self._left == 0

    def _wait(self):
        self.reached.set()
        self._opened.wait(PATIENCE)


# --- what dies


def worker_dies(stage):
    for pid in stage.served.workers():
        os.kill(pid, signal.SIGKILL)
    stage.gate.open()


def slapd_dies(stage):
    slapd = stage.world.slapd
    os.kill(slapd.pid, signal.SIGKILL)
    slapd.stop()
    stage.gate.open()
    stage.call.join(PATIENCE)
    slapd.start()


def database_dies(stage):
    """The journal's table is away while the page goes on; then it is back."""
    with database(stage.served) as cursor:
        cursor.execute("ALTER TABLE journal_row RENAME TO journal_row_away")
    stage.gate.open()
    stage.call.join(PATIENCE)
    with database(stage.served) as cursor:
        cursor.execute("ALTER TABLE journal_row_away RENAME TO journal_row")


DEATHS = {"worker": worker_dies, "slapd": slapd_dies, "database": database_dies}


@contextmanager
def database(served):
    """The panel's own database, from outside."""
    connection = sqlite3.connect(served.folder / "panel.sqlite3", timeout=PATIENCE)
    try:
        yield connection.cursor()
        connection.commit()
    finally:
        connection.close()


class Stage:
    """One act of one person, in the middle of which something dies."""

    def __init__(self, world, served, gate):
        self.world, self.served, self.gate = world, served, gate
        self.answer, self.call = None, None

    def play(self, browser, path, fields, number, where, death):
        """Whether the act came to that change at all. ``answer`` is what the browser got."""
        self.gate.stop_at(number, where)
        self.answer = None
        self.call = threading.Thread(target=self._post, args=(browser, path, fields))
        self.call.start()
        until = time.monotonic() + PATIENCE
        while self.call.is_alive() and not self.gate.reached.is_set():
            assert time.monotonic() < until, "the act hangs"
            time.sleep(0.01)
        came = self.gate.reached.is_set()
        if came:
            DEATHS[death](self)
        self.gate.open()
        self.call.join(PATIENCE)
        return came

    def _post(self, browser, path, fields):
        try:
            self.answer = browser.post(path, **fields)
        except OSError:
            self.answer = None

    def rows(self):
        """The journal as it stands, the oldest first: (dn, operation, state)."""
        with database(self.served) as cursor:
            cursor.execute("SELECT dn, operation, state FROM journal_row ORDER BY id")
            return cursor.fetchall()

    def forget(self):
        """An empty journal for the next act."""
        with database(self.served) as cursor:
            for event in ("insert", "update"):
                cursor.execute(f"DROP TRIGGER IF EXISTS journal_floor_{event}")
            cursor.execute("DELETE FROM journal_retention")
            cursor.execute("INSERT INTO journal_retention VALUES (1, '9999-01-01 00:00:00')")
            cursor.execute("DELETE FROM journal_row")
