"""Sixteen people edit one domain at once: whatever said "saved" is there, and nothing overwrote it.

They work for 10 seconds, or for as many as VMAIL_TEST_SECONDS says.
"""

import itertools
import json
import os
import random
import re
import threading
import time

import pytest

from tests.crowd import add_crowd, crowd_of
from tests.faults.stage import database
from tests.served import Served
from tests.world import ALICE, EXAMPLE, POST, word

SECONDS = float(os.environ.get("VMAIL_TEST_SECONDS", "10"))
EDITORS = 16
SHARED = "/accounts/alice@example.test/"
VERSION = re.compile(r'name="version" value="([^"]*)"')


@pytest.fixture
def served(world, tmp_path):
    add_crowd(world, EDITORS)
    with Served(tmp_path, world.slapd.ldapi_uri, workers=2, threads=8) as served:
        yield served


class Editor(threading.Thread):
    """One person at work. ``saved`` is what the panel said it kept, in the order it was said."""

    def __init__(self, served, number, until):
        super().__init__()
        self.number, self.until, self.dice = number, until, random.Random(number)  # noqa: S311
        self.own = [values["mail"] for _, values in crowd_of(EDITORS)][number]
        login = ("pia@example.test", word("pia")) if number % 2 else ("rita", word("rita"))
        self.browser = served.browser().sign_in(*login)
        self.saved = {"name": [], "alias": [], "post": [], "shared": [], "active": []}
        self.refused, self.failure = 0, None

    def run(self):
        try:
            while time.monotonic() < self.until:
                act = self.dice.choice(["name", "alias", "post", "shared", "shared", "active"])
                getattr(self, f"do_{act}")(f"{self.number}-{sum(map(len, self.saved.values()))}")
        except Exception as failure:  # noqa: BLE001 (whatever ends this thread is told)
            self.failure = failure

    def post(self, kind, value, path, **fields):
        answer = self.fresh().post(path, **fields)
        assert answer.status in (200, 302), answer.text
        if answer.status == 302:
            self.saved[kind].append(value)
        else:
            self.refused += 1

    def do_name(self, text):
        path = f"/accounts/{self.own}/"
        self.post("name", text, path, full_name=text, quota="", version=self.version(path))

    def do_shared(self, text):
        version = self.version(SHARED)
        self.post("shared", text, SHARED, full_name=text, description=text, version=version)

    def do_alias(self, text):
        fields = {"local_part": f"new{text}", "destinations": f"{text}@elsewhere.test"}
        self.post("alias", text, "/domains/example.test/aliases/new/", **fields)

    def do_post(self, text):
        to = self.dice.choice(["on", "off"])
        self.post("post", to, f"/accounts/{self.own}/switch/", flag="postmaster", to=to)

    def do_active(self, text):
        to = self.dice.choice(["on", "off"])
        self.post("active", to, f"/accounts/{self.own}/switch/", flag="active", to=to)

    def version(self, path):
        return VERSION.search(self.fresh().get(path).text)[1]

    def fresh(self):
        """Over a new connection: gunicorn may be about to close one that was idle."""
        self.browser.close()
        return self.browser


@pytest.fixture
def editors(served):
    until = time.monotonic() + SECONDS + 3
    editors = [Editor(served, number, until) for number in range(EDITORS)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    assert [editor.failure for editor in editors] == [None] * EDITORS
    return editors


def test_whatever_said_saved_is_there(editors, served, world):
    holders = world.entry(POST)["roleOccupant"]
    for editor in editors:
        dn = f"mail={editor.own},{EXAMPLE}"
        if editor.saved["name"]:
            assert world.value(dn, "cn") == editor.saved["name"][-1]
        if editor.saved["active"]:
            flag = {"on": "TRUE", "off": "FALSE"}[editor.saved["active"][-1]]
            assert world.value(dn, "accountActive") == flag
        if editor.saved["post"]:
            assert (dn in holders) == (editor.saved["post"][-1] == "on")
        for one in editor.saved["alias"]:
            alias = world.entry(f"mail=new{one}@example.test,{EXAMPLE}")
            assert alias["maildrop"] == [f"{one}@elsewhere.test"]
    assert_nobody_overwrote_another(editors, served, world)
    said = sum(len(some) for editor in editors for some in editor.saved.values())
    refused = sum(editor.refused for editor in editors)
    print(f"{said} changes in {SECONDS:g} s by {EDITORS} people, {refused} refused as stale")
    assert said > EDITORS


def assert_nobody_overwrote_another(editors, served, world):
    """Each edit of the entry that all of them edit began from what the one before it had saved."""
    with database(served) as cursor:
        cursor.execute(
            "SELECT before, after, state FROM journal_row WHERE entry = 'alice@example.test' "
            "AND kind = 'edited' AND state = 1 ORDER BY version"
        )
        rows = [(name_in(before), name_in(after)) for before, after, _ in cursor.fetchall()]
        cursor.execute("SELECT count(*) FROM journal_row WHERE state = 0")
        assert cursor.fetchone() == (0,)
    saved = {one for editor in editors for one in editor.saved["shared"]}
    assert {now for _, now in rows} == saved
    assert len(rows) == len(saved)
    assert all(one[1] == other[0] for one, other in itertools.pairwise(rows))
    if rows:
        assert world.value(ALICE, "description") == rows[-1][1]


def name_in(text):
    return (json.loads(text).get("description") or [""])[0]
