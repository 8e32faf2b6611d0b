"""Many requests in the same second: few are at work, nobody is refused, and little stays open."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from django.test import RequestFactory

from tests.served import Served
from tests.world import word
from vmail_admin.running.turns import in_turn

AT_ONCE = 3
CROWD = 24


class Work:
    """Takes a moment, and knows how many were at it."""

    def __init__(self):
        self.now = self.most = 0
        self.lock = threading.Lock()

    def __call__(self, request):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.02)
        with self.lock:
            self.now -= 1
        if request.path == "/accident":
            raise ValueError(request.path)
        return f"done: {request.path}"


def asking(path):
    return RequestFactory().get(f"/{path}")


def test_so_many_are_at_work_and_the_others_wait(settings):
    settings.AT_ONCE = AT_ONCE
    work = Work()
    with ThreadPoolExecutor(CROWD) as crowd:
        answers = list(crowd.map(in_turn(work), map(asking, range(CROWD))))

    assert answers == [f"done: /{number}" for number in range(CROWD)]
    assert work.most == AT_ONCE


def test_an_accident_takes_nobodys_turn_away(settings):
    settings.AT_ONCE = 1
    serve = in_turn(Work())
    for _ in range(2):
        try:
            serve(asking("accident"))
        except ValueError:
            continue

    assert serve(asking("me")) == "done: /me"


class HungUp:
    """What gunicorn reads a request from, once its browser is gone."""

    def read(self, *_):
        raise ConnectionResetError

    def readline(self, *_):
        raise ConnectionResetError


def test_who_hangs_up_in_the_middle_of_a_form_has_sent_none():
    body = {"wsgi.input": HungUp(), "CONTENT_LENGTH": "10"}
    request = RequestFactory().post("/", **body)

    assert in_turn(lambda request: dict(request.POST))(request) == {}


HALF_A_FORM = (
    "POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
    "Cookie: vmail_csrf=abcdefghijklmnopqrstuvwxyzABCDEF\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nlogin="
)


def test_forms_that_trickle_in_keep_nobody_waiting(world, tmp_path):
    limits = {"VMAIL_AT_ONCE": str(AT_ONCE)}
    uri = world.slapd.ldapi_uri
    with (
        Served(tmp_path, uri, workers=1, threads=4 * AT_ONCE, **limits) as served,
        ExitStack() as closing,
    ):
        address = ("127.0.0.1", served.port)
        slow = [
            closing.enter_context(socket.create_connection(address)) for _ in range(2 * AT_ONCE)
        ]
        for wire in slow:
            wire.settimeout(30)
            wire.sendall(HALF_A_FORM.format(port=served.port).encode())

        assert served.browser().sign_in("pia@example.test", word("pia"))
        for wire in slow:
            wire.sendall(b"x" * 94)
            assert wire.recv(12) == b"HTTP/1.1 403"


def test_a_rush_leaves_few_connections_to_the_database(world, tmp_path):
    limits = {"VMAIL_AT_ONCE": str(AT_ONCE)}
    uri = world.slapd.ldapi_uri
    with Served(tmp_path, uri, workers=1, threads=CROWD, **limits) as served:
        browsers = [served.browser() for _ in range(CROWD)]
        with ThreadPoolExecutor(CROWD) as crowd:
            for _ in crowd.map(lambda one: one.sign_in("pia@example.test", word("pia")), browsers):
                pass
            pages = list(crowd.map(lambda one: one.get("/domains/example.test/"), browsers))
        [worker] = served.workers()

        assert {page.status for page in pages} == {200}
        assert 0 < open_databases(worker) <= 2 * AT_ONCE


def open_databases(pid):
    return sum(leads_to(one, "panel.sqlite3") for one in Path(f"/proc/{pid}/fd").iterdir())


def leads_to(link, name):
    try:
        return link.readlink().name == name
    except FileNotFoundError:
        return False  # closed meanwhile
