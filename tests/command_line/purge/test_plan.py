"""vmail purge: what goes, when, and in which order."""

from accounts.models import MailAccount
from accounts.purge.due import marked_since
from tests.command_line.purge.maildirs import LONG_AGO, NAMES, archives, held, mark, snapshot
from tests.world import ALICE, DORA, PIA, POST, word
from vmail_admin.directory.identity import Identity, acting_as
from vmail_admin.journal.models import Row


def test_without_yes_nothing_goes(purge, marked, mail, world):
    before, versions = snapshot(mail), world.versions()

    said = purge("--json")

    assert said.code == 0
    assert [row["entry"] for row in said.rows] == ["alice@example.test"]
    assert said.rows[0]["mail"] == str(mail / "example.test/alice")
    assert (snapshot(mail), world.versions()) == (before, versions)
    assert archives(mail) == []


def test_a_dry_run_is_one_with_yes_too(purge, marked, mail, world):
    before = snapshot(mail)
    purge("--yes", "--dry-run")

    assert snapshot(mail) == before
    assert world.entry(ALICE)


def test_a_dry_run_tells_that_slapd_was_asked(purge, marked):
    assert purge("--dry-run", "--json").document["dry_run"] == "slapd"
    assert "slapd was asked and would do this" in purge("--dry-run").err


def test_a_name_that_is_not_due_is_told(purge, marked, world):
    said = purge("--yes", "dora@example.test", "alice@example.test")

    assert said.code == 5
    assert said.err.startswith("dora@example.test: this is not here, or not marked for deletion")
    assert world.entry(ALICE) is None
    assert purge("dora@example.test").code == 3


def test_a_domain_is_named_in_either_spelling(purge, mail, rita_says):
    rita_says("domain", "add", "bücher.test")
    rita_says("domain", "delete", "bücher.test", "--yes")

    [row] = purge("bücher.test", "--json").rows
    assert row["entry"] == "xn--bcher-kva.test"


def test_archive_mail_and_entry_in_this_order(purge, marked, mail, world):
    others = snapshot(mail / "other.test")

    said = purge("--yes")

    [archive] = archives(mail)
    wanted = {name: f"alice {name}\n".encode() * 50 for name in NAMES}
    assert said.code == 0
    assert held(archive) == wanted
    assert archive.stat().st_mode & 0o777 == 0o600
    assert archive.parent.stat().st_mode & 0o777 == 0o700
    assert not (mail / "example.test/alice").exists()
    assert world.entry(ALICE) is None
    assert (mail / "example.test/dora").exists()
    assert snapshot(mail / "other.test") == others


def test_the_journal_names_the_archive_and_the_reason(purge, marked, mail):
    purge("--yes")

    row = Row.objects.of("alice@example.test").made().newest_first().first()
    assert (row.operation, row.place) == ("delete", "command line")
    assert row.why.startswith("marked for deletion since ")
    assert str(archives(mail)[0]) in row.facts


def test_whoever_reads_the_journal_finds_the_archive(purge, marked, mail, root_says, rita):
    purge("--yes")

    [archive] = archives(mail)
    rows = root_says("journal", "list", "alice@example.test", "--json").rows
    assert f"Archive of the mail: nothing → {archive}" in rows[0]["differences"]
    assert str(archive) in rita.get("/domains/example.test/journal/").content.decode()


def test_who_was_postmaster_is_no_longer(purge, marked, world):
    world.change(POST, roleOccupant=[POST, PIA, ALICE])

    purge("--yes")

    assert ALICE not in world.entry(POST)["roleOccupant"]


def test_what_was_marked_lately_stays(root_says, marked, mail, world):
    said = root_says("purge", "--yes", "--days", "30", "--json")

    assert (said.code, said.rows) == (0, [])
    assert world.entry(ALICE)


def test_the_journals_date_counts_while_nothing_changed(pia_says, world):
    pia_says("account", "delete", "alice@example.test")
    row = Row.objects.of("alice@example.test").filter(kind="marked").newest_first().first()
    with acting_as(Identity(PIA, word("pia"))):
        assert marked_since("account", MailAccount.objects.at(ALICE).get()) == row.began

        world.change(ALICE, description="touched behind the journal's back", lastChange=LONG_AGO)
        alice = MailAccount.objects.at(ALICE).get()
        assert marked_since("account", alice) == alice.changed_at


def test_only_the_named_go(purge, marked, world):
    mark(world, DORA)

    purge("--yes", "dora@example.test")

    assert world.entry(DORA) is None
    assert world.entry(ALICE)
