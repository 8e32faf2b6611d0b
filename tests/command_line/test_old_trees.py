"""An address in an ou= of an old tree, on the command line and in work on many."""

from types import SimpleNamespace

import pytest

from accounts.bulk.acts import entry_of
from tests.test_old_trees import NORA, SALES, add_people
from tests.world import EXAMPLE, POST, RITA, word
from vmail_admin.directory.identity import Identity, acting_as


@pytest.fixture
def old_tree(world):
    add_people(world)
    return world


def test_it_is_edited_given_a_password_and_deleted_where_it_stands(old_tree, root_says):
    nora, sales = "nora@example.test", "sales@example.test"
    done = [
        root_says("account", "edit", nora, "--name", "Nora", "--active", "off"),
        root_says("account", "password", nora),
        root_says("account", "delete", nora),
        root_says("alias", "edit", sales, "--to", "pia@example.test"),
    ]

    assert [said.code for said in done] == [0] * 4, [said.err for said in done]
    assert old_tree.value(NORA, "cn") == "Nora"
    assert old_tree.value(NORA, "delete") == "TRUE"
    assert old_tree.entry(NORA)["userPassword"]
    assert old_tree.entry(SALES)["maildrop"] == ["pia@example.test"]
    assert old_tree.entry(f"mail=nora@example.test,{EXAMPLE}") is None
    assert root_says("alias", "delete", sales).code == 0
    assert old_tree.entry(SALES) is None


def test_it_is_appointed_where_it_stands(old_tree, rita_says):
    assert rita_says("postmaster", "appoint", "nora@example.test").code == 0
    assert NORA in old_tree.entry(POST)["roleOccupant"]
    assert rita_says("postmaster", "dismiss", "nora@example.test").code == 0
    assert NORA not in old_tree.entry(POST)["roleOccupant"]


def test_who_is_not_there_is_not_found(old_tree, rita_says):
    said = rita_says("account", "edit", "nobody@example.test", "--name", "N")

    assert said.code == 3
    assert "nobody@example.test is not here" in said.err
    assert rita_says("account", "edit", "nora@nowhere.test", "--name", "N").code == 3


def test_what_is_done_to_many_finds_it(old_tree):
    row = SimpleNamespace(mail="nora@example.test", entry={"kind": "account"})
    with acting_as(Identity(RITA, word("rita"))):
        assert entry_of(row).dn == NORA
