"""Signing in with a password that slapd's policy has something to say about."""

import datetime as dt

import ldap
import pytest
from ldap.controls.simple import RelaxRulesControl

from deploy.private_slapd import PrivateSlapd
from deploy.site import Passwords, Site
from tests.crowd import load_cast_and_crowd
from tests.slapd_log import Counted
from tests.world import ALICE, word

NEW = "a new word for Alice"
SENTENCE = "does not accept this name and password"


def sent(client, password):
    return client.post("/sign-in/", {"login": "alice@example.test", "password": password})


def change_password(client, old, new=NEW):
    return client.post("/me/password/", {"old_password": old, "new_password": new})


@pytest.fixture
def reset(world, policy):
    """Alice's password was chosen by somebody else, and must be changed."""
    policy(pwdMustChange="TRUE")
    world.change(ALICE, pwdReset="TRUE")


@pytest.fixture
def expired(world, policy):
    """Alice's password is older than it may be. It opens as often as is said."""
    chosen(world, dt.timedelta(days=10))
    return lambda number: policy(pwdMaxAge=9 * 86400, pwdGraceAuthNLimit=number)


def chosen(world, ago):
    """Turns back slapd's clock for Alice's password."""
    then = (dt.datetime.now(dt.UTC) - ago).strftime("%Y%m%d%H%M%SZ").encode()
    root = world.root()
    change = [(ldap.MOD_REPLACE, "pwdChangedTime", [then])]
    root.modify_ext_s(ALICE, change, serverctrls=[RelaxRulesControl()])
    root.unbind_s()


def test_a_password_of_somebody_elses_choice_has_to_be_changed_first(stranger, reset, world):
    assert sent(stranger, word("alice")).url == "/me/password/"
    for page in ("/", "/me/", "/me/name/", "/domains/example.test/"):
        assert stranger.get(page).url == "/me/password/"
    assert "Choose a password of your own" in stranger.get("/me/password/").content.decode()

    change_password(stranger, word("alice"))
    assert stranger.get("/me/").status_code == 200
    assert world.value(ALICE, "pwdReset") is None


def test_signing_out_is_open_before_the_change(stranger, reset):
    sent(stranger, word("alice"))

    assert stranger.post("/sign-out/").url == "/sign-in/"


def test_a_change_that_slapd_refuses_leaves_the_person_there(stranger, reset, policy):
    policy(pwdMinLength=30)
    sent(stranger, word("alice"))

    assert (
        "too short for the password policy"
        in change_password(stranger, word("alice")).content.decode()
    )
    assert stranger.get("/me/").url == "/me/password/"


def test_an_expired_password_opens_a_few_times_more_for_the_change_only(stranger, expired, world):
    expired(3)
    assert sent(stranger, word("alice")).url == "/me/password/"
    page = stranger.get("/me/password/").content.decode()
    assert "Your password has expired" in page
    assert stranger.get("/me/").url == "/me/password/"

    change_password(stranger, word("alice"))
    assert stranger.get("/me/").status_code == 200
    assert world.accepts(ALICE, NEW)


def test_looking_at_the_page_wastes_no_last_time(stranger, expired, world):
    expired(2)
    sent(stranger, word("alice"))
    with Counted(world.slapd) as asked:
        for _ in range(5):
            stranger.get("/me/password/")
            stranger.get("/me/")

    assert str(asked) == "nothing"
    assert change_password(stranger, word("alice")).status_code == 302
    assert world.accepts(ALICE, NEW)


@pytest.mark.parametrize("last_times", [0, 1])
def test_an_expired_password_that_opens_no_more_is_said_to_be_so(stranger, expired, last_times):
    """With a single last time it is gone by signing in, before anything could be changed."""
    expired(last_times)

    assert (
        "Your password has expired. Ask your postmaster"
        in sent(stranger, word("alice")).content.decode()
    )


def test_a_wrong_password_does_not_learn_that_it_expired(stranger, expired):
    expired(0)

    assert SENTENCE in sent(stranger, "not the password").content.decode()


def test_a_password_that_expires_meanwhile_leads_to_the_change(stranger, expired):
    sent(stranger, word("alice"))
    expired(3)
    stranger.get("/me/")

    assert stranger.get("/me/").url == "/me/password/"
    assert change_password(stranger, word("alice")).status_code == 302
    assert stranger.get("/me/").status_code == 200


def test_one_that_expires_meanwhile_and_opens_no_more_ends_the_session(stranger, expired):
    sent(stranger, word("alice"))
    expired(0)

    assert stranger.get("/me/").url.startswith("/sign-in/")
    assert "Your password has expired. Ask" in stranger.get("/sign-in/").content.decode()


def test_a_password_that_expires_soon_is_announced_once(stranger, world, policy):
    chosen(world, dt.timedelta(days=7, hours=1))
    policy(pwdMaxAge=10 * 86400, pwdExpireWarning=14 * 86400)
    assert sent(stranger, word("alice")).url == "/me/"

    assert "Your password expires in 2 days." in stranger.get("/me/").content.decode()
    assert "expires" not in stranger.get("/me/").content.decode()


def test_who_guesses_too_often_is_locked_out_and_so_is_the_right_password(stranger, policy, world):
    policy(pwdMaxFailure=3)
    for _ in range(3):
        assert SENTENCE in sent(stranger, "a guess").content.decode()

    assert SENTENCE in sent(stranger, word("alice")).content.decode()
    assert world.value(ALICE, "pwdAccountLockedTime")


@pytest.fixture
def loud_slapd(tmp_path, panel_at):
    """slapd that says why it refuses: ppolicy_use_lockout of slapo-ppolicy(5)."""
    slapd = PrivateSlapd(tmp_path / "slapd", Site(passwords=Passwords(max_failures=3)), fast=True)
    conf = slapd.config_path
    conf.write_text(conf.read_text() + "\nppolicy_use_lockout\n")
    load_cast_and_crowd(slapd, 0)
    with slapd:
        panel_at(slapd.ldapi_uri)
        yield slapd


def test_where_slapd_says_that_it_is_locked_so_does_the_page(stranger, loud_slapd):
    for _ in range(3):
        assert SENTENCE in sent(stranger, "a guess").content.decode()

    assert "locked after too many wrong passwords" in sent(stranger, word("alice")).content.decode()
