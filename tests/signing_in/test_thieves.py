"""What a thief of one half, of old cookies or of the database can do: nothing."""

import pytest
from django.test import Client

from tests.signing_in.browsers import END, FIREFOX, PHONE, alice_from, is_in
from tests.world import word
from vmail_admin.signing_in.models import Session


@pytest.fixture
def desk(world):
    Session.objects.all().delete()
    return alice_from("203.0.113.7", FIREFOX)


@pytest.fixture
def phone(desk):
    return alice_from("2001:db8::7", PHONE)


# --- what a thief can do


def test_cookies_from_before_signing_out_open_nothing(desk):
    kept = {name: morsel.value for name, morsel in desk.cookies.items()}
    desk.post("/sign-out/")
    for name, value in kept.items():
        desk.cookies[name] = value

    assert not is_in(desk)
    assert not Session.objects.filter(pk=kept["vmail_session"]).exists()


def test_cookies_of_a_session_that_was_ended_open_nothing(desk, phone):
    kept = {name: morsel.value for name, morsel in phone.cookies.items()}
    desk.post(END, {"which": "others"})
    thief = Client(headers={"user-agent": PHONE})
    for name, value in kept.items():
        thief.cookies[name] = value

    assert not is_in(thief)


def test_a_copy_of_the_database_opens_nothing(desk):
    """The thief writes the stolen row into a session of their own, and brings the key of that."""
    thief = alice_from("192.0.2.66", FIREFOX)
    stolen = dict(desk.session.items())
    session = thief.session
    session.update(stolen)
    session.save()

    assert not is_in(thief)


def test_the_key_without_the_session_opens_nothing(desk):
    thief = Client()
    thief.cookies["vmail_key"] = desk.cookies["vmail_key"].value

    assert not is_in(thief)
    assert is_in(desk)


def test_the_session_without_the_key_opens_nothing(desk):
    thief = Client()
    thief.cookies["vmail_session"] = desk.cookies["vmail_session"].value

    assert not is_in(thief)


def test_a_session_that_somebody_else_chose_is_not_taken_over(world):
    victim = Client()
    victim.cookies["vmail_session"] = planted = "a" * 32
    victim.cookies["vmail_key"] = "A" * 43 + "="
    victim.post("/sign-in/", {"login": "alice@example.test", "password": word("alice")})

    assert is_in(victim)
    assert victim.cookies["vmail_session"].value != planted
    assert victim.cookies["vmail_key"].value != "A" * 43 + "="
    assert not Session.objects.filter(pk=planted).exists()
