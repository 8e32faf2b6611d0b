"""Many requests in the same second: few are at work, nobody is refused, and little stays open."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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
        if request == "accident":
            raise ValueError(request)
        return f"done: {request}"


def test_so_many_are_at_work_and_the_others_wait(settings):
    settings.AT_ONCE = AT_ONCE
    work = Work()
    with ThreadPoolExecutor(CROWD) as crowd:
        answers = list(crowd.map(in_turn(work), range(CROWD)))

    assert answers == [f"done: {number}" for number in range(CROWD)]
    assert work.most == AT_ONCE


def test_an_accident_takes_nobodys_turn_away(settings):
    settings.AT_ONCE = 1
    serve = in_turn(Work())
    for _ in range(2):
        try:
            serve("accident")
        except ValueError:
            continue

    assert serve("me") == "done: me"


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
