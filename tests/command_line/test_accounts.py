"""vmail account."""

import pytest

from tests.command_line.saying import speaker
from tests.world import ALICE, CAROL, DORA, EXAMPLE, PIA
from vmail_admin.command_line.main import main

NORA = f"mail=nora@example.test,{EXAMPLE}"
NEW = "correct horse battery staple"


def addresses(said):
    return [row["address"] for row in said.rows]


def test_accounts_are_listed(pia_says):
    said = pia_says("account", "list", "example.test", "--json")

    assert addresses(said) == ["alice@example.test", "dora@example.test", "pia@example.test"]
    assert said.rows[0] == {
        "address": "alice@example.test",
        "kind": "account",
        "name": "Alice Arden",
        "active": True,
        "last_change": "2023-11-14T22:13:20+00:00",
        "marked_for_deletion": False,
        "quota": "10 MB",
        "quota_stored": "10000000S",
        "postmaster": False,
    }
    assert said.rows[2]["postmaster"] is True


def test_without_a_domain_a_list_is_of_all_one_sees(pia_says, rita_says):
    assert "carol@other.test" in rita_says("account", "list").out


def test_a_postmaster_lists_the_own_domain(pia_says):
    assert addresses(pia_says("account", "list", "--off", "--json")) == ["dora@example.test"]
    assert pia_says("account", "list", "other.test").code == 3
    assert pia_says("account", "list", "other.test", "example.test").code == 5


def test_an_account_is_added_with_a_password_shown_once(pia_says, world):
    said = pia_says("account", "add", "Nora@example.test", "--name", "Nora", "--quota", "2 GB")

    password = said.out.rstrip("\n").rpartition(" ")[2]
    assert said.code == 0
    assert world.accepts(NORA, password)
    assert world.value(NORA, "quota") == "2000000000S"
    assert world.value(NORA, "mailbox") == "example.test/nora/"


def test_a_chosen_password_comes_from_a_file_and_is_not_shown(pia_says, world, tmp_path):
    file = tmp_path / "new"
    file.write_text(f"{NEW}\n")
    file.chmod(0o600)

    said = pia_says("account", "add", "nora@example.test", "--password-file", str(file))

    assert NEW not in said.out + said.err
    assert world.accepts(NORA, NEW)


def test_an_account_may_have_no_password_yet(pia_says, world):
    said = pia_says("account", "add", "nora@example.test", "--no-password", "--json")

    assert "password" not in said.rows[0]
    assert world.value(NORA, "userPassword") is None


def test_the_forms_sentences_are_said(pia_says):
    said = pia_says("account", "add", "alice@example.test", "--quota", "much")

    assert said.code == 1
    assert "Quota: A quota is a number and a unit" in said.err
    assert pia_says("account", "add", "alice@example.test").err == (
        "Address: alice@example.test is taken already.\n"
    )


def test_an_edit_changes_what_was_given_only(pia_says, world):
    before = world.entry(ALICE)
    said = pia_says("account", "edit", "alice@example.test", "--note", "on leave")

    after = world.entry(ALICE)
    assert said.code == 0
    assert after.pop("description") == ["on leave"]
    before.pop("lastChange"), after.pop("lastChange")
    assert after == before


def test_an_edit_can_empty_a_field_and_throw_the_switch(pia_says, world):
    pia_says("account", "edit", "alice@example.test", "--quota", "", "--active", "off")

    assert world.value(ALICE, "quota") is None
    assert world.value(ALICE, "accountActive") == "FALSE"


def test_nobody_switches_off_or_deletes_themselves(pia_says, world):
    assert pia_says("account", "edit", "pia@example.test", "--active", "off").code == 1
    assert pia_says("account", "delete", "pia@example.test").code == 1
    assert pia_says("postmaster", "dismiss", "pia@example.test").code == 1
    assert world.value(PIA, "delete") == "FALSE"


def test_a_new_password_opens(pia_says, world):
    said = pia_says("account", "password", "alice@example.test", "--json")

    assert world.accepts(ALICE, said.rows[0]["password"])


