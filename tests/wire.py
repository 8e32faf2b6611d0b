"""A wire between the panel and slapd that loses what a test wants lost."""

import socket
import threading

import pytest
from django.db import connections

# The tags of requests (RFC 4511, 4.2 to 4.12), as they stand in a message after its number.
BIND, SEARCH, MODIFY, ADD, DELETE, EXTENDED = 0x60, 0x63, 0x66, 0x68, 0x4A, 0x77


class Relay:
    """Passes LDAP on to slapd, message by message, until it is closed."""

    def __init__(self, port):
        self._target = ("127.0.0.1", port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.uri = f"ldap://127.0.0.1:{self._door.getsockname()[1]}"
        self._open, self._at_work = [], []
        self._letting_in = started(self._let_in)

    def cut(self):
        """Nobody who is connected now stays it."""
        hang_up(*self._open)

    def close(self):
        """No socket and no thread is left."""
        hang_up(self._door)
        self._letting_in.join()
        self.cut()
        for one in self._at_work:
            one.join()
        self._door.close()

    def passes(self, request, doomed):
        """Whether slapd gets this one. ``doomed`` is set where its answer is not to pass."""
        return True

    def answer_passes(self, answer, doomed):
        """Whether the panel gets this one. None: it never does, but nobody hangs up for it."""
        return True

    def _let_in(self):
        while True:
            try:
                panel, _ = self._door.accept()
            except OSError:
                return
            try:
                slapd = socket.create_connection(self._target)
            except OSError:
                panel.close()
                continue
            self._open += [panel, slapd]
            self._at_work.append(started(self._carry, panel, slapd))

    def _carry(self, panel, slapd):
        """Requests one way, on this thread; answers the other way, on another."""
        doomed = threading.Event()
        with panel, slapd:
            answers = started(self._answers, panel, slapd, doomed)
            for message in messages(panel):
                if not self.passes(message, doomed) or not sent(slapd, message):
                    break
            hang_up(panel, slapd)
            answers.join()

    def _answers(self, panel, slapd, doomed):
        for message in messages(slapd):
            passes = self.answer_passes(message, doomed)
            if passes is None:
                continue
            if not passes or not sent(panel, message):
                break
        hang_up(panel, slapd)


class Wire(Relay):
    """Passes LDAP on, but for what ``lose`` names."""

    def __init__(self, port):
        self._lost, self._how, self._times = None, None, 0
        self.passed = []  # the kinds of requests that slapd got
        super().__init__(port)

    def lose(self, kind, how, times=1):
        """The next requests of this kind come to grief.

        "request": it is dropped, and the wire is cut. "answer": slapd gets it, and the wire is cut
        when slapd has answered. "silence": slapd gets it, and its answer is never heard.
        """
        self._lost, self._how, self._times = kind, how, times

    def passes(self, request, doomed):
        kind = kind_of(request)
        if kind == self._lost and self._times:
            self._times -= 1
            doomed.set()
            if self._how == "request":
                return False
        self.passed.append(kind)
        return True

    def answer_passes(self, answer, doomed):
        if not doomed.is_set():
            return True
        return None if self._how == "silence" else False


def started(work, *args):
    thread = threading.Thread(target=work, args=args, daemon=True)
    thread.start()
    return thread


def sent(wire, message):
    try:
        wire.sendall(message)
    except OSError:
        return False
    return True


def hang_up(*sockets):
    for one in sockets:
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue


def messages(wire):
    """Whole LDAP messages, as they come (BER: a tag, a length, and so many bytes)."""
    rest = b""
    while True:
        while (size := size_of(rest)) and len(rest) >= size:
            yield rest[:size]
            rest = rest[size:]
        try:
            more = wire.recv(65536)
        except OSError:
            return
        if not more:
            return
        rest += more


def size_of(begin):
    """How long the message that begins so is, or 0 where too little of it is here."""
    if len(begin) < 2:
        return 0
    length, more = begin[1], begin[1] & 0x7F
    if length < 0x80:
        return 2 + length
    return 2 + more + int.from_bytes(begin[2 : 2 + more], "big") if len(begin) >= 2 + more else 0


def kind_of(message):
    """The tag of the request or the answer: behind the message's own header and its number."""
    header = 2 if message[1] < 0x80 else 2 + (message[1] & 0x7F)
    return message[header + 2 + message[header + 1]]


@pytest.fixture
def wire(world, panel_at):
    """The panel of this test reaches slapd over a wire."""
    wire = Wire(world.slapd.port)
    panel_at(wire.uri)
    yield wire
    connections["directory"].close()
    wire.close()
