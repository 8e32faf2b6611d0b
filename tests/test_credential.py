"""The password between two requests: sealed, in two halves, and nowhere to be found."""

import base64
import secrets

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.http import HttpResponse

from tests.world import ALICE, PIA, word
from vmail_admin.directory import credential
from vmail_admin.signing_in.models import Session
from vmail_admin.signing_in.store import SessionStore

PASSWORD = "a sealed password, ü"


@pytest.fixture
def session(world):
    session = SessionStore()
    session.create()
    return session


@pytest.fixture
def cookies(session):
    return {credential.COOKIE: credential.seal(session, ALICE, PASSWORD)}


def test_both_halves_together_open_it(session, cookies):
    assert credential.unseal(session, cookies, ALICE) == PASSWORD


def test_neither_half_alone_opens_it(session, cookies):
    assert credential.unseal(session, {}, ALICE) is None
    assert credential.unseal(SessionStore(), cookies, ALICE) is None


def test_no_half_holds_the_password_in_any_spelling(session, cookies):
    halves = [session[credential.SEALED], cookies[credential.COOKIE]]
    for half in [one.encode() for one in halves] + [
        base64.urlsafe_b64decode(one) for one in halves
    ]:
        for spelling in (PASSWORD, base64.b64encode(PASSWORD.encode()).decode(), PASSWORD[::-1]):
            assert spelling.encode() not in half


def test_secret_key_opens_nothing(session, cookies, settings):
    """What is sealed under one SECRET_KEY opens under any other: it is not part of the lock."""
    raw = base64.urlsafe_b64decode(session[credential.SEALED])
    settings.SECRET_KEY = secrets.token_urlsafe(50)

    assert credential.unseal(session, cookies, ALICE) == PASSWORD
    assert settings.SECRET_KEY.encode() not in raw


@pytest.mark.parametrize("half", ["sealed", "key"])
def test_a_half_that_was_touched_opens_nothing(session, cookies, half):
    for place in range(0, 40, 7):
        spoilt, keys = dict(session.items()), dict(cookies)
        text = spoilt[credential.SEALED] if half == "sealed" else keys[credential.COOKIE]
        raw = bytearray(base64.urlsafe_b64decode(text))
        raw[place % len(raw)] ^= 1
        text = base64.urlsafe_b64encode(raw).decode()
        if half == "sealed":
            session[credential.SEALED] = text
        else:
            keys[credential.COOKIE] = text
        assert credential.unseal(session, keys, ALICE) is None
        session[credential.SEALED] = spoilt[credential.SEALED]


@pytest.mark.parametrize("text", ["", "x", "=", "ü", "a" * 5000, "AAAA"])
def test_nonsense_in_the_cookie_opens_nothing(session, cookies, text):
    assert credential.unseal(session, {credential.COOKIE: text}, ALICE) is None


def test_moved_to_another_session_it_stays_shut(session, cookies):
    other = SessionStore()
    other.create()
    others_key = {credential.COOKIE: credential.seal(other, PIA, "another password")}
    other[credential.SEALED] = session[credential.SEALED]

    for keys in (cookies, others_key):
        for dn in (ALICE, PIA):
            assert credential.unseal(other, keys, dn) is None


def test_for_another_person_it_stays_shut(session, cookies):
    assert credential.unseal(session, cookies, PIA) is None


def test_every_seal_has_a_key_and_a_nonce_of_its_own(session):
    seals, keys = set(), set()
    for _ in range(50):
        keys.add(credential.seal(session, ALICE, PASSWORD))
        seals.add(base64.urlsafe_b64decode(session[credential.SEALED])[: credential.NONCE_BYTES])

    assert len(seals) == len(keys) == 50
    assert {len(base64.urlsafe_b64decode(key)) for key in keys} == {32}


def test_it_is_aes_gcm_and_nothing_of_our_own(session, cookies):
    raw = base64.urlsafe_b64decode(session[credential.SEALED])
    key = AESGCM(base64.urlsafe_b64decode(cookies[credential.COOKIE]))
    place = f"{session.session_key} {ALICE}".encode()

    assert key.decrypt(raw[:12], raw[12:], place).decode() == PASSWORD


@pytest.mark.parametrize("https", [True, False])
def test_the_cookie_is_for_the_server_alone(settings, https):
    settings.SESSION_COOKIE_SECURE = https
    response = HttpResponse()
    credential.hand_out(response, "key")
    cookie = response.cookies[credential.COOKIE]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert bool(cookie["secure"]) is https
    assert cookie["max-age"] == cookie["expires"] == ""


# --- in a real session


def test_a_browser_holds_a_key_and_a_name_and_no_more(alice):
    assert set(alice.cookies) == {"vmail_session", "vmail_key", "vmail_csrf"}


def test_with_one_cookie_only_nobody_is_signed_in(alice):
    key = alice.cookies.pop("vmail_key")
    assert alice.get("/me/").status_code == 302
    alice.cookies["vmail_key"] = key.value

    assert alice.get("/me/").status_code == 302


def test_somebody_elses_key_opens_nothing(alice, pia):
    alice.cookies["vmail_key"] = pia.cookies["vmail_key"].value

    assert alice.get("/me/").status_code == 302


def test_a_session_written_by_another_release_is_nobodys(alice):
    session = alice.session
    session["person"] = {"unknown": "shape"}
    session.save()

    assert alice.get("/me/").status_code == 302


def test_signing_out_wipes_it(alice):
    key = alice.session.session_key
    cookies = {name: morsel.value for name, morsel in alice.cookies.items()}
    alice.post("/sign-out/")

    assert not Session.objects.filter(session_key=key).exists()
    assert alice.cookies["vmail_key"].value == ""
    for name, value in cookies.items():
        alice.cookies[name] = value
    assert alice.get("/me/").status_code == 302


def test_signing_in_changes_the_name_of_the_session_and_the_csrf_token(stranger):
    stranger.get("/sign-in/")
    session = stranger.session
    session["planted"] = "by somebody else"
    session.save()
    stranger.cookies["vmail_session"] = session.session_key
    csrf = stranger.cookies["vmail_csrf"].value
    stranger.post("/sign-in/", {"login": "alice@example.test", "password": word("alice")})

    assert stranger.session.session_key != session.session_key
    assert "planted" not in stranger.session
    assert stranger.cookies["vmail_csrf"].value != csrf
    assert not Session.objects.filter(session_key=session.session_key).exists()
