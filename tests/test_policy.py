"""slapd's password policy in words: the rules before, its answers after, and what it may show."""

import ldap
import pytest
from django.db import connections

from tests.policy import POLICY
from tests.world import ALICE, PIA, RITA, word
from vmail_admin.directory.identity import Identity, acting_as
from vmail_admin.directory.policy import rules, warning_of

PEOPLE = {"alice": ALICE, "pia": PIA, "rita": RITA}


def rules_for(name):
    with acting_as(Identity(PEOPLE[name], word(name))):
        return rules()


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_may_know_what_a_new_password_has_to_be(policy, name):
    policy(pwdMinLength=17, pwdInHistory=3, pwdMaxAge=90 * 86400)

    assert list(rules_for(name).sentences()) == [
        "At least 17 characters; a few words are easier to keep in mind.",
        "None of the last 3 passwords.",
        "A password lasts 90 days.",
    ]


def test_a_policy_that_asks_for_less_than_the_panel_does_not_lower_it(policy):
    policy(pwdMinLength=4)

    assert rules_for("alice").min_length == 12


def test_without_a_policy_the_panels_own_rule_is_left(world, settings):
    settings.DIRECTORY_SUFFIX = "dc=elsewhere"

    assert list(rules_for("alice").sentences())[1:] == []


def test_nothing_else_of_the_policy_is_shown(world):
    with acting_as(Identity(ALICE, word("alice"))):
        [(_, shown)] = connections["directory"].search_s(
            POLICY, ldap.SCOPE_BASE, attrlist=["*", "+"]
        )

    assert set(shown) == {"pwdMinLength", "pwdInHistory", "pwdMaxAge"}


def test_strangers_see_no_policy(world):
    nobody = ldap.initialize(world.slapd.ldapi_uri)
    with pytest.raises(ldap.NO_SUCH_OBJECT):
        nobody.search_s(POLICY, ldap.SCOPE_BASE, "(&)")
    nobody.unbind_s()


def sign_in_answer(password):
    with acting_as(Identity(ALICE, password)):
        connections["directory"].ensure_connection()
        return connections["directory"].policy_answer


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (0, "Your password expires today."),
        (1, "Your password expires tomorrow."),
        (9, "Your password expires in 9 days."),
    ],
)
def test_a_password_that_expires_soon_is_announced(policy, world, days, sentence):
    with acting_as(Identity(ALICE, word("alice"))):
        connections["directory"].change_password(ALICE, word("alice"), "a fresh password")
    policy(pwdMaxAge=days * 86400 + 3600, pwdExpireWarning=30 * 86400)

    assert warning_of(sign_in_answer("a fresh password")) == sentence


def test_a_password_that_lasts_is_not(world):
    assert warning_of(sign_in_answer(word("alice"))) == ""
