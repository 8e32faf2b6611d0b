"""No request ever runs as another person, whatever goes wrong around it.

Two processes of four threads answer ten thousand requests of four people, while passwords are
wrong, answers come too late or are never read, views fail, and slapd is stopped, killed and frozen.
What is checked is slapd's own word: each answer holds what slapd says to "who am I?", afterwards
slapd's log has to show each search behind a bind of its own person, and each entry its own writer.
"""

import itertools
import json
import os
import random
import re
import signal
import threading
import time
from pathlib import Path

import ldap
import pytest
from passlib.hash import ldap_salted_sha1

from deploy.private_slapd import PrivateSlapd
from deploy.site import Passwords, Site
from tests.served import Served
from tests.slapd_log import bound_as
from tests.world import ALICE, CAROL, OTTO, PIA, word

CAST = {"pia": PIA, "alice": ALICE, "otto": OTTO, "carol": CAROL}
LOGINS = {name: f"{name}@{dn.partition('@')[2].partition(',')[0]}" for name, dn in CAST.items()}
STRANGERS = {"pia": CAROL, "alice": CAROL, "otto": ALICE, "carol": ALICE}
CLIENTS = 12
FAULTS = [
    *["wrong-password"] * 13,
    *["failure"] * 6,
    *["time-limit"] * 5,
    *["unread-answer"] * 4,
    *["foreign-write"] * 6,
    *["own-write"] * 10,
    *["own-thread"] * 1,
    *[""] * 55,
]


@pytest.fixture
def crowd_slapd(tmp_path):
    """The cast with quick hashes, in a slapd that locks nobody out for the many wrong passwords."""
    slapd = PrivateSlapd(tmp_path / "slapd", Site(passwords=Passwords(max_failures=0)), fast=True)
    cast = (Path(__file__).parent / "world.ldif").read_text()
    quick = re.sub("(?<=userPassword: ).*", lambda word: ldap_salted_sha1.hash(word[0]), cast)
    slapd.load(slapd.base_ldif + quick)
    with slapd:
        yield slapd


class Crowd:
    """Many browsers at once. ``people`` says whose each tag was, ``seen`` who slapd said it was."""

    def __init__(self, served):
        self.served = served
        self.people, self.seen = {}, {}
        self.silent, self.accidents = 0, []
        self.numbers = itertools.count()

    def ask(self, requests):
        """Starts the clients. Together they make so many requests."""
        clients = [
            threading.Thread(target=self._client, args=(requests, seed)) for seed in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        return clients

    def _client(self, requests, seed):
        chance = random.Random(seed)  # noqa: S311 (the same faults in every run)
        browsers = {name: self.served.browser() for name in chance.sample(sorted(CAST), 2)}
        while (number := next(self.numbers)) < requests:
            name = chance.choice(sorted(browsers))
            browser = browsers[name]
            try:
                if not browser.cookies:
                    browser.sign_in(LOGINS[name], word(name))
                if chance.random() < 0.005:
                    self.served.browser().post("/sign-in/", login=LOGINS[name], password="wrong")
                self._probe(browser, name, f"t{number}", chance.choice(FAULTS))
            except (OSError, AssertionError):
                # Nobody signs in while slapd is away.
                browser.close()
                browser.cookies.clear()
                time.sleep(0.2)

    def _probe(self, browser, name, tag, fault):
        self.people[tag] = CAST[name]
        answer = browser.get(f"/probe/?tag={tag}&fault={fault}&other={STRANGERS[name]}")
        if answer.status == 200:
            self.seen[tag] = json.loads(answer.text)["whoami"].removeprefix("dn:")
        elif answer.status == 503 or (answer.status, fault) == (500, "failure"):
            self.silent += 1
        else:
            self.accidents.append((answer.status, fault, answer.text))

    def mismatches(self):
        """Answers that slapd gave to somebody else."""
        return [tag for tag, dn in self.seen.items() if dn != self.people[tag]]

    def mismatches_in_log(self, slapd):
        """Searches that slapd did for somebody else than asked; and how many it did."""
        asked = list(bound_as(slapd.log_path.read_text(errors="replace")))
        asked = [(tag, dn) for tag, dn in asked if tag in self.people]
        return [(tag, dn) for tag, dn in asked if dn != self.people[tag]], len(asked)


def who_wrote(slapd):
    """(whose entry, who changed it last, the tag that was written there)."""
    root = ldap.initialize(slapd.ldapi_uri)
    root.sasl_non_interactive_bind_s("EXTERNAL")
    for dn in CAST.values():
        [(_, values)] = root.search_s(dn, ldap.SCOPE_BASE, None, ["modifiersName", "description"])
        yield dn, values["modifiersName"][0].decode(), values["description"][0].decode()
    root.unbind_s()


def misfortunes(slapd, clients):
    """Stops, kills and freezes slapd, while there is somebody to notice."""

    def going_on(seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until and any(client.is_alive() for client in clients):
            time.sleep(0.05)

    going_on(2)
    for kill in (False, True, False):
        if kill:
            os.kill(slapd.pid, signal.SIGKILL)
        slapd.stop()
        going_on(0.3)
        slapd.start()
        going_on(2)
    for seconds in (0.5, 5):
        os.kill(slapd.pid, signal.SIGSTOP)
        going_on(seconds)
        os.kill(slapd.pid, signal.SIGCONT)
        going_on(2)


@pytest.mark.parametrize(("keep_bound", "requests"), [("60", 10_000), ("0", 2_500)])
def test_under_faults_each_request_is_its_own_persons(crowd_slapd, tmp_path, keep_bound, requests):
    """Ten thousand whose connections wait for the same person; others where each request binds."""
    keep = {"VMAIL_KEEP_BOUND_SECONDS": keep_bound}
    with Served(tmp_path / "panel", crowd_slapd.ldapi_uri, **keep) as served:
        crowd = Crowd(served)
        clients = crowd.ask(requests)
        misfortunes(crowd_slapd, clients)
        for client in clients:
            client.join()

    assert crowd.accidents == []
    assert crowd.mismatches() == []
    wrong, searches = crowd.mismatches_in_log(crowd_slapd)
    assert wrong == []
    for dn, writer, tag in who_wrote(crowd_slapd):
        assert writer == crowd.people[tag] == dn
    # It was a crowd, and most of it was served.
    assert len(crowd.seen) > 0.7 * requests
    assert searches > 2 * len(crowd.seen) - 1
    logs = served.log_path.read_text() + crowd_slapd.log_path.read_text(errors="replace")
    assert not [name for name in CAST if word(name) in logs]


def test_the_checks_would_notice_a_panel_that_mixes_people_up(crowd_slapd, tmp_path):
    forgetful = {"PROBE_BACKEND": "tests.forgetful"}
    with Served(tmp_path / "panel", crowd_slapd.ldapi_uri, **forgetful) as served:
        crowd = Crowd(served)
        for client in crowd.ask(400):
            client.join()

    assert len(crowd.mismatches()) > 20
    assert len(crowd.mismatches_in_log(crowd_slapd)[0]) > 20
