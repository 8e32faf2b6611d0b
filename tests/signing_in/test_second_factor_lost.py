"""Who lost the second factor, and what a thief of the database has of it."""

import re

from tests.command_line.saying import called
from tests.signing_in.phones import (
    CODE,
    LOGINS,
    OWN,
    Person,
    given,
    with_password,
)
from tests.world import PIA, POST, RITA
from vmail_admin.directory.names import key_of
from vmail_admin.signing_in import factor as factors
from vmail_admin.signing_in.models import Factor, RecoveryCode
from vmail_admin.signing_in.seals import seal, unseal

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
        assert "took away the second factor of pia@example.test" in text
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


def test_the_command_lists_and_removes(world):
    given(RITA, "rita")
    given(PIA, LOGINS["pia"])
    assert "rita" in called("second_factor", "list").out
    assert {row["name"] for row in called("second_factor", "list", "--json").rows} == {
        *("rita", "pia@example.test")
    }
    assert called("second_factor", "remove", "RITA").code == 0

    assert factors.factor_of(RITA) is None
    assert factors.factor_of(PIA)
    said = called("second_factor", "remove", "nobody")
    assert (said.code, said.err) == (3, "'nobody' has no second factor here.\n")


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
