"""How a session ends: by itself, by signing out, and when slapd no longer takes the password."""

import datetime as dt

import ldap
import pytest
from django.utils import timezone

from tests.slapd_log import Counted
from tests.world import ALICE, EXAMPLE, PIA, POST, word
from vmail_admin.directory import sessions
from vmail_admin.signing_in.models import Session

NEW = "a new word for Alice"
OWN = {"old_password": word("alice"), "new_password": NEW}


def change_elsewhere(world, dn, password):
    root = world.root()
    root.passwd_s(dn, None, password)
    root.unbind_s()


def said(client, path="/sign-in/"):
    return client.get(path).content.decode()


# --- by itself


def test_it_lives_thirty_minutes(alice):
    left = Session.objects.get(pk=alice.session.session_key).expire_date - timezone.now()

    assert dt.timedelta(minutes=29) < left <= dt.timedelta(minutes=30)


def let_idle(client):
    """As if nothing had happened for so long that the session's time is over."""
    row = Session.objects.filter(pk=client.session.session_key)
    row.update(expire_date=timezone.now())
    return row


def test_an_idle_one_ends_and_the_page_says_why(alice):
    let_idle(alice)

    page = alice.get("/me/", follow=True)
    assert page.redirect_chain[-1][0] == "/sign-in/?next=%2Fme%2F"
    assert "nothing happened for a while" in page.content.decode()
    assert "nothing happened" not in said(alice)


def test_the_sealed_password_of_an_idle_one_goes_when_the_next_person_comes(alice, sign_in):
    old = let_idle(alice)
    sign_in("pia@example.test", word("pia"))

    assert not old.exists()


def test_one_that_is_used_goes_on(monkeypatch, alice):
    monkeypatch.setattr(sessions, "SEEN_EVERY", -1)
    for _ in range(3):
        before = Session.objects.get(pk=alice.session.session_key).expire_date
        assert alice.get("/me/").status_code == 200
        assert Session.objects.get(pk=alice.session.session_key).expire_date > before


def test_reading_page_after_page_does_not_write_the_session_each_time(alice):
    before = Session.objects.get(pk=alice.session.session_key)
    alice.get("/me/")
    alice.get("/me/")

    assert Session.objects.get(pk=before.pk).expire_date == before.expire_date


# --- by signing out


def test_signing_out_is_a_post(alice):
    assert alice.get("/sign-out/").status_code == 405
    assert alice.get("/me/").status_code == 200


def test_after_signing_out_back_shows_nothing(alice):
    assert "no-store" in alice.get("/me/").headers["Cache-Control"]
    alice.post("/sign-out/")

    assert alice.get("/me/").status_code == 302


def test_signing_out_twice_is_no_error(alice):
    alice.post("/sign-out/")
    assert alice.post("/sign-out/").status_code == 302


# --- by a new password


def test_ones_own_new_password_keeps_this_session_and_ends_the_others(sign_in, world):
    here, there = (sign_in("alice@example.test", word("alice")) for _ in range(2))
    before = here.session.session_key
    here.post("/me/password/", OWN)

    assert world.accepts(ALICE, NEW)
    assert here.get("/me/").status_code == 200
    assert here.session.session_key != before
    assert there.get("/me/").status_code == 302
    assert "your password was changed elsewhere" in said(there)


def test_with_the_old_session_and_the_old_key_nobody_comes_back(alice):
    old = {name: morsel.value for name, morsel in alice.cookies.items()}
    alice.post("/me/password/", OWN)
    for name, value in old.items():
        alice.cookies[name] = value

    assert alice.get("/me/").status_code == 302


def test_a_password_changed_elsewhere_ends_it_with_one_wrong_bind(alice, world):
    change_elsewhere(world, ALICE, NEW)
    with Counted(world.slapd) as asked:
        pages = [alice.get(path) for path in ("/me/", "/me/name/", "/me/", "/")]

    assert [page.status_code for page in pages] == [302] * 4
    assert asked.kinds["BIND"] == 1
    assert len(world.entry(ALICE, "pwdFailureTime")["pwdFailureTime"]) == 1
    assert "your password was changed elsewhere" in said(alice)
    assert not Session.objects.filter(pk=alice.session.session_key).exists()


def test_a_page_that_asks_slapd_often_still_counts_one_wrong_bind(pia, world):
    change_elsewhere(world, PIA, NEW)
    with Counted(world.slapd) as asked:
        pia.post("/accounts/alice@example.test/", {"full_name": "x"})
        pia.get("/domains/example.test/")

    assert str(asked) == "1 BIND"


@pytest.mark.parametrize(
    ("dn", "flag"), [(ALICE, {"accountActive": "FALSE"}), (ALICE, {"delete": "TRUE"})]
)
def test_an_account_that_is_switched_off_ends_it(alice, world, dn, flag):
    world.change(dn, **flag)

    assert alice.get("/me/").status_code == 302
    assert "your account was switched off" in said(alice)


def test_a_domain_that_is_suspended_ends_the_sessions_of_its_people(alice, pia, world):
    world.change(EXAMPLE, accountActive="FALSE")

    assert alice.get("/me/").status_code == 302
    assert pia.get("/domains/example.test/").status_code == 302


def test_an_account_that_is_gone_ends_it(alice, world):
    world.delete(ALICE)

    assert alice.get("/me/").status_code == 302


# --- and how a role changes meanwhile


def test_who_is_appointed_meanwhile_finds_the_domain_at_the_start_page(alice, world):
    world.change(POST, roleOccupant=[POST, PIA, ALICE])

    assert alice.get("/").url == "/domains/example.test/"


def test_who_is_dismissed_meanwhile_sees_no_domain_any_more(pia, world):
    world.change(POST, roleOccupant=[POST])

    assert pia.get("/").url == "/me/"
    assert pia.get("/domains/example.test/").status_code == 404


def test_a_password_that_must_be_changed_meanwhile_leads_there(alice, world, policy):
    policy(pwdMustChange="TRUE")
    root = world.root()
    root.modify_s(ALICE, [(ldap.MOD_REPLACE, "pwdReset", [b"TRUE"])])
    root.unbind_s()

    assert alice.get("/me/name/").url == "/me/password/"
    assert alice.get("/me/").url == "/me/password/"
    assert alice.get("/me/password/").status_code == 200
    assert alice.post("/me/password/", OWN).status_code == 302
    assert alice.get("/me/").status_code == 200
