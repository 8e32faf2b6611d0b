"""Pages that ask for a password: who guesses waits, and slapd is not asked."""

import re
import threading

import ldap
import pytest
from django.test import Client

from tests.pages import errors_of
from tests.served import Served
from tests.slapd_log import Counted
from tests.world import ALICE, PIA, word

HERE, THERE = "203.0.113.7", "198.51.100.9"
MAIL = "alice@example.test"

pytestmark = pytest.mark.usefixtures("world", "at_once")


# --- the sign-in page


def test_the_page_says_how_long_and_slapd_is_not_asked(clock, come_from, world):
    for _ in range(5):
        assert come_from(HERE, MAIL, "wrong").status_code == 200
    with Counted(world.slapd) as asked:
        pages = [come_from(HERE, MAIL, password) for password in ("wrong", word("alice"))]

    assert str(asked) == "nothing"
    for page in pages:
        assert page.status_code == 429
        assert page.headers["Retry-After"] == "61"
        assert "Try again in 2 minutes" in page.content.decode()
        assert MAIL in page.content.decode()
    clock.wait(61)
    assert come_from(HERE, MAIL, word("alice")).status_code == 302


SPELLINGS = [
    "ALICE@Example.test",
    " alice@example.test ",
    ALICE,
    ALICE.upper(),
    ALICE.replace(",", " , "),
    ALICE.replace("mail=", "rfc822Mailbox="),
    ALICE.replace("mail=", "0.9.2342.19200300.100.1.3="),
    ALICE.replace("alice", "\\61lice"),
]


def test_another_spelling_is_no_new_start(clock, come_from, world):
    for login in SPELLINGS[:5]:
        come_from(HERE, login, "wrong")
    with Counted(world.slapd) as asked:
        answers = {login: come_from(HERE, login, "wrong").status_code for login in SPELLINGS}

    assert set(answers.values()) == {429}, answers
    assert str(asked) == "nothing"


def test_these_spellings_are_all_hers(come_from):
    """Else it would prove nothing that they are counted together."""
    for login in SPELLINGS:
        assert come_from(HERE, login, word("alice")).status_code == 302, login


def test_an_unknown_name_waits_just_the_same(clock, come_from):
    texts = []
    for login in (MAIL, "nobody@example.test"):
        for _ in range(5):
            come_from(HERE, login, "wrong")
        page = come_from(HERE, login, "wrong")
        texts.append(page.content.decode().replace(login, ""))

    one, other = (re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text) for text in texts)
    assert one == other
    assert "Try again in" in one


def test_from_thirty_places_at_once_the_entry_is_not_locked(clock, come_from, world):
    world_locks_after = int(world.value(POLICY, "pwdMaxFailure"))
    come_from(THERE, MAIL, word("alice"))
    for number in range(30):
        for _ in range(3):
            come_from(f"192.0.2.{number}", MAIL, "wrong")
    for _ in range(9):
        come_from(THERE, MAIL, "wrong")

    failures = world.entry(ALICE, "pwdFailureTime", "pwdAccountLockedTime")
    assert 10 <= len(failures["pwdFailureTime"]) < world_locks_after
    assert "pwdAccountLockedTime" not in failures
    assert world.accepts(ALICE, word("alice"))


def test_slapd_alone_would_have_locked_it(world):
    """Else it would prove nothing that the panel did not."""
    for _ in range(30):
        world.accepts(ALICE, "wrong")

    assert not world.accepts(ALICE, word("alice"))


POLICY = f"cn=default,ou=policies,{ldap.dn.dn2str(ldap.dn.str2dn(ALICE)[3:])}"


def test_behind_a_proxy_each_browser_counts_for_itself(clock, settings, world):
    settings.PROXIES = ("unix",)
    for _ in range(5):
        through_nginx(HERE, "wrong")

    assert through_nginx(HERE, word("alice")).status_code == 429
    assert through_nginx(THERE, word("alice")).status_code == 302


def test_without_a_believed_proxy_a_header_is_no_new_start(clock, come_from, world):
    for number in range(6):
        answer = Client(REMOTE_ADDR=HERE).post(
            "/sign-in/",
            {"login": MAIL, "password": "wrong"},
            HTTP_X_FORWARDED_FOR=f"192.0.2.{number}",
        )

    assert answer.status_code == 429


def through_nginx(address, password):
    return Client(REMOTE_ADDR="").post(
        "/sign-in/",
        {"login": MAIL, "password": password},
        HTTP_X_FORWARDED_FOR=address,
    )


# --- the own password


def test_the_old_password_cannot_be_guessed_at_an_open_screen(clock, alice, world):
    new = {"new_password": "a new word for Alice"}
    for number in range(5):
        page = alice.post("/me/password/", {"old_password": f"guess {number}"} | new)
        assert "not your present password" in errors_of(page, "old_password")
    page = alice.post("/me/password/", {"old_password": word("alice")} | new)

    assert "Try again in 2 minutes" in errors_of(page, "old_password")
    assert world.accepts(ALICE, word("alice"))
    clock.wait(61)
    alice.post("/me/password/", {"old_password": word("alice")} | new)
    assert world.accepts(ALICE, new["new_password"])


def test_that_keeps_nobody_from_signing_in(clock, alice, come_from):
    for number in range(6):
        alice.post("/me/password/", {"old_password": f"guess {number}", "new_password": "x" * 20})

    assert come_from("127.0.0.1", MAIL, word("alice")).status_code == 302


# --- a panel as it is served


def test_it_holds_for_parallel_guesses_and_after_a_restart(world, tmp_path):
    def guesses(panel, count):
        browsers = [panel.browser() for _ in range(count)]
        for one in browsers:
            one.get("/sign-in/")
        statuses = []

        def post(one):
            statuses.append(one.post("/sign-in/", login=PIA, password="wrong").status)

        threads = [threading.Thread(target=post, args=(one,)) for one in browsers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return statuses

    key = {"VMAIL_SECRET_KEY": "k" * 50}
    with Served(tmp_path, world.slapd.ldapi_uri, **key) as panel, Counted(world.slapd) as asked:
        statuses = guesses(panel, 16)
    assert sorted(statuses) == [200] * 5 + [429] * 11
    assert asked.kinds["BIND"] == 5

    with Served(tmp_path, world.slapd.ldapi_uri, **key) as panel:
        assert guesses(panel, 1) == [429]
