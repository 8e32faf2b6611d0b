"""The trash: what is deleted, by whom and until when; and it comes back as it was."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.bulk.steps import chosen, started
from tests.pages import errors_of
from tests.test_old_trees import NORA, add_people
from tests.world import ALEX, ALICE, BOB_NEWS, DORA, EXAMPLE, OTHER, PIA, POST, word
from vmail_admin.journal.models import Row
from vmail_admin.journal.reasons import Reason

TRASH = "/domains/example.test/trash/"
NEW_ALIAS = "/domains/example.test/aliases/new/"
NEW_ACCOUNT = "/domains/example.test/accounts/new/"
NO_PASSWORD = {"password_choice": "none"}


def found(client, path=TRASH):
    return {one.name: one for one in client.get(path).context["found"]}


def restore(client, one):
    url, fields = one.restoring
    return client.post(url, fields | {"next": TRASH}, follow=True)


def test_it_says_who_when_why_and_until_when(pia, world):
    pia.post("/accounts/alice@example.test/retire/", {"why": "left the company"})
    pia.post("/aliases/bob+news@example.test/delete/")

    page = pia.get(TRASH)

    alice, bob = found(pia)["alice@example.test"], found(pia)["bob+news@example.test"]
    assert (alice.what, alice.who) == ("account", "pia@example.test")
    assert alice.why == Reason("left the company")
    assert alice.goes - alice.since == dt.timedelta(days=30)
    assert (bob.what, bob.who) == ("alias", "pia@example.test")
    text = " ".join(page.content.decode().split())
    assert f"goes from {alice.goes.day} {alice.goes:%B %Y} on" in text
    assert "left the company" in text


@pytest.mark.parametrize(
    ("mail", "dn"), [("alice@example.test", ALICE), ("dora@example.test", DORA)]
)
def test_an_account_comes_back_active_or_not_as_it_was(pia, world, mail, dn):
    before = world.entry(dn, "*")
    pia.post(f"/accounts/{mail}/retire/")

    restore(pia, found(pia)[mail])

    after = world.entry(dn, "*")
    assert after == before | {"lastChange": after["lastChange"]}
    assert found(pia) == {}


def test_an_alias_comes_back_as_it_was(pia, world):
    world.change(BOB_NEWS, accountActive="FALSE", description="a note")
    before = world.entry(BOB_NEWS, "*")
    pia.post("/aliases/bob+news@example.test/delete/")

    restore(pia, found(pia)["bob+news@example.test"])

    after = world.entry(BOB_NEWS, "*")
    assert after == before | {"lastChange": after["lastChange"]}
    assert found(pia) == {}


def test_what_was_marked_by_other_means_is_there_too(pia, world):
    day = int(timezone.now().timestamp()) - 100 * 24 * 3600
    world.change(ALICE, delete="TRUE", accountActive="FALSE", lastChange=str(day))

    one = found(pia)["alice@example.test"]

    # Not the day that other program wrote: slapd knows when the entry was changed.
    assert (one.who, one.is_due) == ("", False)
    assert one.since.date() != dt.date.fromtimestamp(day)
    text = pia.get(TRASH).content.decode()
    assert "Marked for deletion, not through this panel; last changed" in text
    restore(pia, one)
    assert world.accepts(ALICE, word("alice"))


def test_the_site_admin_sees_what_was_marked_by_other_means_too(rita, pia, world):
    pia.post("/accounts/dora@example.test/retire/")
    world.change(ALICE, delete="TRUE", accountActive="FALSE")

    here = found(rita, "/trash/")

    assert {name: one.who for name, one in here.items()} == {
        "alice@example.test": "",
        "dora@example.test": "pia@example.test",
    }
    restore(rita, here["alice@example.test"])
    assert world.accepts(ALICE, word("alice"))


def test_who_was_restored_and_marked_again_elsewhere_was_not_deleted_by_us(rita, pia, world):
    pia.post("/accounts/alice@example.test/retire/")
    restore(pia, found(pia)["alice@example.test"])
    world.change(ALICE, delete="TRUE", accountActive="FALSE")

    assert found(pia)["alice@example.test"].who == ""
    assert found(rita, "/trash/")["alice@example.test"].who == ""


def test_where_slapd_finds_no_more_in_time_the_journal_knows_of_some(rita, pia, world, monkeypatch):
    pia.post("/accounts/alice@example.test/retire/")
    monkeypatch.setattr("vmail_admin.journal.trash.marked_anywhere", lambda limit: ([], True))

    page = rita.get("/trash/")

    assert page.context["more"] is True
    assert [one.name for one in page.context["found"]] == ["alice@example.test"]


def test_an_account_in_an_ou_of_an_old_tree_is_in_the_trash(rita, world):
    add_people(world)
    world.change(NORA, delete="TRUE", accountActive="FALSE")

    for path in (TRASH, "/trash/"):
        assert "nora@example.test" in found(rita, path)
    restore(rita, found(rita)["nora@example.test"])
    assert world.value(NORA, "delete") == "FALSE"


def test_a_deleted_alias_is_kept_for_as_long_as_the_site_says(pia, world, settings):
    pia.post("/aliases/bob+news@example.test/delete/")
    assert "bob+news@example.test" in found(pia)

    settings.TRASH_DAYS = 0

    assert found(pia) == {}


def test_what_was_added_anew_is_no_longer_in_the_trash(pia, world):
    pia.post("/aliases/bob+news@example.test/delete/")
    fields = {"local_part": "bob+news", "destinations": "dora@example.test", "anyway": "on"}
    pia.post(NEW_ALIAS, fields)

    assert found(pia) == {}


def test_the_site_admin_sees_domains_too(rita, pia, world):
    rita.post("/domains/other.test/retire/", {"typed_name": "other.test", "why": "moved away"})
    pia.post("/accounts/alice@example.test/retire/")
    pia.post("/aliases/bob+news@example.test/delete/")

    here = found(rita, "/trash/")

    assert set(here) == {"other.test", "alice@example.test", "bob+news@example.test"}
    assert here["other.test"].why == Reason("moved away")
    for one in here.values():
        restore(rita, one)
    assert world.value(OTHER, "delete") == "FALSE"
    assert found(rita, "/trash/") == {}


def test_only_who_looks_after_a_domain_sees_its_trash(otto, alice, alex, pia, world):
    pia.post("/accounts/dora@example.test/retire/")

    for client in (otto, alice, alex):
        assert client.get(TRASH).status_code == 404
        assert client.get("/trash/").status_code == 403
    assert pia.get("/trash/").status_code == 403


def test_otto_restores_nothing_that_he_may_not(otto, rita, world):
    rita.post("/accounts/carol@other.test/retire/")
    [one] = otto.get("/domains/other.test/trash/").context["found"]
    before = world.versions()

    assert restore(otto, one).status_code == 403
    assert world.versions() == before


# --- an address that was somebody else's


def test_adding_a_deleted_alias_again_warns_and_offers_to_restore(pia, world):
    before = world.entry(ALEX, "maildrop", "cn")
    pia.post("/aliases/alex@example.test/delete/")

    page = pia.post(NEW_ALIAS, {"local_part": "alex", "destinations": "x@elsewhere.test"})

    assert world.entry(ALEX) is None
    text = " ".join(page.content.decode().split())
    assert "alex@example.test was deleted" in text
    restore(pia, page.context["form"].before)
    assert world.entry(ALEX, "maildrop", "cn") == before


@pytest.mark.parametrize("url", [NEW_ALIAS, NEW_ACCOUNT])
def test_who_means_it_adds_it_all_the_same(pia, world, url):
    pia.post("/aliases/alex@example.test/delete/")
    fields = {"local_part": "alex", "destinations": "x@elsewhere.test", **NO_PASSWORD}
    assert pia.post(url, fields).status_code == 200

    assert pia.post(url, fields | {"anyway": "on"}).status_code == 302

    assert world.entry(ALEX)
    world.delete(ALEX)  # no account becomes an alias again


def test_adding_an_account_that_is_marked_offers_to_restore_it(pia, world):
    pia.post("/accounts/alice@example.test/retire/")

    page = pia.post(NEW_ACCOUNT, {"local_part": "alice", **NO_PASSWORD})

    assert "is taken already" in errors_of(page, "local_part")
    assert "waits in the trash" in page.content.decode()
    restore(pia, page.context["form"].before)
    assert world.accepts(ALICE, word("alice"))


def test_mail_that_was_left_behind_is_spoken_of(pia, world, settings, tmp_path):
    settings.MAIL_HOME = str(tmp_path)
    (tmp_path / "example.test" / "new").mkdir(parents=True)
    fields = {"local_part": "new", **NO_PASSWORD}

    page = pia.post(NEW_ACCOUNT, fields)

    new = f"mail=new@example.test,{EXAMPLE}"
    assert world.entry(new) is None
    assert "There is mail of an earlier new@example.test" in page.content.decode()
    assert pia.post(NEW_ACCOUNT, fields | {"local_part": "newer"}).status_code == 302


def test_where_the_mail_is_on_another_machine_nothing_is_said(pia, world, settings):
    settings.MAIL_HOME = "/nowhere"

    assert pia.post(NEW_ACCOUNT, {"local_part": "new", **NO_PASSWORD}).status_code == 302
    assert Row.objects.filter(kind="created").exists()


def test_an_alias_deleted_with_others_is_postmaster_again_when_it_comes_back(rita, world):
    world.change(POST, roleOccupant=[POST, PIA, ALEX])
    started(rita, chosen(rita, "delete", "alex@example.test", "bob+news@example.test"))
    assert world.entry(ALEX) is None
    row = Row.objects.get(kind="deleted", entry="alex@example.test")
    rita.post("/journal/undo/", {"row": row.pk})

    assert ALEX in world.entry(POST)["roleOccupant"]
