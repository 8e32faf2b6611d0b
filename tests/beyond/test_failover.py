"""One of several directory servers fails: people go on, on another, as themselves."""

import json
import time
from statistics import median

import pytest

from tests.beyond.copies import CATCHING_UP, found, killed, within
from tests.frozen import frozen
from tests.served import Served
from tests.slapd_log import Counted
from tests.world import ALICE, word
from vmail_admin.directory.backend.servers import BEFORE_A_LOOK

SOON = 2  # seconds
LIST = "/domains/example.test/"


@pytest.fixture(scope="module")
def served(copies, tmp_path_factory):
    uris = copies.uris(copies.one, copies.two)
    folder = tmp_path_factory.mktemp("panel")
    with Served(folder, uris, workers=1, PROBE_SETTLING="1") as served:
        yield served


@pytest.fixture
def pia(served, alike):
    """Signed in where everybody is, which is the first server again."""
    browser = served.browser().sign_in("pia@example.test", word("pia"))
    first_is_asked_again(alike, browser)
    return browser


def first_is_asked_again(copies, browser):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with Counted(copies.one) as one, Counted(copies.two) as two:
            assert browser.get(LIST).status == 200
        if one.kinds["SRCH"] and not two.kinds["SRCH"]:
            return
        time.sleep(0.3)
    raise AssertionError("the first server is not asked again")


@pytest.mark.parametrize("trouble", [killed, frozen])
def test_reading_goes_on_soon_and_the_server_that_fails_is_not_waited_for_again(
    served, alike, pia, trouble
):
    with trouble(alike.one):
        answers = [pia.get(LIST) for _ in range(5)]
        another = served.browser().sign_in("alice@example.test", word("alice"))
        answers.append(another.get("/me/"))

    assert [answer.status for answer in answers] == [200] * 6
    assert answers[0].seconds < SOON
    # Whoever comes later does not wait to see whether it lives.
    assert median(answer.seconds for answer in answers[1:]) < BEFORE_A_LOOK
    assert "alice@example.test" in answers[0].text


def test_a_sign_in_goes_to_another_server(served, alike, pia):
    with frozen(alike.one):
        began = time.monotonic()
        served.browser().sign_in("alice@example.test", word("alice"))

    assert time.monotonic() - began < SOON


def test_a_change_goes_to_another_server_and_is_on_both_afterwards(alike, pia):
    with killed(alike.one):
        fields = {"full_name": "Alice Elsewhere", "quota": "", "description": ""}
        answer = pia.post("/accounts/alice@example.test/", **fields)
        assert answer.status == 302
        assert "Alice Elsewhere" in pia.get(LIST).text

    assert within(CATCHING_UP, alike.are_alike)
    for slapd in alike.all:
        [(dn, entry)] = found(slapd, "(mail=alice@example.test)", "cn")
        assert dn == ALICE
        assert b"Alice Elsewhere" in entry["cn"]


def test_whoever_is_asked_on_another_server_is_still_themselves(served, alike, pia):
    with frozen(alike.one):
        answer = pia.get("/probe/?tag=elsewhere")

    assert json.loads(answer.text)["whoami"].startswith("dn:mail=pia@example.test,")


def binds_of(slapd, dn):
    """How often somebody tried to bind there. (Copies bind too, whenever they like.)"""
    return slapd.log_path.read_text(errors="replace").count(f' BIND dn="{dn}" method=')


def test_a_wrong_password_is_tried_on_one_server_only(served, alike, pia):
    before = [binds_of(slapd, ALICE) for slapd in (alike.one, alike.two)]
    answer = served.browser().post("/sign-in/", login="alice@example.test", password="wrong")
    after = [binds_of(slapd, ALICE) for slapd in (alike.one, alike.two)]

    assert answer.status == 200
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 0]


def test_nothing_is_asked_of_the_second_as_long_as_the_first_answers(alike, pia):
    with Counted(alike.two) as two:
        pia.get(LIST)
        pia.post("/accounts/alice@example.test/switch/", flag="active", to="on")

    assert {kind for kind, times in two.kinds.items() if times} <= {"MOD"}  # what it copies


def test_with_all_of_them_away_the_page_says_so(alike, pia):
    with killed(alike.one), frozen(alike.two):
        answer = pia.get(LIST)

    assert answer.status == 503
    assert "does not answer" in answer.text
    assert answer.seconds < 5
