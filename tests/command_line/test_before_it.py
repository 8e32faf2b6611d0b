"""An address that was somebody's before: the command says so, and how to go on."""

import re

import pytest

from tests.world import EXAMPLE

SALES = "sales@example.test"
ADD = ("alias", "add", SALES, "--to", "alice@example.test")


@pytest.fixture
def deleted(pia_says):
    pia_says(*ADD)
    pia_says("alias", "delete", SALES)


def test_a_deleted_alias_comes_back_by_what_is_said(pia_says, deleted, world):
    said = pia_says(*ADD)

    assert said.code == 1
    assert f"{SALES} was deleted lately" in said.err
    number = re.search(r"vmail journal undo (\d+)", said.err)[1]
    assert world.entry(f"mail={SALES},{EXAMPLE}") is None
    assert pia_says("journal", "undo", number).code == 0
    assert world.entry(f"mail={SALES},{EXAMPLE}")["maildrop"] == ["alice@example.test"]


def test_or_a_new_one_is_added_all_the_same(pia_says, deleted, world):
    [problem] = pia_says(*ADD, "--json").document["problems"]
    assert "--anyway" in problem["text"]

    assert pia_says(*ADD, "--anyway").code == 0
    assert world.entry(f"mail={SALES},{EXAMPLE}")


def test_mail_that_was_left_behind_is_told_too(pia_says, world, settings, tmp_path):
    settings.MAIL_HOME = str(tmp_path)
    (tmp_path / "example.test/nora").mkdir(parents=True)
    said = pia_says("account", "add", "nora@example.test")

    assert said.code == 1
    assert "There is mail of an earlier nora@example.test" in said.err
    assert pia_says("account", "add", "nora@example.test", "--anyway").code == 0


def test_who_waits_in_the_trash_is_restored_by_what_is_said(pia_says, world):
    pia_says("account", "delete", "alice@example.test")
    said = pia_says("account", "add", "alice@example.test")

    assert said.code == 1
    assert "taken already" in said.err
    words = re.search(r"vmail (account restore \S+)", said.err)[1].split()
    assert pia_says(*words).code == 0
    assert world.value(f"mail=alice@example.test,{EXAMPLE}", "delete") == "FALSE"


# --- the rows of a table


@pytest.fixture
def table(tmp_path, deleted):
    (tmp_path / "in.csv").write_text("address,destinations\nsales,x@b.test\nole,x@b.test\n")
    return str(tmp_path / "in.csv")


def test_a_row_of_a_table_is_told_of_and_left_out(pia_says, table, world):
    words = ("import", "example.test", table, "--aliases")

    said = pia_says(*words)

    assert said.code == 1
    assert "line 2, address: An alias of this address was deleted on" in said.err
    assert "--only-good adds the others. --anyway adds those too" in said.err
    assert world.entry(f"mail=ole@example.test,{EXAMPLE}") is None
    assert pia_says(*words, "--only-good").code == 5
    assert world.entry(f"mail=ole@example.test,{EXAMPLE}")
    assert world.entry(f"mail={SALES},{EXAMPLE}") is None


def test_or_it_is_added_all_the_same_and_told(pia_says, table, world):
    said = pia_says("import", "example.test", table, "--aliases", "--anyway")

    assert said.code == 0
    assert f"line 2: {SALES}: an alias of this address was deleted on" in said.err
    assert world.entry(f"mail={SALES},{EXAMPLE}")["maildrop"] == ["x@b.test"]


def test_an_import_of_accounts_looks_for_mail_too(pia_says, world, settings, tmp_path):
    settings.MAIL_HOME = str(tmp_path)
    (tmp_path / "example.test/nora").mkdir(parents=True)
    (tmp_path / "in.csv").write_text("address\nnora\n")
    words = ("import", "example.test", str(tmp_path / "in.csv"), "--no-passwords")

    said = pia_says(*words)

    assert (said.code, "is still there" in said.err) == (1, True)
    assert pia_says(*words, "--anyway").code == 0
    assert world.entry(f"mail=nora@example.test,{EXAMPLE}")


def test_a_whole_import_that_was_taken_back_can_be_done_again(pia_says, world, tmp_path):
    (tmp_path / "in.csv").write_text("address,destinations\nole,x@b.test\n")
    words = ("import", "example.test", str(tmp_path / "in.csv"), "--aliases")
    assert pia_says(*words).code == 0
    listed = pia_says("journal", "list", "example.test", "--json", "--limit", "1")
    assert pia_says("journal", "undo", "--batch", listed.rows[0]["batch"]).code == 0

    assert pia_says(*words).code == 0
