"""One's own password: the old one is asked, slapd's policy speaks, and the session goes on."""

import time

import ldap
import pytest
from ldap.controls.simple import RelaxRulesControl

from tests.pages import errors_of, messages_of
from tests.world import ALEX, ALICE, POST, RITA, word

PAGE = "/me/password/"
NEW = "correct horse battery staple"


def wish(name, new=NEW):
    return {"old_password": word(name), "new_password": new}


@pytest.mark.parametrize(
    ("login", "name", "dn"),
    [
        ("alice@example.test", "alice", ALICE),
        ("alex@example.test", "alex", ALEX),
        ("postmaster@example.test", "post", POST),
        ("rita", "rita", RITA),
    ],
)
def test_the_new_one_opens_and_the_session_goes_on(sign_in, world, login, name, dn):
    client = sign_in(login, word(name))

    page = client.post(PAGE, wish(name), follow=True)

    assert messages_of(page) == [
        "Your password is changed. Use the new one in your mail program too."
    ]
    assert page.status_code == 200
    assert world.accepts(dn, NEW)
    assert not world.accepts(dn, word(name))
    assert client.get(PAGE).status_code == 200


def test_the_entry_is_dated(alice, world):
    began = int(time.time())
    alice.post(PAGE, wish("alice"))

    assert int(world.value(ALICE, "lastChange")) >= began


def test_another_session_of_hers_ends(alice, sign_in):
    other = sign_in("alice@example.test", word("alice"))
    alice.post(PAGE, wish("alice"))

    assert "You were signed out" in other.get("/me/", follow=True).content.decode()


@pytest.mark.parametrize(
    ("old", "new", "field", "sentence"),
    [
        ("wrong", NEW, "old_password", "not your present password"),
        ("", NEW, "old_password", "fill this in"),
        (None, "", "new_password", "fill this in"),
        (None, "short", "new_password", "at least 12 characters; this one has 5"),
        (None, word("alice"), "new_password", "the old password"),
        (None, "alice@example.test", "new_password", "The address itself"),
        (None, "x" * 10_000, "new_password", "at most 200 characters"),
        (None, "a line\nand another", "new_password", "control character"),
        (None, "nul\x00nul\x00nul\x00", "new_password", "control character"),
        ("x" * 10_000, NEW, "old_password", "at most 200 characters"),
    ],
)
def test_what_will_not_do_changes_nothing(alice, world, old, new, field, sentence):
    fields = {"old_password": word("alice") if old is None else old, "new_password": new}

    assert sentence in errors_of(alice.post(PAGE, fields), field)
    assert world.accepts(ALICE, word("alice"))


def test_the_page_never_sends_back_what_was_typed(alice):
    page = alice.post(PAGE, {"old_password": "a-wrong-old-one", "new_password": "shorty"})

    assert "a-wrong-old-one" not in page.content.decode()
    assert "shorty" not in page.content.decode()


def test_the_rules_of_the_site_stand_on_the_page(alice, policy):
    assert "At least 12 characters" in alice.get(PAGE).content.decode()

    policy(pwdMinLength=16, pwdInHistory=5, pwdMaxAge=90 * 86400)

    page = alice.get(PAGE).content.decode()
    assert "At least 16 characters" in page
    assert "None of the last 5 passwords" in page
    assert "A password lasts 90 days" in page


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"pwdMinLength": 40}, "at least 40 characters"),
        ({"pwdMinAge": 3600}, "changed only a short while ago"),
        ({"pwdAllowUserChange": "FALSE"}, "does not let you change this password"),
    ],
)
def test_what_the_policy_refuses_is_a_sentence(alice, world, policy, values, sentence):
    if "pwdMinAge" in values:
        alice.post(PAGE, wish("alice", "a first new password"))
        policy(**values)
        page = alice.post(PAGE, {"old_password": "a first new password", "new_password": NEW})
    else:
        policy(**values)
        page = alice.post(PAGE, wish("alice"))

    assert sentence in errors_of(page, "new_password")
    assert not world.accepts(ALICE, NEW)


def test_a_password_of_the_history_is_refused(alice, world, policy):
    policy(pwdInHistory=3)
    alice.post(PAGE, wish("alice", "a first new password"))

    back = {"old_password": "a first new password", "new_password": word("alice")}
    page = alice.post(PAGE, back)

    assert "used before" in errors_of(page, "new_password")
    assert world.accepts(ALICE, "a first new password")


def test_who_must_change_it_comes_to_this_page_first_and_then_goes_on(pia, sign_in, world, policy):
    policy(pwdMustChange="TRUE")
    pia.post("/accounts/alice@example.test/password/", {"new_password": NEW})
    world.change(ALICE, pwdReset="TRUE")
    alice = sign_in("alice@example.test", NEW)

    for url in ("/", "/me/", "/me/name/", "/domains/example.test/"):
        assert alice.get(url).headers["Location"] == PAGE
    page = alice.get(PAGE)
    assert "Choose a password of your own" in page.content.decode()

    own = {"old_password": NEW, "new_password": "an own new password"}
    page = alice.post(PAGE, own, follow=True)

    assert page.redirect_chain[-1][0] == "/me/"
    assert world.accepts(ALICE, "an own new password")
    assert int(world.value(ALICE, "lastChange")) > 1700000000
    assert alice.get("/me/name/").status_code == 200


def aged(world, dn, policy, seconds, **values):
    """Somebody whose password was set that long ago, under a policy that lets it expire."""
    stamp = time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() - seconds))
    policy(pwdMaxAge=86400, **values)
    root = world.root()
    root.modify_ext_s(
        dn,
        [(ldap.MOD_REPLACE, "pwdChangedTime", [stamp.encode()])],
        serverctrls=[RelaxRulesControl()],
    )
    root.unbind_s()


def test_an_expired_one_is_a_sentence_at_sign_in(stranger, world, policy):
    aged(world, ALICE, policy, 2 * 86400, pwdGraceAuthNLimit=0)

    fields = {"login": "alice@example.test", "password": word("alice")}
    page = stranger.post("/sign-in/", fields)

    assert "Your password has expired. Ask your postmaster" in page.content.decode()


def test_grace_leads_straight_to_the_change_and_is_not_used_up_on_the_way(stranger, world, policy):
    aged(world, ALICE, policy, 2 * 86400, pwdGraceAuthNLimit=2)
    fields = {"login": "alice@example.test", "password": word("alice")}

    page = stranger.post("/sign-in/", fields, follow=True)

    assert page.redirect_chain[-1][0] == PAGE
    assert "Your password has expired. Change it now" in page.content.decode()
    for _ in range(3):
        assert stranger.get(PAGE).status_code == 200

    page = stranger.post(PAGE, wish("alice"), follow=True)

    assert page.redirect_chain[-1][0] == "/me/"
    assert world.accepts(ALICE, NEW)


def test_one_that_expires_soon_is_announced(stranger, world, policy):
    aged(world, ALICE, policy, 3600, pwdExpireWarning=86000)

    fields = {"login": "alice@example.test", "password": word("alice")}
    page = stranger.post("/sign-in/", fields, follow=True)

    assert "Your password expires today" in page.content.decode()
    assert page.redirect_chain[-1][0] == "/me/"
