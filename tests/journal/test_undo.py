"""Taking changes back from the journal: asserted against later ones, and as who does it."""

import pytest

from domains.models import Postmaster
from tests.pages import form_of, messages_of, undo_of
from tests.world import ALEX, ALICE, BOB_NEWS, DORA, EXAMPLE, PIA, POST, word
from vmail_admin.directory.changes import new_batch, told
from vmail_admin.directory.identity import Identity, acting_as
from vmail_admin.journal.models import Row
from vmail_admin.journal.undo import undo_rows, undoable_of

CARD = "/accounts/alice@example.test/"
SWITCH = f"{CARD}switch/"
ALIAS = "/aliases/alex@example.test/"
UNDO = "/journal/undo/"
JOURNAL = "/domains/example.test/journal/"
OFF = {"flag": "active", "to": "off"}


def newest():
    return Row.objects.shown().newest_first().first()


def undo(client, row=None):
    return client.post(UNDO, {"row": (row or newest()).pk, "next": JOURNAL}, follow=True)


def edit(client, page, **fields):
    answer = client.post(page, form_of(client.get(page)) | fields)
    assert answer.status_code == 302, answer.context["form"].errors


def test_a_switch_is_taken_back_and_that_is_a_row_itself(pia, world):
    pia.post(SWITCH, OFF)
    done = newest()

    undo(pia)

    assert world.value(ALICE, "accountActive") == "TRUE"
    row = newest()
    assert (row.undoes, row.kind, row.who) == (done.pk, "switched", "pia@example.test")


def test_an_edit_is_taken_back_in_every_field(pia, world):
    before = world.entry(ALICE)
    edit(pia, CARD, full_name="Alice Berg", quota="2 GB", description="new")

    undo(pia)

    after = world.entry(ALICE)
    assert after == before | {"lastChange": after["lastChange"]}
    assert after["cn"] == ["Alice Arden", "Alice A."]


def test_destinations_that_others_added_since_stay(pia, alex, world):
    edit(pia, ALIAS, destinations="alice@example.test\nalex@elsewhere.test\none@x.test")
    row = newest()
    edit(pia, ALIAS, destinations="alice@example.test\nalex@elsewhere.test\none@x.test\ntwo@x.test")

    undo(pia, row)

    assert set(world.entry(ALEX)["maildrop"]) == {
        "alice@example.test",
        "alex@elsewhere.test",
        "two@x.test",
    }


def test_what_was_changed_again_since_is_refused_with_a_sentence(pia, rita, world):
    edit(pia, CARD, full_name="Alice Berg")
    row = newest()
    edit(rita, CARD, full_name="Alice Cole")

    page = undo(pia, row)

    assert world.value(ALICE, "cn") == "Alice Cole"
    assert "was changed again since" in messages_of(page)[-1]


def test_a_switch_of_who_was_marked_for_deletion_since_is_refused_with_a_sentence(pia, world):
    pia.post(SWITCH, OFF)
    row = newest()
    pia.post(f"{CARD}retire/")

    page = undo(pia, row)

    assert "alice@example.test was changed again since" in "".join(messages_of(page))
    assert world.value(ALICE, "accountActive") == "FALSE"


def test_another_field_that_changed_since_stands_in_nobodys_way(pia, rita, world):
    edit(pia, CARD, full_name="Alice Berg")
    row = newest()
    edit(rita, CARD, description="by Rita")

    undo(pia, row)

    assert world.entry(ALICE)["cn"] == ["Alice Arden", "Alice A."]
    assert world.value(ALICE, "description") == "by Rita"


def test_a_deleted_alias_comes_back_with_its_post_and_without_its_password(pia, world):
    with acting_as(Identity(PIA, word("pia"))):
        Postmaster.objects.at(POST).get().appoint(ALEX)
    pia.post(f"{ALIAS}password/", {"new_password": "a new word for Alex"})
    before = world.entry(ALEX, "objectClass", "mail", "cn", "maildrop", "accountActive")
    pia.post(f"{ALIAS}delete/", {"why": "left"})
    assert world.entry(ALEX) is None

    page = undo(pia, Row.objects.get(kind="deleted"))

    assert world.entry(ALEX, "objectClass", "mail", "cn", "maildrop", "accountActive") == before
    assert ALEX in world.entry(POST)["roleOccupant"]
    assert "its password is gone" in messages_of(page)[-1].lower()
    assert not world.accepts(ALEX, "a new word for Alex")


def test_an_alias_that_was_added_anew_does_not_come_back_over_it(pia, world):
    pia.post("/aliases/bob+news@example.test/delete/")
    row = newest()
    pia.post(
        "/domains/example.test/aliases/new/",
        {"local_part": "bob+news", "destinations": "dora@example.test", "anyway": "on"},
    )

    page = undo(pia, row)

    assert world.entry(BOB_NEWS)["maildrop"] == ["dora@example.test"]
    assert "There is an entry" in messages_of(page)[-1]


