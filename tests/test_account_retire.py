"""A postmaster lets an account go: marked and switched off, and back again."""

import pytest

from tests.pages import undo_of
from tests.world import ALICE, CAROL, DORA, PIA, word

PAGE = "/accounts/alice@example.test/retire/"
RESTORE = "/accounts/alice@example.test/restore/"


def test_the_page_says_what_it_does_in_numbers(pia):
    page = pia.get(PAGE).content.decode()

    assert "can no longer sign in" in page
    assert "2 aliases send mail here" in page


def test_it_is_marked_and_switched_off_in_one_change(pia, world):
    before = world.versions()

    page = pia.post(PAGE)

    after = world.versions()
    assert page.headers["Location"] == "/domains/example.test/"
    assert {dn for dn in after if after[dn] != before[dn]} == {ALICE}
    assert world.value(ALICE, "delete") == "TRUE"
    assert world.value(ALICE, "accountActive") == "FALSE"
    assert not world.accepts(ALICE, word("alice"))


def test_undo_brings_her_back(pia, world):
    pia.post(PAGE)
    url, fields = undo_of(pia.get("/domains/example.test/"))

    pia.post(url, fields)

    assert world.value(ALICE, "delete") == "FALSE"
    assert world.accepts(ALICE, word("alice"))


def test_undo_for_who_was_switched_off_before_does_not_wake_them(pia, world):
    pia.post("/accounts/dora@example.test/retire/")
    url, fields = undo_of(pia.get("/domains/example.test/"))

    pia.post(url, fields)

    assert world.value(DORA, "delete") == "FALSE"
    assert world.value(DORA, "accountActive") == "FALSE"


def test_the_card_of_a_marked_account_offers_the_way_back(pia, world):
    pia.post(PAGE)
    page = pia.get("/accounts/alice@example.test/").content.decode()
    assert "marked for deletion" in page
    assert RESTORE in page

    pia.post(RESTORE)

    assert world.accepts(ALICE, word("alice"))


def test_twice_is_the_same_as_once(pia, world):
    for _ in range(2):
        assert pia.post(PAGE, follow=True).status_code == 200
    for _ in range(2):
        assert pia.post(RESTORE, follow=True).status_code == 200

    assert world.value(ALICE, "accountActive") == "TRUE"


def test_nobody_deletes_themselves(pia, world):
    page = pia.post("/accounts/pia@example.test/retire/", follow=True)

    assert "You cannot delete yourself" in page.content.decode()
    assert "Delete this account" not in page.content.decode()
    assert world.value(PIA, "delete") == "FALSE"


def test_a_postmaster_who_goes_is_named_as_one(rita):
    page = rita.get("/accounts/pia@example.test/retire/").content.decode()

    assert "This account is a postmaster of the domain" in page


def test_otto_is_not_offered_it_and_slapd_refuses_it_anyway(otto, world):
    url = "/accounts/carol@other.test/retire/"
    assert otto.get(url).status_code == 403

    page = otto.post(url)

    assert page.status_code == 403
    assert "does not allow you" in page.content.decode()
    assert world.value(CAROL, "accountActive") == "TRUE"
    world.change(CAROL, delete="TRUE")
    assert otto.post("/accounts/carol@other.test/restore/").status_code == 403
    assert world.value(CAROL, "delete") == "TRUE"


@pytest.mark.parametrize("mail", ["carol@other.test", "nobody@example.test", "alex@example.test"])
def test_what_is_not_an_account_of_the_own_domain_is_not_found(pia, mail):
    assert pia.get(f"/accounts/{mail}/retire/").status_code == 404
    assert pia.post(f"/accounts/{mail}/retire/").status_code == 404
    assert pia.post(f"/accounts/{mail}/restore/").status_code == 404


def test_a_user_deletes_nobody_not_even_themselves(alice, world):
    before = world.versions()

    assert alice.post(PAGE).status_code == 404
    assert alice.post("/accounts/dora@example.test/retire/").status_code == 404
    assert world.versions() == before
