"""Directory servers die and come back while many people work: nothing that was saved is lost."""

import itertools
import threading
import time

from tests.beyond.copies import CATCHING_UP, found, killed, within
from tests.frozen import frozen
from tests.served import Served
from tests.world import word

READERS = WRITERS = 3
SOON = 2  # seconds
LIST = "/domains/example.test/"


class Office:
    """People who read and people who add aliases, until they are sent home."""

    def __init__(self, served):
        self.served = served
        self.numbers = itertools.count()
        self.home = threading.Event()
        self.reads, self.saved, self.unknown, self.accidents = [], [], [], []

    def __enter__(self):
        works = [self.read] * READERS + [self.add] * WRITERS
        browsers = [self.served.browser().sign_in("pia@example.test", word("pia")) for _ in works]
        self.people = [
            threading.Thread(target=self.until_home, args=pair)
            for pair in zip(works, browsers, strict=True)
        ]
        for person in self.people:
            person.start()
        return self

    def __exit__(self, *_):
        self.home.set()
        for person in self.people:
            person.join()

    def until_home(self, work, browser):
        while not self.home.is_set():
            try:
                work(browser)
            except Exception as error:  # noqa: BLE001 (whatever it is, the test has to see it)
                self.accidents.append(repr(error))
            time.sleep(0.1)

    def read(self, browser):
        answer = browser.get(LIST)
        self.reads.append(answer.seconds)
        if answer.status != 200:
            self.accidents.append(("read", answer.status, answer.text[-1500:]))

    def add(self, browser):
        name = f"load{next(self.numbers)}"
        fields = {"local_part": name, "destinations": "pia@example.test", "full_name": ""}
        answer = browser.post(f"{LIST}aliases/new/", **fields)
        if answer.status == 302:
            self.saved.append(f"{name}@example.test")
        elif answer.status == 503 and "may have saved or not" in answer.text:
            self.unknown.append(name)
        else:
            self.accidents.append(("add", answer.status, answer.text[-1500:]))


def addresses_on(slapd):
    rows = found(slapd, "(mail=load*)", "mail")
    return [entry["mail"][0].decode() for _, entry in rows]


def test_what_was_saved_is_everywhere_and_nobody_who_reads_sees_an_error(alike, tmp_path):
    uris = alike.uris(alike.one, alike.two, alike.three)
    with Served(tmp_path, uris, PROBE_SETTLING="1") as served, Office(served) as office:
        for misfortune in (killed(alike.one), frozen(alike.one), killed(alike.two)):
            time.sleep(1.2)
            with misfortune:
                time.sleep(1.2)
        time.sleep(1.2)

    assert office.accidents == []
    assert max(office.reads) < SOON
    assert len(office.saved) > 20
    assert within(CATCHING_UP, alike.are_alike)
    for slapd in (alike.one, alike.two):
        there = addresses_on(slapd)
        assert set(office.saved) <= set(there)
        # No change was sent twice, and none was made that nobody asked for.
        assert len(there) == len(set(there))
        assert len(there) <= len(office.saved) + len(office.unknown)
