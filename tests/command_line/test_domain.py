"""vmail domain."""

from tests.world import EXAMPLE, HOSTING, OTHER


def test_the_list_is_for_people_and_for_programs(rita_says):
    lines = rita_says("domain", "list").out.splitlines()
    rows = rita_says("domain", "list", "--json", "--counts").rows

    assert lines[0].split("\t")[:2] == ["Domain", "Active"]
    assert [line.split("\t")[:2] for line in lines[1:]] == [
        ["asleep.test", "no"],
        ["example.test", "yes"],
        ["other.test", "yes"],
    ]
    assert [row["domain"] for row in rows] == ["asleep.test", "example.test", "other.test"]
    assert (rows[1]["accounts"], rows[1]["aliases"]) == ("3", "4")
    assert rows[2]["may_edit_accounts"] is False


def test_a_list_can_be_narrowed(rita_says):
    assert [row["domain"] for row in rita_says("domain", "list", "--suspended", "--json").rows] == [
        "asleep.test"
    ]
    assert rita_says("domain", "list", "--search", "nothing", "--json").rows == []


def test_a_postmaster_sees_no_domain_but_the_own(pia_says):
    said = pia_says("domain", "list", "--json")

    assert [row["domain"] for row in said.rows] in ([], ["example.test"])


def test_a_new_domain_is_whole(rita_says, world):
    said = rita_says("domain", "add", "Bücher.example", "--note", "for Ana")

    assert (said.code, said.out) == (0, "bücher.example is here.\n")
    new = f"jvd=xn--bcher-kva.example,{HOSTING}"
    assert world.value(new, "description") == "for Ana"
    assert world.entry(f"cn=postmaster,{new}")
    assert world.entry(f"mail=abuse@xn--bcher-kva.example,{new}")


def test_the_forms_sentences_are_said(rita_says):
    said = rita_says("domain", "add", "nodots", "--json")

    assert said.code == 1
    assert said.document["problems"] == [
        {"field": "Domain", "text": "A domain name has at least two parts, as in example.org."}
    ]


def test_suspend_and_resume(rita_says, world):
    assert rita_says("domain", "suspend", "example.test").code == 0
    assert world.value(EXAMPLE, "accountActive") == "FALSE"

    assert rita_says("domain", "resume", "example.test").code == 0
    assert world.value(EXAMPLE, "accountActive") == "TRUE"


def test_a_postmaster_may_not_suspend(pia_says, world):
    said = pia_says("domain", "suspend", "example.test")

    assert (said.code, said.out) == (1, "")
    assert world.value(EXAMPLE, "accountActive") == "TRUE"


def test_delete_marks_and_restore_takes_the_mark_away(rita_says, world):
    assert rita_says("domain", "delete", "other.test", "--yes").code == 0
    assert world.value(OTHER, "delete") == "TRUE"

    assert rita_says("domain", "restore", "other.test").code == 0
    assert world.value(OTHER, "delete") == "FALSE"


def test_delete_without_anybody_to_ask_needs_a_yes(rita_says, world):
    assert rita_says("domain", "delete", "other.test").code == 2
    assert world.value(OTHER, "delete") == "FALSE"


def test_flags_and_note_are_edited(rita_says, world):
    rita_says("domain", "edit", "other.test", "--may-edit-accounts", "on", "--note", "Otto's")

    assert world.value(OTHER, "editAccounts") == "TRUE"
    assert world.value(OTHER, "editPostmasters") == "FALSE"
    assert world.value(OTHER, "description") == "Otto's"


def test_nothing_to_edit_is_a_mistake(rita_says):
    assert rita_says("domain", "edit", "other.test").code == 2


def test_what_is_not_there_is_not_found(rita_says):
    assert rita_says("domain", "suspend", "nowhere.test").code == 3


def test_a_dry_run_changes_nothing_and_says_what_slapd_said(rita_says, pia_says, world):
    before = world.versions()

    assert rita_says("domain", "suspend", "example.test", "--dry-run", "--json").document[
        "dry_run"
    ] == ("slapd")
    assert rita_says("domain", "add", "new.test", "--dry-run", "--json").document["dry_run"] == (
        "checks"
    )
    assert world.versions() == before


def test_a_dry_run_is_refused_where_the_deed_would_be(pia_says, world):
    before = world.versions()

    assert pia_says("domain", "suspend", "example.test", "--dry-run").code == 1
    assert world.versions() == before
