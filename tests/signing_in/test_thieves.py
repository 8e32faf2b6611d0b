"""What a thief of one half, of old cookies or of the database can do: nothing."""

import re

import pytest
from django.test import Client

from tests.world import word
from vmail_admin.signing_in.models import Session

PAGE, END = "/me/signed-in/", "/me/signed-in/end/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)


def alice_from(address, agent):
    client = Client(REMOTE_ADDR=address, headers={"user-agent": agent})
    client.post("/sign-in/", {"login": "alice@example.test", "password": word("alice")})
    return client


@pytest.fixture
def desk(world):
    Session.objects.all().delete()
    return alice_from("203.0.113.7", FIREFOX)


@pytest.fixture
def phone(desk):
    return alice_from("2001:db8::7", PHONE)


def text_of(client, path=PAGE):
    return client.get(path, follow=True).content.decode()


def handles(client):
    return re.findall(r'name="which" value="(\w{20})"', text_of(client))


def is_in(client):
    return client.get("/me/").status_code == 200


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