@pytest.mark.parametrize("to", ["on", "off"])
def test_appointments_and_dismissals_are_taken_back(pia, rita, world, to):
    before = set(world.entry(POST)["roleOccupant"])
    who = {"on": "alice", "off": "pia"}[to]
    rita.post(f"/accounts/{who}@example.test/switch/", {"flag": "postmaster", "to": to})
    assert set(world.entry(POST)["roleOccupant"]) != before

    undo(rita)

    assert set(world.entry(POST)["roleOccupant"]) == before


def test_a_deleted_account_is_as_it_was(pia, world):
    for mail, dn in (("alice@example.test", ALICE), ("dora@example.test", DORA)):
        before = world.value(dn, "accountActive")
        pia.post(f"/accounts/{mail}/retire/")
        undo(pia)
        assert (world.value(dn, "delete"), world.value(dn, "accountActive")) == ("FALSE", before)


def test_what_was_taken_back_can_be_taken_back(pia, world):
    pia.post(SWITCH, OFF)
    first = newest()
    undo(pia)
    undo(pia)
    assert world.value(ALICE, "accountActive") == "FALSE"
    undo(pia, first)
    assert world.value(ALICE, "accountActive") == "TRUE"


def test_twice_is_once(pia, world):
    pia.post(SWITCH, OFF)
    row = newest()
    undo(pia, row)
    before = world.versions()

    page = undo(pia, row)

    assert "taken back already" in messages_of(page)[-1]
    assert world.versions() == before


def test_a_password_is_never_taken_back(pia, world):
    pia.post(f"{CARD}password/", {"new_password": "a new word for Alice"})
    row = Row.objects.get(kind="password")
    before = world.versions()

    page = undo(pia, row)

    assert world.versions() == before
    assert "cannot be taken back" in messages_of(page)[-1]


def test_who_may_not_make_a_change_may_not_take_one_back(rita, otto, alice, world):
    rita.post("/accounts/carol@other.test/retire/")
    row = newest()
    assert alice.post(UNDO, {"row": row.pk}).status_code == 404
    before = world.versions()

    page = undo(otto, row)

    assert "does not allow you" in messages_of(page)[-1]
    assert world.versions() == before


def test_rows_of_others_are_not_found(pia, otto, alice, alex, world):
    pia.post(SWITCH, OFF)
    row, before = newest(), world.versions()

    for client in (otto, alex):
        assert client.post(UNDO, {"row": row.pk}).status_code == 404
        assert client.post(UNDO, {"batch": row.batch}).status_code == 404
    assert world.versions() == before


@pytest.mark.parametrize("row", ["", "0", "x", "9" * 40, "-1", "1.5", "١"])
def test_a_row_that_is_none_is_not_found(pia, world, row):
    assert pia.post(UNDO, {"row": row}).status_code == 404


def test_a_batch_is_taken_back_as_one(pia, world):
    batch, before = new_batch(), world.versions().keys()
    with acting_as(Identity(PIA, word("pia"))), told(batch=batch):
        from accounts.models import MailAccount, MailAlias

        MailAccount.objects.of("alice@example.test").get().switch(False)
        MailAlias.objects.of("alex@example.test").get().switch(False)
        MailAlias.objects.of("bob+news@example.test").get().delete()
        MailAlias(mail="new@example.test", destinations=["alice@example.test"]).save()
        MailAccount(mail="neu@example.test").save()
        world.change(ALEX, accountActive="TRUE")
        outcome = undo_rows(undoable_of(batch))

    assert len(outcome.rows) == 4
    [(refused, why)] = outcome.refused
    assert refused.entry == "alex@example.test"
    assert "changed again since" in str(why)
    assert world.value(ALICE, "accountActive") == "TRUE"
    neu = f"mail=neu@example.test,{EXAMPLE}"
    assert world.versions().keys() == before | {neu}
    assert world.value(neu, "delete") == "TRUE"


def test_the_message_carries_no_entry_but_a_name_of_the_act(pia, world):
    pia.post("/aliases/bob+news@example.test/delete/")

    url, fields = undo_of(pia.get("/domains/example.test/"))

    assert url == UNDO
    assert set(fields) == {"batch", "next"}


def test_a_new_domain_is_marked_and_not_torn_apart(rita, world):
    rita.post("/domains/new.test/settings/")
    rita.post("/domains/new/", {"name": "new.test"})
    batch = newest().batch

    rita.post(UNDO, {"batch": batch})

    new = EXAMPLE.replace("example.test", "new.test")
    assert world.value(new, "delete") == "TRUE"
    assert world.entry(f"cn=postmaster,{new}")


def test_where_nothing_was_changed_there_is_nothing_to_take_back(pia, world):
    wish = {"flag": "active", "to": "off", "next": "/domains/example.test/"}
    pia.post("/accounts/dora@example.test/switch/", wish)
    url, fields = undo_of(pia.get("/domains/example.test/"))
    page = pia.post(url, fields, follow=True)

    assert page.status_code == 200
    assert "nothing to take back" in messages_of(page)[-1]
    assert not Row.objects.exists()
