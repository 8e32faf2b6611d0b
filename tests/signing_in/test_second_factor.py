"""The second factor: asked between the password and being signed in, and each code good once."""

import threading
import time

import pytest
from django.db import connections
from django.test import Client

from tests.pages import errors_of, messages_of
from tests.signing_in.phones import (
    CODE,
    LOGINS,
    SET_UP,
    given,
    with_password,
)
from tests.slapd_log import Counted
from tests.walk import every_url
from tests.world import PIA, RITA, word
from vmail_admin.directory import sessions
from vmail_admin.signing_in import factor as factors
from vmail_admin.signing_in.models import RecoveryCode, Session

# --- between the password and being signed in


def test_who_has_none_and_needs_none_meets_none(world):
    for name, lands in (
        ("alice", "/me/"),
        ("pia", "/domains/example.test/"),
        ("rita", "/domains/"),
    ):
        assert with_password(name).led_to == lands


def test_the_password_alone_opens_no_page(half, world):
    assert half.led_to == CODE
    with Counted(world.slapd) as asked:
        for name, path in every_url().items():
            if name in ("sign-in", "theme") or name in OPEN_TO_MACHINES:
                continue
            answer = half.get(path)
            assert answer.status_code in (302, 405) or path == CODE, name
            assert half.post(path, {}).status_code in (302, 405) or path == CODE, name
            if name in ("sign-out", "sign-in-set-up"):
                half = with_password("pia")

    assert set(asked.kinds) <= {"BIND", "SRCH"}
    assert asked.kinds["BIND"] == 2  # of signing in once more, twice


OPEN_TO_MACHINES = {"healthz", "readyz", "metrics"}


def test_asking_for_the_code_asks_slapd_nothing(half, phone, world):
    with Counted(world.slapd) as asked:
        assert half.get(CODE).status_code == 200
        half.post(CODE, {"code": phone.wrong()})
        half.post(CODE, {"code": phone.code()})

    assert str(asked) == "nothing"


def test_the_right_code_leads_to_the_page_that_was_wanted(phone, world):
    client = Client()
    wanted = client.get("/accounts/alice@example.test/").url
    answer = client.post(wanted, {"login": LOGINS["pia"], "password": word("pia")})
    assert answer.url == CODE

    assert client.post(CODE, {"code": phone.code()}).url == "/accounts/alice@example.test/"
    assert client.get("/accounts/alice@example.test/").status_code == 200


def test_signing_in_costs_slapd_what_it_always_does(phone, world):
    with Counted(world.slapd) as asked:
        with_password("pia")

    assert str(asked) == "1 BIND, 3 SRCH"


def test_the_session_gets_a_new_key_and_a_new_seal(half, phone):
    before = {name: morsel.value for name, morsel in half.cookies.items()}
    half.post(CODE, {"code": phone.code()})

    for name, value in before.items():
        assert half.cookies[name].value != value, name
    assert not Session.objects.filter(pk=before["vmail_session"]).exists()
    assert half.get("/me/").status_code == 200


def test_the_half_open_session_is_not_listed_and_dies_with_the_password(half, pia_signed_in):
    assert pia_signed_in.get("/me/signed-in/").content.decode().count('class="setting"') == 1
    new = {"old_password": word("pia"), "new_password": "a new word for Pia"}
    pia_signed_in.post("/me/password/", new)

    assert half.get(CODE).status_code == 302


def test_five_minutes_later_it_is_over(half, phone, monkeypatch):
    session = half.session
    session["half"] = session["half"] | {"since": int(time.time()) - sessions.HALF_OPEN - 1}
    session.save()
    answer = half.post(CODE, {"code": phone.code()}, follow=True)

    assert answer.redirect_chain[-1][0] == "/sign-in/"
    assert "longer than five minutes" in messages_of(answer)[0]
    assert half.get("/me/").status_code == 302


def test_its_row_lives_five_minutes_and_then_as_ever(half, phone):
    row = Session.objects.get(pk=half.session.session_key)
    assert row.half_open
    assert 300 <= (row.expire_date - row.began).total_seconds() < 1000
    half.post(CODE, {"code": phone.code()})

    row = Session.objects.get(pk=half.session.session_key)
    assert not row.half_open
    assert (row.expire_date - row.began).total_seconds() > 1700