def test_a_user_sets_the_own_password_and_no_other(world, monkeypatch):
    alice_says = speaker("alice@example.test", monkeypatch)
    said = alice_says("account", "password", "alice@example.test")

    assert said.code == 0, said.err
    assert world.accepts(ALICE, said.out.rstrip("\n").rpartition(" ")[2])
    monkeypatch.undo()
    other = speaker("alex@example.test", monkeypatch)("account", "password", "alice@example.test")
    assert other.code == 3


def test_who_looks_after_no_domain_is_told_so(world, monkeypatch):
    said = speaker("alice@example.test", monkeypatch)("account", "list")

    assert said.code == 0
    assert said.err == "You look after no domain: there is nothing to list.\n"


def test_what_is_no_address_is_said_in_words(world, monkeypatch, capsys):
    """The parser speaks here, and writes to the process's own standard error."""
    monkeypatch.setattr("sys.argv", ["vmail", "account", "add", "nora"])

    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert "argument address: 'nora' is no address" in capsys.readouterr().err


def test_a_dry_run_gives_no_password(pia_says, world):
    before = world.versions()
    said = pia_says("account", "password", "alice@example.test", "--dry-run", "--json")

    assert (said.code, said.document["dry_run"]) == (0, "checks")
    assert "password" not in said.rows[0]
    assert world.versions() == before


def test_who_is_postmaster_elsewhere_gets_no_password(otto_says, world):
    said = otto_says("account", "password", "alice@example.test")

    assert said.code == 3


def test_several_are_deleted_and_those_that_are_refused_are_said(pia_says, world):
    said = pia_says("account", "delete", "alice@example.test", "nix@example.test")

    assert said.code == 5
    assert said.err.startswith("nix@example.test is not here")
    assert world.value(ALICE, "delete") == "TRUE"
    assert world.value(ALICE, "accountActive") == "FALSE"


def test_restore_brings_back_who_was_active_as_active(pia_says, world):
    pia_says("account", "delete", "alice@example.test", "dora@example.test")
    pia_says("account", "restore", "alice@example.test", "dora@example.test")

    flags = [world.value(dn, name) for dn in (ALICE, DORA) for name in ("delete", "accountActive")]
    assert flags == ["FALSE", "TRUE", "FALSE", "FALSE"]


def test_restore_can_leave_somebody_switched_off(pia_says, world):
    pia_says("account", "delete", "alice@example.test")
    pia_says("account", "restore", "alice@example.test", "--off")

    assert world.entry(ALICE)["delete"] + world.entry(ALICE)["accountActive"] == ["FALSE"] * 2


def test_who_may_not_edit_accounts_is_refused_by_slapd(otto_says, world):
    assert otto_says("account", "delete", "carol@other.test").code == 1
    assert world.value(CAROL, "delete") == "FALSE"


@pytest.mark.parametrize("option", ["--name", "--note"])
def test_a_name_that_would_disguise_the_text_beside_it_is_refused(pia_says, world, option):
    before = world.versions()

    said = pia_says("account", "edit", "alice@example.test", option, "Alice \u2067gnp")

    assert said.code == 1
    assert "an invisible character (U+2067)" in said.err
    assert world.versions() == before


def test_a_reason_is_told(pia_says, world):
    from vmail_admin.directory import changes

    heard = []

    @changes.heard_by
    def listen(change):
        from contextlib import nullcontext

        heard.append(changes.telling())
        return nullcontext()

    try:
        pia_says("account", "delete", "alice@example.test", "--why", "left us")
    finally:
        changes._listeners.remove(listen)

    assert [(one.place, one.why) for one in heard] == [("command line", "left us")]


def test_who_is_only_switched_off_is_not_switched_on_by_restore(pia_says, world):
    before = world.versions()

    said = pia_says("account", "restore", "dora@example.test")

    assert (said.code, world.versions()) == (0, before)
    assert said.out == "dora@example.test is not marked for deletion, and stays as it is.\n"
