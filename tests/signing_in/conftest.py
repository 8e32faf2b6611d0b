"""Time that a test moves, and addresses that a test comes from."""

import datetime as dt
import time
from types import SimpleNamespace

import pytest
from django.test import Client

from tests.signing_in import phones
from tests.signing_in.phones import CODE, LOGINS, given, with_password
from tests.world import PIA
from vmail_admin import views
from vmail_admin.signing_in import factor, throttle
from vmail_admin.signing_in.models import Session


class Clock:
    def __init__(self):
        self.time = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)

    def now(self):
        return self.time

    def wait(self, seconds):
        self.time += dt.timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch):
    """The time by which guesses are counted; it stands still unless the test lets it pass."""
    clock = Clock()
    monkeypatch.setattr(throttle, "timezone", SimpleNamespace(now=clock.now))
    return clock


@pytest.fixture(autouse=True)
def one_moment(monkeypatch):
    """For phones and the panel no half minute ends in the middle of a test."""
    began = time.time()
    now = SimpleNamespace(time=lambda: began)
    monkeypatch.setattr(phones, "time", now)
    monkeypatch.setattr(factor, "time", now)


@pytest.fixture
def at_once(monkeypatch):
    """A wrong password is answered at once: a test of many is no test of how long one takes."""
    monkeypatch.setattr(views, "REFUSAL_TAKES", 0)


@pytest.fixture
def come_from(world):
    """Tries to sign in from an address, with a browser that nobody knows yet."""

    def come(address, login, password):
        browser = Client(REMOTE_ADDR=address)
        return browser.post("/sign-in/", {"login": login, "password": password})

    return come


@pytest.fixture
def phone(world):
    return given(PIA, LOGINS["pia"])[0]


@pytest.fixture
def half(phone):
    """Pia's browser, after the right password."""
    return with_password("pia")


@pytest.fixture
def pia_signed_in(phone):
    Session.objects.all().delete()
    client = with_password("pia")
    client.post(CODE, {"code": phone.code(-1)})
    return client
