"""Workers, slapd and the database die in the middle of every act, at every step.

Afterwards each act is whole, or undone, or shown as unfinished beside a button that finishes it;
there is no change without a row of the journal, and no row of a change that is not there.
"""

import time

import pytest

from tests.faults.stage import Gate, Stage
from tests.served import Served
from tests.world import ALICE, BOB_NEWS, EXAMPLE, POST, word

OPEN, MADE, REFUSED, LOST, UNSURE = range(5)
NEW = EXAMPLE.replace("example.test", "new.test")
NEW_ACCOUNT = f"mail=new@example.test,{EXAMPLE}"
CARD = "/accounts/alice@example.test/"

# Who does what, in how many changes, and the entries it is about.
ACTS = {
    "create a domain": ("rita", "/domains/new/", {"name": "new.test"}, 4),
    "mark a domain": ("rita", "/domains/example.test/retire/", {"typed_name": "example.test"}, 1),
    "delete an account": ("pia", f"{CARD}retire/", {}, 1),
    "delete an alias": ("pia", "/aliases/bob+news@example.test/delete/", {}, 1),
    "appoint": ("pia", f"{CARD}switch/", {"flag": "postmaster", "to": "on"}, 1),
    "edit": ("pia", CARD, {"full_name": "Alice Berg", "quota": "1 GB", "description": ""}, 1),
    "reset a password": ("pia", f"{CARD}password/", {"new_password": "a new word for Alice"}, 2),
    "add an account": (
        *("pia", "/domains/example.test/accounts/new/"),
        {"local_part": "new", "password_choice": "type", "password": "a new word for somebody"},
        2,
    ),
}
CASES = [
    (act, number, where)
    for act, (*_, changes) in ACTS.items()
    for number in range(1, changes + 1)
    for where in ("before", "after")
]
LOGINS = {"rita": "rita", "pia": "pia@example.test"}


@pytest.fixture(scope="module")
def gate(one_world):
    gate = Gate(one_world.slapd.port)
    yield gate
    gate.close()


@pytest.fixture(scope="module")
def served(gate, tmp_path_factory):
    folder = tmp_path_factory.mktemp("faults")
    quick = {"PROBE_GRACE": "0", "PROBE_SETTLING": "0", "VMAIL_KEEP_BOUND_SECONDS": "0"}
    with Served(folder, gate.uri, workers=1, **quick) as served:
        yield served


@pytest.fixture
def stage(world, served, gate):
    stage = Stage(world, served, gate)
    stage.forget()
    yield stage
    served.close_browsers()


def signed_in(served, who):
    """Patient with a panel that is coming up again."""
    browser, until = served.browser(), time.monotonic() + 60
    while True:
        try:
            return browser.sign_in(LOGINS[who], word(who))
        except (OSError, AssertionError):
            assert time.monotonic() < until
            time.sleep(0.1)


def changed_between(before, after):
    return {dn for dn in before.keys() | after.keys() if before.get(dn) != after.get(dn)}


def told_of(rows, before, after):
    """The entries that the journal says are changed, but for those it says came and went."""
    return {dn for dn, _, state in rows if state == MADE and (dn in before or dn in after)}


@pytest.mark.parametrize("death", ["worker", "slapd", "database"])
@pytest.mark.parametrize(("act", "number", "where"), CASES)
def test_nothing_is_half_done_unseen(stage, served, world, act, number, where, death):
    who, path, fields, _ = ACTS[act]
    browser = signed_in(served, who)
    before = world.versions()

    assert stage.play(browser, path, fields, number, where, death), "it never came so far"

    admin = signed_in(served, "rita")
    assert admin.get("/journal/").status == 200
    after, rows = world.versions(), stage.rows()
    assert {state for *_, state in rows} <= {1, 2, 3}, rows
    assert told_of(rows, before, after) == changed_between(before, after)
    AFTERWARDS.get(act, lambda *_: None)(world, admin, before, after)
    if stage.answer is not None and stage.answer.status == 302:
        assert changed_between(before, after), "it said that it was done"


def domain_is_whole_or_not_there_or_shown(world, admin, before, after):
    if NEW not in after:
        assert changed_between(before, after) == set()
        return
    if world.value(NEW, "accountActive") == "TRUE":
        assert {f"cn=postmaster,{NEW}", f"mail=abuse@new.test,{NEW}"} <= after.keys()
        return
    assert "not finished" in admin.get("/domains/").text
    assert "Finish it" in admin.get("/domains/new.test/").text

    answer = admin.post("/domains/new.test/finish/")

    assert (answer.status, answer.headers["Location"]) == (302, "/domains/new.test/")
    assert world.value(NEW, "accountActive") == "TRUE"
    assert {f"cn=postmaster,{NEW}", f"mail=abuse@new.test,{NEW}"} <= world.versions().keys()
    assert "not finished" not in admin.get("/domains/").text


def account_has_its_password_or_says_that_it_has_none(world, admin, before, after):
    if NEW_ACCOUNT not in after or world.accepts(NEW_ACCOUNT, "a new word for somebody"):
        return
    page = admin.get("/accounts/new@example.test/").text
    assert "This account has no password yet." in page
    assert "/accounts/new@example.test/password/" in page
    assert "no password yet</span>" in admin.get("/domains/example.test/").text


def alias_is_there_or_in_the_trash(world, admin, before, after):
    if BOB_NEWS not in after:
        assert "bob+news@example.test" in admin.get("/domains/example.test/trash/").text


def post_is_held_once(world, admin, before, after):
    assert world.entry(POST)["roleOccupant"].count(ALICE) <= 1


AFTERWARDS = {
    "create a domain": domain_is_whole_or_not_there_or_shown,
    "add an account": account_has_its_password_or_says_that_it_has_none,
    "delete an alias": alias_is_there_or_in_the_trash,
    "appoint": post_is_held_once,
}
