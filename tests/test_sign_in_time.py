"""An unknown name is refused as fast as a wrong password: the time tells nobody who is here."""

import time
from functools import partial

from django.test import Client

from tests.world import EXAMPLE
from vmail_admin.signing_in.models import Guesses
from vmail_admin.views import REFUSAL_TAKES

MOST_TRIES = 50


def seconds_of(login):
    began = time.perf_counter()
    Client().post("/sign-in/", {"login": login, "password": "not the password"})
    return time.perf_counter() - began


def bind_seconds(world, mail):
    began = time.perf_counter()
    world.accepts(f"mail={mail},{EXAMPLE}", "not the password")
    return time.perf_counter() - began


def fastest_until(are_told, seconds_of, *names):
    """The shortest time of each, once it tells what is asked or many were tried.

    A busy machine makes any of them longer, and none shorter: what it adds goes with time.
    """
    fastest = dict.fromkeys(names, float("inf"))
    for _ in range(MOST_TRIES):
        Guesses.objects.all().delete()  # or the later ones would not come through
        for name in names:
            fastest[name] = min(fastest[name], seconds_of(name))
        if are_told(*fastest.values()):
            break
    return fastest.values()


def are_alike(*seconds):
    """Far less apart than what slapd needs to hash a password."""
    return max(seconds) - min(seconds) < 0.02


def is_told_apart(wrong, unknown):
    return wrong > 2 * unknown


def test_an_unknown_name_takes_as_long_as_a_wrong_password(world):
    names = ("alice@example.test", "nobody@example.test", "a@b@c")

    seconds = fastest_until(are_alike, seconds_of, *names)

    assert are_alike(*seconds)
    assert min(seconds) > REFUSAL_TAKES


def test_slapd_alone_would_tell_them_apart(world):
    """Else it would prove nothing that the page does not."""
    seconds = fastest_until(
        is_told_apart, partial(bind_seconds, world), "alice@example.test", "nobody@example.test"
    )

    assert is_told_apart(*seconds)
