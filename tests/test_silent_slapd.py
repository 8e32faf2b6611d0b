"""slapd is down, frozen, or its answer is lost: pages say so in time, and recover by themselves."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.test import Client

from tests.beyond.copies import CATCHING_UP, within
from tests.frozen import frozen
from tests.served import Served
from tests.walk import FOR_MACHINES, POST_ONLY, every_url
from tests.wire import BIND, EXTENDED, MODIFY
from tests.world import ALICE, PIA, word

LONGEST = 5  # seconds
# A form for a new domain, an empty search, and pages about a mailbox for who has none.
NEED_NO_SLAPD = {
    "sign-in",
    "sign-in-code",
    "sign-in-set-up",
    "domain-new",
    "find",
    "my-page",
    "my-name",
    "my-destinations",
    "work",  # the key of a job that nobody has: the database knows
}

EDIT_ALICE = "/accounts/alice@example.test/"


@pytest.fixture(scope="module")
def one_served(one_world, tmp_path_factory):
    """A panel that makes as many pages at a time as are opened at once."""
    folder = tmp_path_factory.mktemp("panel")
    at_once = {"VMAIL_AT_ONCE": "40"}
    with Served(folder, one_world.slapd.ldapi_uri, workers=1, threads=40, **at_once) as served:
        yield served


@pytest.fixture
def served(world, one_served):
    return one_served


@pytest.fixture
def pages(served):
    """Opens every page, so many at once, in a browser each, as the site admin: {name: answer}."""
    rita = served.browser().sign_in("rita", word("rita"))
    paths = {
        name: path for name, path in every_url().items() if name not in POST_ONLY | FOR_MACHINES
    }

    def opened(at_once=4):
        with ThreadPoolExecutor(at_once) as crowd:
            return dict(zip(paths, crowd.map(copy_of_browser, paths.values()), strict=True))

    def copy_of_browser(path):
        browser = served.browser()
        browser.cookies = dict(rita.cookies)
        return browser.get(path)

    return opened


@contextmanager
def stopped(slapd):
    slapd.stop()
    try:
        yield
    finally:
        slapd.start()


def statuses(answers):
    return {name: answer.status for name, answer in answers.items()}


@pytest.mark.parametrize("trouble", [frozen, stopped])
def test_every_page_says_so_in_time_and_comes_back_by_itself(world, served, pages, trouble):
    before = pages()
    with trouble(world.slapd):
        during = pages(at_once=100)
    assert within(CATCHING_UP, lambda: served.browser().get("/readyz").status == 200)
    after = pages()

    # How busy this machine is with other things, the same pages tell.
    busy = 5 * max(answer.seconds for answer in before.values())
    for name, answer in during.items():
        assert answer.seconds < LONGEST + busy, name
        assert (answer.status == 503) is (name not in NEED_NO_SLAPD), (name, answer.status)
        assert ("does not answer" in answer.text) is (answer.status == 503)
    assert set(statuses(before).values()) <= {200, 302, 403, 404}
    assert statuses(after) == statuses(before)


@pytest.mark.parametrize("trouble", [frozen, stopped])
def test_nobody_signs_in_meanwhile_but_the_page_says_why(world, served, trouble):
    browser, pia = served.browser(), {"login": "pia@example.test", "password": word("pia")}
    busy = 5 * served.browser().post("/sign-in/", **pia).seconds
    with trouble(world.slapd):
        answer = browser.post("/sign-in/", **pia)

    assert answer.status == 503
    assert answer.seconds < LONGEST + busy
    assert "does not answer" in answer.text
    browser.sign_in("pia@example.test", word("pia"))


def test_a_session_outlives_a_restart_of_slapd(world, pia):
    world.slapd.stop()
    assert pia.get(EDIT_ALICE).status_code == 503
    world.slapd.start()

    assert pia.get(EDIT_ALICE).status_code == 200


# --- a change whose answer is lost


def rename_alice(pia):
    return pia.post(EDIT_ALICE, {"full_name": "Alice Ames", "quota": "", "description": ""})


@pytest.mark.parametrize(
    ("how", "saved"), [("request", False), ("answer", True), ("silence", True)]
)
def test_the_page_says_that_it_may_have_saved(wire, sign_in, world, how, saved):
    pia = sign_in("pia@example.test", word("pia"))
    wire.lose(MODIFY, how)
    page = rename_alice(pia)

    assert page.status_code == 503
    assert "may have saved or not" in page.content.decode()
    assert (world.value(ALICE, "cn") == "Alice Ames") is saved
    assert wire.passed.count(MODIFY) == saved


def test_a_new_password_may_have_been_saved_too(wire, sign_in, world):
    pia = sign_in("pia@example.test", word("pia"))
    new = "a new word for Alice"
    wire.lose(EXTENDED, "answer")
    page = pia.post(f"{EDIT_ALICE}password/", {"new_password": new})

    assert "may have saved or not" in page.content.decode()
    assert world.accepts(ALICE, new)


def test_a_change_that_never_left_is_not_called_unknown(wire, sign_in, world):
    pia = sign_in("pia@example.test", word("pia"))
    wire.lose(BIND, "request")
    page = rename_alice(pia)

    assert page.status_code == 503
    assert "may have saved" not in page.content.decode()
    assert world.value(ALICE, "cn") == "Alice Arden"


def test_a_lost_answer_does_not_end_the_session(wire, sign_in):
    pia = sign_in("pia@example.test", word("pia"))
    wire.lose(MODIFY, "answer")
    rename_alice(pia)

    assert pia.get(EDIT_ALICE).status_code == 200


def test_strangers_see_the_sign_in_page_without_slapd(world):
    world.slapd.stop()
    try:
        assert Client().get("/sign-in/").status_code == 200
    finally:
        world.slapd.start()


def test_a_person_who_changes_nothing_is_not_locked_out_by_a_silent_slapd(world, served):
    """Binds that nobody answered are no wrong passwords."""
    pia = served.browser().sign_in("pia@example.test", word("pia"))
    with frozen(world.slapd):
        assert pia.get("/").status == 503
    assert pia.get("/domains/example.test/").status == 200
    assert world.value(PIA, "pwdFailureTime") is None
