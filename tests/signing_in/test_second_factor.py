"""The second factor: asked between the password and being signed in, and each code good once."""

import re
import threading
import time

import pyotp
import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client

from tests.pages import errors_of, messages_of
from tests.slapd_log import Counted
from tests.walk import every_url
from tests.world import ALICE, PIA, POST, RITA, word
from vmail_admin.directory import sessions
from vmail_admin.directory.names import key_of
from vmail_admin.signing_in import factor as factors
from vmail_admin.signing_in.models import Factor, RecoveryCode, Session
from vmail_admin.signing_in.seals import seal, unseal

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


@pytest.fixture
def phone(world):
    return given(PIA, LOGINS["pia"])[0]


@pytest.fixture
def half(phone):
    """Pia's browser, after the right password."""
    return with_password("pia")


def secret_on(page):
    letters = re.search(r'id="letters">([A-Z2-7 ]+)<', page.content.decode()).group(1)
    return letters.replace(" ", "")


def codes_on(page):
    return re.findall(r"\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b", page.content.decode())


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


@pytest.fixture
def pia_signed_in(phone):
    Session.objects.all().delete()
    client = with_password("pia")
    client.post(CODE, {"code": phone.code(-1)})
    return client


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
    assert 290 < (row.expire_date - row.began).total_seconds() <= 301
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


# --- setting it up, signed in


def test_a_postmaster_sets_it_up(pia, world):
    page = pia.get(OWN_SET_UP)
    phone = Phone(secret_on(page))
    assert "data:image/svg+xml" in page.content.decode()
    assert f"secret={phone.secret}" in page.content.decode()
    done = pia.post(OWN_SET_UP, {"password": word("pia"), "code": phone.code()})

    codes = codes_on(done)
    assert len(set(codes)) == 10
    again = with_password("pia")
    assert again.led_to == CODE
    assert again.post(CODE, {"code": phone.code()}).status_code == 200  # used by setting it up
    assert again.post(CODE, {"code": phone.code(1)}).status_code == 302


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"password": "wrong"}, "password"),
        ({"password": ""}, "password"),
        ({"code": "000000"}, "code"),
        ({"code": ""}, "code"),
    ],
)
def test_it_needs_the_password_and_a_code(pia, fields, field):
    phone = Phone(secret_on(pia.get(OWN_SET_UP)))
    good = {"password": word("pia"), "code": phone.code()}
    page = pia.post(OWN_SET_UP, good | fields)

    assert errors_of(page, field)
    assert factors.factor_of(PIA) is None
    assert secret_on(page) == phone.secret


def test_other_sessions_end_then(pia, sign_in):
    other = sign_in(LOGINS["pia"], word("pia"))
    phone = Phone(secret_on(pia.get(OWN_SET_UP)))
    pia.post(OWN_SET_UP, {"password": word("pia"), "code": phone.code()})

    assert other.get("/me/").status_code == 302
    assert pia.get("/me/").status_code == 200


def test_another_device_needs_the_one_before(pia_signed_in, phone):
    new = Phone(secret_on(pia_signed_in.get(OWN_SET_UP)))
    fields = {"password": word("pia"), "code": new.code()}
    refused = pia_signed_in.post(OWN_SET_UP, fields | {"old_code": new.code()})
    assert "not right" in errors_of(refused, "old_code")
    assert pia_signed_in.post(OWN_SET_UP, fields).status_code == 200
    assert factors.accepts(factors.factor_of(PIA), phone.code())

    page = pia_signed_in.post(OWN_SET_UP, fields | {"old_code": phone.code(1)})
    assert len(codes_on(page)) == 10
    assert not factors.accepts(factors.factor_of(PIA), phone.code(1))


def test_new_recovery_codes_undo_the_old(pia_signed_in, phone):
    old = factors.new_recovery_codes(factors.factor_of(PIA))
    page = pia_signed_in.post(OWN, {"do": "codes", "code": phone.code()})

    new = codes_on(page)
    assert len(new) == 10
    assert not factors.accepts(factors.factor_of(PIA), old[0])
    assert factors.accepts(factors.factor_of(PIA), new[0])


def test_turning_it_off_needs_a_code(pia_signed_in, phone):
    page = pia_signed_in.post(OWN, {"do": "off", "code": phone.wrong()})
    assert "not right" in errors_of(page, "code")
    assert factors.factor_of(PIA)
    pia_signed_in.post(OWN, {"do": "off", "code": phone.code()})

    assert factors.factor_of(PIA) is None
    assert with_password("pia").led_to == "/domains/example.test/"


