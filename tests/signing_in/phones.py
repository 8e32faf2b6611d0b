"""Second factors as people have them: a phone that knows the time, and codes on paper."""

import re
import time

import pyotp
from django.test import Client

from tests.world import word
from vmail_admin.signing_in import factor as factors

CODE, SET_UP = "/sign-in/code/", "/sign-in/set-up/"
OWN, OWN_SET_UP = "/me/second-factor/", "/me/second-factor/set-up/"
LOGINS = {"rita": "rita", "pia": "pia@example.test", "alice": "alice@example.test"}


class Person:
    def __init__(self, dn, login):
        self.dn, self.login = dn, login


class Phone:
    """An authenticator app: it knows a secret and the time."""

    def __init__(self, secret):
        self.secret = secret

    def code(self, later=0):
        return pyotp.TOTP(self.secret).at(int(time.time()) + 30 * later)

    def wrong(self):
        """Six digits that are none of those around now."""
        near = {self.code(later) for later in range(-3, 4)}
        return next(f"{n:06}" for n in range(10) if f"{n:06}" not in near)


def with_password(name):
    client = Client()
    answer = client.post("/sign-in/", {"login": LOGINS[name], "password": word(name)})
    assert answer.status_code == 302, answer.content.decode()
    client.led_to = answer.url
    return client


def given(dn, login):
    """A second factor as somebody set it up a while ago: their phone and recovery codes."""
    secret = factors.new_secret()
    return Phone(secret), factors.set_up(Person(dn, login), secret, step=0)


def secret_on(page):
    letters = re.search(r'id="letters">([A-Z2-7 ]+)<', page.content.decode()).group(1)
    return letters.replace(" ", "")


def codes_on(page):
    return re.findall(r"\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b", page.content.decode())