@pytest.mark.parametrize("half_missing", ["vmail_key", "vmail_session"])
def test_with_one_cookie_the_code_opens_nothing(half, phone, half_missing):
    half.cookies.pop(half_missing)

    assert half.post(CODE, {"code": phone.code()}).url == "/sign-in/"
    assert half.get("/me/").status_code == 302


def test_nobody_comes_to_the_code_without_the_password(stranger):
    for path in (CODE, SET_UP):
        assert stranger.get(path).url == "/sign-in/"
        assert stranger.post(path, {"code": "123456"}).url == "/sign-in/"


def test_who_is_signed_in_has_no_business_there(alice):
    assert alice.get(CODE).url == "/"


# --- codes


@pytest.mark.parametrize("later", [-1, 0, 1])
def test_a_clock_may_be_half_a_minute_wrong(half, phone, later):
    assert half.post(CODE, {"code": phone.code(later)}).status_code == 302


@pytest.mark.parametrize("later", [-3, 3])
def test_but_not_more(half, phone, later):
    assert "not right" in errors_of(half.post(CODE, {"code": phone.code(later)}), "code")


def test_a_code_is_good_once(half, phone):
    code = phone.code()
    half.post(CODE, {"code": code})
    again = with_password("pia")

    assert "used before" in errors_of(again.post(CODE, {"code": code}), "code")
    assert "used before" in errors_of(again.post(CODE, {"code": phone.code(-1)}), "code")
    assert again.get("/me/").status_code == 302


def test_of_two_at_once_one_is_let_in(phone):
    code, factor, let_in = phone.code(), factors.factor_of(PIA), []
    start = threading.Barrier(8)

    def attempt():
        start.wait()
        let_in.append(factors.accepts(factor, code))
        connections.close_all()

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(let_in) == [False] * 7 + [True]


@pytest.mark.parametrize(
    "typed", ["", " ", "12345", "1234567", "abcdef", "１２３４５６", "x" * 41, "\x00"]
)
def test_what_is_no_code_is_refused_with_a_sentence(half, typed):
    assert errors_of(half.post(CODE, {"code": typed}), "code")
    assert half.get("/me/").status_code == 302


def test_blanks_do_not_matter(half, phone):
    code = phone.code()

    assert half.post(CODE, {"code": f" {code[:3]} {code[3:]} "}).status_code == 302


def test_codes_cannot_be_guessed(half, phone):
    for _ in range(5):
        assert half.post(CODE, {"code": phone.wrong()}).status_code == 200
    answer = half.post(CODE, {"code": phone.code()})

    assert answer.status_code == 429
    assert "Too many wrong codes. Try again in 1 minute" in answer.content.decode()
    assert half.get("/me/").status_code == 302
    # A new password sign-in is no new start.
    assert with_password("pia").post(CODE, {"code": phone.code()}).status_code == 429


# --- recovery codes


def test_a_recovery_code_opens_once(world):
    _, codes = given(PIA, LOGINS["pia"])
    client = with_password("pia")
    answer = client.post(CODE, {"code": codes[3]}, follow=True)
    again = with_password("pia").post(CODE, {"code": codes[3]})

    assert answer.status_code == 200
    assert messages_of(answer) == ["That recovery code is used up. You have 9 more."]
    assert "not right" in errors_of(again, "code")


def test_however_it_is_typed(world):
    _, codes = given(PIA, LOGINS["pia"])
    for change in (str.upper, lambda code: code.replace("-", ""), lambda code: f" {code} "):
        assert with_password("pia").post(CODE, {"code": change(codes.pop())}).status_code == 302


def test_the_last_one_says_so(world):
    _, codes = given(PIA, LOGINS["pia"])
    RecoveryCode.objects.exclude(pk=RecoveryCode.objects.first().pk).delete()
    client = with_password("pia")
    answer = client.post(CODE, {"code": codes[0]}, follow=True)

    assert "None is left" in messages_of(answer)[0]


def test_somebody_elses_recovery_code_opens_nothing(half, world):
    _, codes = given(RITA, "rita")

    assert "not right" in errors_of(half.post(CODE, {"code": codes[0]}), "code")
    assert factors.factor_of(RITA).recovery_codes.count() == 10
