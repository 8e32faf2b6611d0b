"""A second factor is set up: of one's own accord, or because the site demands it."""

import re

import pytest
from django.test import Client

from tests.pages import errors_of
from tests.signing_in.phones import (
    CODE,
    LOGINS,
    OWN,
    OWN_SET_UP,
    SET_UP,
    Phone,
    codes_on,
    secret_on,
    with_password,
)
from tests.world import ALICE, PIA, POST, word
from vmail_admin.signing_in import factor as factors

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
    old = factors.recovery_codes_for(factors.factor_of(PIA))
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
