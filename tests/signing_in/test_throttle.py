"""Guessing is slowed down, before slapd is asked, and keeps nobody else out."""

import re
import threading

import ldap
import pytest
from django.db import connections
from django.test import Client

from tests.pages import errors_of
from tests.served import Served
from tests.slapd_log import Counted
from tests.world import ALICE, PIA, word
from vmail_admin.directory.errors import NotAnswering, WrongPassword
from vmail_admin.signing_in import throttle
from vmail_admin.signing_in.models import Guesses
from vmail_admin.signing_in.throttle import SIGN_IN, TooManyWrong, guess

HERE, THERE = "203.0.113.7", "198.51.100.9"
MAIL = "alice@example.test"

pytestmark = pytest.mark.usefixtures("world", "at_once")


def wrong(about=MAIL, address=HERE, kind=SIGN_IN, times=1):
    for _ in range(times):
        with pytest.raises(WrongPassword), guess(kind, about, address):
            raise WrongPassword


def right(about=MAIL, address=HERE, kind=SIGN_IN):
    with guess(kind, about, address) as made:
        made.was_right()


def seconds_to_wait(about=MAIL, address=HERE, kind=SIGN_IN):
    with pytest.raises(TooManyWrong) as refused, guess(kind, about, address):
        pytest.fail("It was let through.")
    return refused.value.seconds


# --- one account from one network


def test_five_are_free_and_then_each_waits_twice_as_long(clock):
    wrong(times=5)
    for wait in (60, 120, 240, 480):
        assert seconds_to_wait() == wait + 1
        clock.wait(wait - 1)
        assert seconds_to_wait() == 2
        clock.wait(2)
        wrong()


def test_asking_too_early_does_not_make_it_longer(clock):
    wrong(times=5)
    waits = {seconds_to_wait() for _ in range(20)}

    assert waits == {61}


def test_the_right_one_forgets_the_wrong_ones(clock):
    wrong(times=4)
    right()
    wrong(times=5)

    assert seconds_to_wait()


def test_a_day_later_it_is_forgotten(clock):
    wrong(times=5)
    for _ in range(8):
        clock.wait(3601)
        wrong()
    clock.wait(24 * 3600 + 1)
    wrong(times=5)


def test_what_got_no_answer_does_not_count(clock):
    for _ in range(20):
        with pytest.raises(NotAnswering), guess(SIGN_IN, MAIL, HERE):
            raise NotAnswering
    wrong(times=5)


@pytest.mark.parametrize(
    ("one", "same", "another"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.8"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:3::1"),
        ("", "", "203.0.113.8"),
    ],
)
def test_a_network_is_an_address_or_64_bits(clock, one, same, another):
    wrong(address=one, times=5)

    assert seconds_to_wait(address=same)
    wrong(address=another)


# --- one account from everywhere


def test_ten_wrong_ones_from_one_place_do_not_keep_the_owner_out_from_another(clock):
    for _ in range(5):
        wrong()
    for _ in range(5):
        clock.wait(seconds_to_wait())
        wrong()

    right(address=THERE)


def test_many_places_together_have_to_wait(clock):
    for place in range(10):
        wrong(address=f"192.0.2.{place}")

    assert seconds_to_wait(address=THERE) == 61
    clock.wait(61)
    wrong(address=THERE)
    assert seconds_to_wait(address=HERE)


def test_where_the_owner_was_signed_in_before_strangers_keep_nobody_out(clock):
    right(address=THERE)
    for place in range(10):
        wrong(address=f"192.0.2.{place}")
    assert seconds_to_wait(address=HERE)

    wrong(address=THERE, times=3)
    right(address=THERE)


def test_but_that_has_an_end_too(clock):
    right(address=THERE)
    for place in range(10):
        wrong(address=f"192.0.2.{place}")
    wrong(address=THERE, times=4)

    assert seconds_to_wait(address=THERE)


# --- one network


def test_a_network_that_tries_one_name_after_the_other_has_to_wait(clock):
    for number in range(50):
        wrong(about=f"user{number}")

    assert seconds_to_wait(about="somebody") == 31
    right(about="somebody", address=THERE)


def test_who_was_signed_in_from_there_before_does_not(clock):
    right(about="neighbour")
    for number in range(50):
        wrong(about=f"user{number}")

    right(about="neighbour")


def test_honest_mistakes_cost_the_network_nothing(clock):
    for number in range(100):
        wrong(about=f"user{number}", times=3)
        right(about=f"user{number}")

    wrong(about="somebody")


def test_a_right_one_of_ones_own_washes_no_foreign_wrong_ones(clock):
    for number in range(48):
        wrong(about=f"victim{number}")
    right(about="attacker")
    wrong(about="victim48")
    wrong(about="victim49")

    assert seconds_to_wait(about="victim50")


# --- many at once, and what is kept


def test_of_forty_at_once_five_come_through(world):
    through, start = [], threading.Barrier(40)

    def attempt():
        start.wait()
        try:
            with guess(SIGN_IN, MAIL, HERE):
                through.append(1)
        except TooManyWrong:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attempt) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(through) == 5


def test_who_is_turned_away_leaves_no_row(clock):
    wrong(times=5)
    for number in range(45):
        wrong(about=f"user{number}")
    before = Guesses.objects.count()
    for number in range(20):
        seconds_to_wait(about=f"other{number}")

    assert Guesses.objects.count() == before


def test_old_rows_go(clock):
    for number in range(30):
        wrong(about=f"user{number}")
    right(about="known")
    clock.wait(25 * 3600)
    wrong(about="now")
    # The three rows of now, and that "known" was signed in from there; the network is the same.
    assert Guesses.objects.count() == 4

    clock.wait(91 * 24 * 3600)
    wrong(about="now")
    assert Guesses.objects.count() == 3


def test_no_row_says_what_was_typed(come_from):
    come_from(HERE, "my password in the wrong field", "x")
    rows = list(Guesses.objects.values_list())

    assert len(rows) == 3
    assert "wrong field" not in str(rows)
    assert HERE not in str(rows)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        *((0.2, "1 second"), (1, "1 second"), (59, "59 seconds"), (60, "1 minute")),
        *((61, "2 minutes"), (3599, "60 minutes"), (3600, "1 hour"), (3601, "2 hours")),
    ],
)
def test_a_wait_in_words(seconds, words):
    assert throttle.in_words(seconds) == words


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
