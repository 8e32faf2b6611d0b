"""Passwords hashed by the panel, for servers that do not hash: strict rules take one form only."""

import pytest

from tests.pages import errors_of
from tests.world import ALICE, word

NEW = "correct horse battery staple"


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
    assert "does not allow you" in page.content.decode()
    assert world.accepts(ALICE, word("alice"))


def test_no_half_account_is_left_where_the_hash_is_refused(pia, world, settings):
    settings.PASSWORD_HASH = "ssha"
    before = world.versions()
    fields = {"local_part": "nora", "password_choice": "generate"}

    page = pia.post("/domains/example.test/accounts/new/", fields)

    assert "does not allow you" in errors_of(page, "password")
    assert world.versions() == before
