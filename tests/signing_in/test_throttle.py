"""Guessing is slowed down, before slapd is asked, and keeps nobody else out."""

import threading

import pytest
from django.db import connections

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
