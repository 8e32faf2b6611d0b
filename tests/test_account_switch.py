"""The switches of an account: active, and postmaster."""

import time

import pytest

from accounts.models import MailAccount
from tests.pages import changes_written, messages_of, undo_of
from tests.world import ALICE, CAROL, PIA, POST, word

SWITCH = "/accounts/alice@example.test/switch/"
LIST = "/domains/example.test/"


def test_switched_off_she_cannot_sign_in_and_nothing_else_changes(pia, world):
    before = world.versions()

    with changes_written(world) as changes:
        page = pia.post(SWITCH, {"flag": "active", "to": "off", "next": LIST})

    after = world.versions()
    assert page.headers["Location"] == LIST
    assert {dn for dn in after if after[dn] != before[dn]} == {ALICE}
    assert not world.accepts(ALICE, word("alice"))
    assert changes == ["accountActive lastChange"]
    assert "cannot sign in and receives no mail" in messages_of(pia.get(LIST))[0]


def test_undo_wakes_her_again(pia, world):
    pia.post(SWITCH, {"flag": "active", "to": "off"})
    url, fields = undo_of(pia.get(LIST))

    pia.post(url, fields)

    assert world.accepts(ALICE, word("alice"))


def test_clicking_twice_is_the_same_as_once(pia, world):
    for _ in range(2):
        page = pia.post(SWITCH, {"flag": "active", "to": "off"}, follow=True)
        assert page.status_code == 200

    assert world.value(ALICE, "accountActive") == "FALSE"


def test_a_switch_wins_over_an_edit_that_came_between(pia, rita, world):
    pia.get("/accounts/alice@example.test/")
    rita.post("/accounts/alice@example.test/", {"full_name": "A", "quota": ""})

    pia.post(SWITCH, {"flag": "active", "to": "off"})

    assert (world.value(ALICE, "accountActive"), world.value(ALICE, "cn")) == ("FALSE", "A")


def test_a_session_of_who_is_switched_off_ends_with_a_sentence(pia, alice):
    assert alice.get("/me/").status_code == 200
    pia.post(SWITCH, {"flag": "active", "to": "off"})

    page = alice.get("/me/", follow=True)

    assert page.redirect_chain[-1][0].startswith("/sign-in/")
    assert "your account was switched off" in page.content.decode()


def test_a_stale_switch_of_an_entry_that_is_gone_is_a_page(pia, world):
    world.delete(ALICE)

    for fields in ({"flag": "active", "to": "off"}, {"flag": "postmaster", "to": "on"}):
        page = pia.post(SWITCH, fields)
        assert page.status_code == 404
        assert "was deleted meanwhile" in page.content.decode()


def test_who_is_marked_for_deletion_is_not_switched_on(pia, world):
    pia.post("/accounts/alice@example.test/retire/")

    page = pia.post(SWITCH, {"flag": "active", "to": "on"})

    assert page.status_code == 409
    assert "alice@example.test is marked for deletion: restore it first." in page.content.decode()
    assert world.value(ALICE, "accountActive") == "FALSE"


def test_nobody_is_appointed_who_is_marked_for_deletion(pia, world):
    world.change(ALICE, delete="TRUE", accountActive="FALSE")

    page = pia.post(SWITCH, {"flag": "postmaster", "to": "on"})

    assert page.status_code == 409
    assert "alice@example.test is marked for deletion: restore it first." in page.content.decode()
    assert ALICE not in world.entry(POST)["roleOccupant"]


def test_who_is_marked_and_on_in_an_old_tree_can_be_switched_off(pia, world):
    world.change(ALICE, delete="TRUE")

    pia.post(SWITCH, {"flag": "active", "to": "off"})

    assert world.value(ALICE, "accountActive") == "FALSE"


def test_a_mark_that_came_a_moment_before_is_told(pia, world, monkeypatch):
    """Between reading the entry and switching it on: slapd refuses, and the page says so."""
    switch = MailAccount.switch

    def too_late(account, on):
        world.change(ALICE, accountActive="FALSE", delete="TRUE")
        switch(account, on)

    world.change(ALICE, accountActive="FALSE")
    monkeypatch.setattr(MailAccount, "switch", too_late)

    page = pia.post(SWITCH, {"flag": "active", "to": "on"})

    assert page.status_code == 409
    assert "Somebody changed this entry in the meantime" in page.content.decode()
    assert world.value(ALICE, "accountActive") == "FALSE"


def test_who_is_appointed_works_on_the_domain_and_undo_takes_it_back(pia, alice, world):
    began = int(time.time())
    pia.post(SWITCH, {"flag": "postmaster", "to": "on"})

    assert ALICE in world.entry(POST)["roleOccupant"]
    assert int(world.value(POST, "lastChange")) >= began
    assert alice.get(LIST).status_code == 200
    assert alice.get("/", follow=True).redirect_chain[-1][0] == LIST

    url, fields = undo_of(pia.get(LIST))
    pia.post(url, fields)

    assert ALICE not in world.entry(POST)["roleOccupant"]
    assert alice.get(LIST).status_code == 404


def test_appointing_and_dismissing_twice_is_the_same_as_once(pia, world):
    for to in ("on", "on", "off", "off"):
        page = pia.post(SWITCH, {"flag": "postmaster", "to": to}, follow=True)
        assert page.status_code == 200

    assert set(world.entry(POST)["roleOccupant"]) == {POST, PIA}


def test_nobody_locks_themselves_out(pia, world):
    before = world.versions()

    for flag in ("active", "postmaster"):
        fields = {"flag": flag, "to": "off", "next": LIST}
        page = pia.post("/accounts/pia@example.test/switch/", fields, follow=True)
        assert ": ask another postmaster" in page.content.decode()
    assert world.versions() == before


def test_the_site_admin_dismisses_the_last_person_and_the_post_stays_held(rita, world):
    rita.post("/accounts/pia@example.test/switch/", {"flag": "postmaster", "to": "off"})

    assert world.entry(POST)["roleOccupant"] == [POST]


def test_otto_may_not_appoint_and_slapd_refuses_it_anyway(otto, world):
    before = world.versions()

    page = otto.post("/accounts/carol@other.test/switch/", {"flag": "postmaster", "to": "on"})

    assert page.status_code == 403
    assert "does not allow you" in page.content.decode()
    assert world.versions() == before


def test_otto_may_switch_off_all_the_same(otto, world):
    otto.post("/accounts/carol@other.test/switch/", {"flag": "active", "to": "off"})

    assert world.value(CAROL, "accountActive") == "FALSE"


def test_a_domain_without_a_postmaster_entry_has_nobody_to_appoint(rita, world):
    fields = {"flag": "postmaster", "to": "on"}

    assert rita.post("/accounts/sleeper@asleep.test/switch/", fields).status_code == 404


@pytest.mark.parametrize(
    "wish", [{}, {"flag": "active"}, {"flag": "delete", "to": "on"}, {"flag": "postmaster"}]
)
def test_a_switch_that_makes_no_sense_is_not_found(pia, world, wish):
    before = world.versions()

    assert pia.post(SWITCH, wish).status_code == 404
    assert pia.get(SWITCH).status_code == 405
    assert world.versions() == before


def test_foreign_and_own_accounts_are_refused(pia, alice, world):
    before = world.versions()

    for flag in ("active", "postmaster"):
        fields = {"flag": flag, "to": "off" if flag == "active" else "on"}
        assert pia.post("/accounts/carol@other.test/switch/", fields).status_code == 404
        assert alice.post("/accounts/dora@example.test/switch/", fields).status_code == 404
        assert alice.get(SWITCH).status_code == 405
    assert world.versions() == before
