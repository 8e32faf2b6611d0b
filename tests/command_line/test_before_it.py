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