@pytest.mark.parametrize("wish", ["", "nonsense", None])
def test_a_code_for_nothing_is_not_used_up(pia_signed_in, phone, wish):
    fields = {"code": phone.code()} | ({} if wish is None else {"do": wish})
    assert pia_signed_in.post(OWN, fields).status_code == 200

    assert factors.accepts(factors.factor_of(PIA), phone.code())


def test_a_user_has_no_use_for_it(alice):
    assert alice.get(OWN).status_code == 404
    assert alice.get(OWN_SET_UP).status_code == 404
    assert alice.post(OWN_SET_UP, {"password": word("alice"), "code": "1"}).status_code == 404


# --- where the site demands it


DEMANDED = [
    ("optional", []),
    ("site-admins", ["rita"]),
    ("postmasters", ["rita", "pia"]),
]


@pytest.mark.parametrize(("setting", "who"), DEMANDED)
def test_of_whom_the_site_demands_it(world, settings, setting, who):
    settings.SECOND_FACTOR = setting
    led = {name: with_password(name).led_to == SET_UP for name in LOGINS}

    assert [name for name, demanded in led.items() if demanded] == who


def test_who_has_none_sets_it_up_before_anything_else(world, settings):
    settings.SECOND_FACTOR = "postmasters"
    client = with_password("pia")
    assert client.get("/me/").status_code == 302
    page = client.get(SET_UP)
    phone = Phone(secret_on(page))
    assert phone.secret not in str(client.session.items())
    assert secret_on(client.post(SET_UP, {"code": phone.wrong()})) == phone.secret
    assert client.get("/me/").status_code == 302
    done = client.post(SET_UP, {"code": phone.code()})

    assert len(codes_on(done)) == 10
    assert 'href="/domains/example.test/"' in done.content.decode()
    assert client.get("/domains/example.test/").status_code == 200
    assert with_password("pia").led_to == CODE


def test_the_page_of_the_codes_can_be_sent_from(world, settings):
    """Its forms hold the token of the session that it opened."""
    settings.SECOND_FACTOR = "postmasters"
    client = Client(enforce_csrf_checks=True)

    def post(page, path, **fields):
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]
        return client.post(path, fields | {"csrfmiddlewaretoken": token})

    sign_in = client.get("/sign-in/")
    post(sign_in, "/sign-in/", login=LOGINS["pia"], password=word("pia"))
    page = client.get(SET_UP)
    done = post(page, SET_UP, code=Phone(secret_on(page)).code())

    assert post(done, "/theme/", choice="dark").status_code == 302


def test_who_has_one_cannot_set_up_another_with_the_password_alone(half, settings):
    settings.SECOND_FACTOR = "postmasters"
    assert half.get(SET_UP).url == "/sign-in/"

    assert factors.factor_of(PIA)


def test_where_it_is_demanded_it_cannot_be_turned_off(pia_signed_in, phone, settings):
    settings.SECOND_FACTOR = "postmasters"
    assert "Turn it off" not in pia_signed_in.get(OWN).content.decode()

    assert pia_signed_in.post(OWN, {"do": "off", "code": phone.code()}).status_code == 403
    assert factors.factor_of(PIA)


def test_who_is_appointed_later_is_asked_at_the_next_sign_in(world, settings):
    settings.SECOND_FACTOR = "postmasters"
    assert with_password("alice").led_to == "/me/"
    world.change(POST, roleOccupant=[POST, PIA, ALICE])

    assert with_password("alice").led_to == SET_UP


def must_change(world, policy, dn):
    policy(pwdMustChange="TRUE")
    root = world.root()
    root.modify_s(dn, [(2, "pwdReset", [b"TRUE"])])
    root.unbind_s()


NEW = {"old_password": word("pia"), "new_password": "a new word for Pia"}


def test_a_password_that_must_be_changed_is_no_way_around_it(world, policy, settings):
    """slapd then says nothing of the roles of who signs in, until it is changed."""
    settings.SECOND_FACTOR = "postmasters"
    must_change(world, policy, PIA)
    client = with_password("pia")
    assert client.led_to == "/me/password/"
    answer = client.post("/me/password/", NEW)

    assert answer.url == SET_UP
    assert client.get("/domains/example.test/").status_code == 302
    phone = Phone(secret_on(client.get(SET_UP)))
    client.post(SET_UP, {"code": phone.code()})
    assert client.get("/domains/example.test/").status_code == 200


def test_nor_for_who_has_one(phone, world, policy):
    must_change(world, policy, PIA)
    client = with_password("pia")
    assert client.led_to == CODE
    assert client.get("/me/password/").status_code == 302
    assert client.post(CODE, {"code": phone.code()}).url == "/me/password/"

    assert client.post("/me/password/", NEW).url == "/"
    assert client.get("/domains/example.test/").status_code == 200


