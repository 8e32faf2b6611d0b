"""Passwords hashed by the panel, for servers that do not hash: strict rules take one form only."""

import pytest
from django.core import checks

from tests.pages import errors_of
from tests.world import ALICE, CAROL, DORA, PIA, POST, word
from vmail_admin.directory.errors import NotAllowed
from vmail_admin.directory.identity import Identity, acting_as
from vmail_admin.directory.passwords import HashRefused, change_together, in_policy_words

NEW = "correct horse battery staple"
WHY = "The directory takes no password that the panel has hashed as {SSHA}"


@pytest.mark.parametrize("new", [NEW, "😀" * 12, "ünïcode pässwörd"])
def test_sha512_crypt_opens_under_the_strict_rules(alice, world, settings, new):
    settings.PASSWORD_HASH = "sha512-crypt"

    page = alice.post("/me/password/", {"old_password": word("alice"), "new_password": new})

    assert page.headers["Location"] == "/"
    assert world.value(ALICE, "userPassword").startswith("{CRYPT}$6$rounds=50000$")
    assert world.accepts(ALICE, new)
    assert alice.get("/me/").status_code == 200


def test_a_postmaster_hashes_so_too(pia, world, settings):
    settings.PASSWORD_HASH = "sha512-crypt"

    pia.post("/accounts/alice@example.test/password/", {"new_password": NEW})

    assert world.accepts(ALICE, NEW)


def test_another_hash_is_refused_by_the_strict_rules_and_the_old_password_stays(
    alice, world, settings
):
    settings.PASSWORD_HASH = "ssha"

    page = alice.post("/me/password/", {"old_password": word("alice"), "new_password": NEW})

    assert page.status_code == 403
    assert WHY in page.content.decode()
    assert world.accepts(ALICE, word("alice"))


def test_a_postmaster_is_told_of_the_hash_too_and_not_of_other_domains(pia, world, settings):
    settings.PASSWORD_HASH = "ssha"

    page = pia.post("/accounts/alice@example.test/password/", {"new_password": NEW})

    assert page.status_code == 403
    assert WHY in page.content.decode()
    assert "postmaster of another domain" not in page.content.decode()
    assert world.accepts(ALICE, word("alice"))


@pytest.mark.parametrize("how", ["server", "sha512-crypt"])
def test_any_other_refusal_is_about_who_it_is_for(otto, world, settings, how):
    """Carol is postmaster of example.test as well: rule 10b keeps her password from Otto."""
    settings.PASSWORD_HASH = how
    world.change(POST, roleOccupant=[POST, PIA, CAROL])

    page = otto.post("/accounts/carol@other.test/password/", {"new_password": NEW})

    assert page.status_code == 403
    assert "postmaster of another domain" in page.content.decode()
    assert "{SSHA}" not in page.content.decode()


def test_a_refusal_of_another_kind_is_not_put_down_to_the_hash(settings):
    settings.PASSWORD_HASH = "ssha"
    unwilling = NotAllowed(NotAllowed.sentence)
    unwilling.code = 53  # unwillingToPerform: RFC 4511, 4.1.9

    assert in_policy_words(unwilling) is unwilling


def test_several_at_once_are_told_so_each(world, settings):
    settings.PASSWORD_HASH = "ssha"

    with acting_as(Identity(PIA, word("pia"))):
        outcomes = change_together([(ALICE, NEW), (DORA, NEW)])

    assert [type(one) for one in outcomes] == [HashRefused, HashRefused]


# --- what `manage.py check` says of it


@pytest.mark.parametrize(
    ("how", "access", "warnings"),
    [
        ("ssha", "strict", ["deploy.W001"]),
        ("ssha", "howto", []),
        ("sha512-crypt", "strict", []),
        ("server", "strict", []),
    ],
)
def test_the_check_warns_where_the_site_has_the_strict_rules(
    settings, tmp_path, how, access, warnings
):
    site = tmp_path / "site.toml"
    site.write_text(f'access = "{access}"\n')
    settings.PASSWORD_HASH, settings.SITE_FILE = how, str(site)

    assert [one.id for one in checks.run_checks()] == warnings


@pytest.mark.parametrize("text", [None, "access = 1", "\0"])
def test_the_check_says_nothing_of_rules_it_does_not_know(settings, tmp_path, text):
    site = tmp_path / "site.toml"
    settings.PASSWORD_HASH, settings.SITE_FILE = "ssha", ""
    if text is not None:
        site.write_text(text)
        settings.SITE_FILE = str(site)

    assert checks.run_checks() == []


def test_no_half_account_is_left_where_the_hash_is_refused(pia, world, settings):
    settings.PASSWORD_HASH = "ssha"
    before = world.versions()
    fields = {"local_part": "nora", "password_choice": "generate"}

    page = pia.post("/domains/example.test/accounts/new/", fields)

    assert "has hashed as {SSHA}" in errors_of(page, "password")
    assert world.versions() == before
