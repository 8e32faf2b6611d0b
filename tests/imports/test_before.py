"""Rows of a table whose address was somebody's before: told, left out, or added all the same."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.bulk.models import Job
from tests.bulk.steps import IMPORT, chosen, imported, started, url_of, worked
from tests.slapd_log import Counted
from tests.world import ALEX, ALICE, EXAMPLE
from vmail_admin.journal.models import Row

ALIASES = "mail,goto\nalex,x@b.test\nnew,x@b.test\n"
LEFT_OUT = "1 row is left out: the address was somebody’s before."


def dn(name):
    return f"mail={name}@example.test,{EXAMPLE}"


@pytest.fixture(autouse=True)
def no_jobs(world):
    Job.objects.all().delete()


@pytest.fixture
def homes(settings, tmp_path):
    """Where the panel looks for mail: nora has some there."""
    settings.MAIL_HOME = str(tmp_path)
    (tmp_path / "example.test/nora").mkdir(parents=True)
    return tmp_path


def imported_anyway(client, text, kind="accounts"):
    fields = {"kind": kind, "pasted": text, "passwords": "none", "before": "anyway"}
    return worked(client, client.post(IMPORT, fields).url)


def rows_of(page):
    return page.context["table"]["rows"]


def problems_of(page):
    """What is wrong with addresses, as they stand in the table."""
    return {row["cells"][0]["text"]: row["cells"][0]["problems"] for row in rows_of(page)}


def today():
    began = Row.objects.filter(kind__in=("deleted", "marked")).newest_first()[0].began
    return f"{began.day} {began:%B %Y}"


def test_a_deleted_alias_is_told_and_left_out(pia, world):
    pia.post("/aliases/alex@example.test/delete/")

    page = imported(pia, ALIASES, "aliases")

    assert page.context["effects"] == ["1 alias would be added.", LEFT_OUT]
    [sentence] = problems_of(page)["alex"]
    told = f"An alias of this address was deleted on {today()}: restore it from the trash."
    assert sentence == told
    started(pia, page)
    assert world.entry(ALEX) is None and world.entry(dn("new"))


def test_it_is_added_where_that_is_wished_and_still_told(pia, world):
    pia.post("/aliases/alex@example.test/delete/")

    page = imported_anyway(pia, ALIASES, "aliases")

    assert page.context["effects"] == [
        "2 aliases would be added.",
        "1 of them with an address that was somebody’s before.",
    ]
    [row] = rows_of(page)
    assert row["says"] == [f"is added, though an alias of this address was deleted on {today()}"]
    started(pia, page)
    assert world.entry(ALEX)["maildrop"] == ["x@b.test"]


def test_an_alias_is_told_of_where_an_account_would_take_its_address(pia, world):
    pia.post("/aliases/alex@example.test/delete/")

    assert "alex" in problems_of(imported(pia, "mail\nalex\nnew\n"))


def test_mail_that_was_left_is_told_of_accounts_only(pia, world, homes):
    page = imported(pia, "mail\nnora\nole\n")

    assert page.context["effects"] == ["1 account would be added.", LEFT_OUT]
    told = ["Mail of who had this address before is still there."]
    assert problems_of(page) == {"nora": told}
    aliases = imported(pia, "mail,goto\nnora,x@b.test\n", "aliases")
    assert aliases.context["effects"] == ["1 alias would be added."]


def test_accounts_of_a_mail_store_that_moved_are_added_anyway(pia, world, homes):
    page = started(pia, imported_anyway(pia, "mail\nnora\nole\n"))

    assert page.context["effects"] == ["2 added."]
    assert world.entry(dn("nora")) and world.entry(dn("ole"))


def test_an_account_in_the_trash_is_told_and_never_added_over(pia, world):
    pia.post("/accounts/alice@example.test/retire/")
    told = [
        "alice@example.test is taken already.",
        f"It was marked for deletion on {today()}: restore it from the trash.",
    ]

    for page in (imported(pia, "mail\nalice\npia\n"), imported_anyway(pia, "mail\nalice\npia\n")):
        assert page.context["effects"] == [
            LEFT_OUT,
            "1 row cannot be added: see what is wrong with each.",
        ]
        assert problems_of(page)["alice"] == told
        assert problems_of(page)["pia"] == ["pia@example.test is taken already."]
    assert world.value(ALICE, "delete") == "TRUE"


def test_one_that_another_program_marked_is_told_with_the_day_of_its_entry(pia, world):
    world.change(ALICE, delete="TRUE", accountActive="FALSE", lastChange="1700000000")

    [sentence] = problems_of(imported(pia, "mail\nalice\n"))["alice"][1:]

    assert "14 November 2023" in sentence


def test_what_was_taken_back_as_a_whole_is_imported_again(pia, world):
    page = started(pia, imported(pia, ALIASES.replace("alex", "other"), "aliases"))
    worked(pia, pia.post(f"{url_of(page)}undo/").url)
    assert world.entry(dn("other")) is None

    again = imported(pia, ALIASES.replace("alex", "other"), "aliases")

    assert again.context["effects"] == ["2 aliases would be added."]


def test_a_deletion_that_was_taken_back_does_not_count(pia, world):
    page = started(pia, chosen(pia, "delete", "alex@example.test"))
    worked(pia, pia.post(f"{url_of(page)}undo/").url)
    assert world.entry(ALEX)
    world.delete(ALEX)  # by another program: nobody in the panel wanted it gone

    page = imported(pia, ALIASES, "aliases")

    assert page.context["effects"] == ["2 aliases would be added."]


def test_where_slapd_tries_nothing_it_is_told_all_the_same(pia, world, monkeypatch):
    pia.post("/aliases/alex@example.test/delete/")
    pia.post("/accounts/alice@example.test/retire/")
    monkeypatch.setattr("vmail_admin.directory.dry_run.knows_no_op", lambda connection: False)

    page = imported(pia, ALIASES + "alice,x@b.test\n", "aliases")

    assert set(problems_of(page)) == {"alex", "alice"}


@pytest.mark.parametrize("text", ["mail\nalice\nole\n", "mail\nole\nnora\n"])
def test_the_preview_asks_as_much_for_a_hundred_rows_as_for_two(pia, world, homes, text):
    hundred = text + "".join(f"user{n}\n" for n in range(100))

    few, many = asked_by(pia, world, text), asked_by(pia, world, hundred)

    assert few == many


def asked_by(client, world, text):
    """How often slapd is searched and the journal read for the preview of a table."""
    with Counted(world.slapd) as slapd, CaptureQueriesContext(connection) as sql:
        imported(client, text)
    journal = [one for one in sql if "journal_row" in one["sql"]]
    return slapd.kinds["SRCH"], len(journal)