SPELLINGS = [PIA, PIA.upper(), PIA.replace("mail=", "rfc822Mailbox="), PIA.replace("pia", "\\70ia")]


@pytest.mark.parametrize("login", SPELLINGS)
def test_another_spelling_is_no_way_around_it(phone, world, login):
    client = Client()
    answer = client.post("/sign-in/", {"login": login, "password": word("pia")})

    assert answer.url == CODE


def test_mail_logins_never_meet_it(phone, world):
    assert world.accepts(PIA, word("pia"))


# --- who lost it


def test_a_site_admin_removes_that_of_a_postmaster(half, rita):
    page = "/people/pia@example.test/second-factor/"
    assert page in rita.get("/accounts/pia@example.test/").content.decode()
    assert "signed out everywhere" in rita.get(page).content.decode()
    assert factors.factor_of(PIA)
    rita.post(page)

    assert factors.factor_of(PIA) is None
    assert half.get(CODE).status_code == 302
    assert with_password("pia").led_to == "/domains/example.test/"


def test_the_journal_tells_it(phone, rita):
    rita.post("/people/pia@example.test/second-factor/")
    pia = with_password("pia")

    for client, page in ((rita, "/journal/"), (pia, "/domains/example.test/journal/")):
        html = client.get(page).content.decode()
        text = " ".join(re.sub("<[^>]*>", " ", html).split())
        assert "changed the second factor of pia@example.test" in text
        assert "Undo" not in text


def test_nobody_else_does(phone, pia_signed_in, otto, alice):
    page = "/people/pia@example.test/second-factor/"
    for client in (otto, alice):
        assert client.get(page).status_code == 403
        assert client.post(page).status_code == 403
    assert pia_signed_in.post(page).status_code == 403

    assert factors.factor_of(PIA)


def test_who_is_site_admin_no_longer_does_not(phone, rita, world):
    world.change(f"cn=siteadmins,{RITA.partition(',')[2]}", member=[POST])

    assert rita.post("/people/pia@example.test/second-factor/").status_code == 403
    assert factors.factor_of(PIA)


def test_a_site_admin_does_not_get_rid_of_the_own_one_that_way(world):
    world.change(f"cn=siteadmins,{RITA.partition(',')[2]}", member=[RITA, PIA])
    phone, _ = given(PIA, LOGINS["pia"])
    client = with_password("pia")
    client.post(CODE, {"code": phone.code()})

    assert client.post("/people/pia@example.test/second-factor/").url == OWN
    assert factors.factor_of(PIA)


def test_who_has_none_has_none_removed(rita):
    assert rita.post("/people/alice@example.test/second-factor/").status_code == 404
    assert "/people/" not in rita.get("/accounts/alice@example.test/").content.decode()


def test_the_command_lists_and_removes(world, capsys):
    given(RITA, "rita")
    given(PIA, LOGINS["pia"])
    call_command("second_factor", "list")
    assert "rita" in capsys.readouterr().out
    call_command("second_factor", "remove", "RITA")

    assert factors.factor_of(RITA) is None
    assert factors.factor_of(PIA)
    with pytest.raises(CommandError, match="'nobody' has no second factor"):
        call_command("second_factor", "remove", "nobody")


# --- what is kept


def test_the_database_alone_opens_none(phone, settings):
    factor = factors.factor_of(PIA)
    rows = str(list(Factor.objects.values_list())) + str(list(RecoveryCode.objects.values_list()))

    assert phone.secret not in rows
    assert unseal(factor.account, factor.sealed) == phone.secret
    settings.SECRET_KEY = "another key" * 10
    assert unseal(factor.account, factor.sealed) is None


def test_under_another_secret_key_no_code_is_right_and_nobody_is_let_in(half, phone, settings):
    factor = factors.factor_of(PIA)
    settings.SECRET_KEY = "another key" * 10

    assert not factors.accepts(factor, phone.code())
    assert factors.awaited_of(Person(PIA, "pia")) == factors.ASKS_CODE


def test_one_moved_to_another_account_opens_nothing(phone):
    sealed = factors.factor_of(PIA).sealed

    assert unseal(key_of(RITA), sealed) is None
    assert unseal(key_of(PIA), sealed[:-4] + "AAAA") is None
    assert unseal(key_of(PIA), "") is unseal(key_of(PIA), "=") is None
    assert seal(key_of(PIA), "x") != seal(key_of(PIA), "x")


def test_recovery_codes_are_kept_as_digests(world):
    _, codes = given(PIA, LOGINS["pia"])
    rows = str(list(RecoveryCode.objects.values_list()))

    assert not any(code in rows or code.replace("-", "") in rows for code in codes)
