"""Values that are no UTF-8, in a tree that slapadd took unchecked: shown as far as they can be."""

from base64 import b64encode
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client

from tests.command_line.old import TIDY, OldTree
from tests.command_line.saying import called
from tests.pages import form_of
from tests.world import word

LATIN_1 = b"caf\xe9"
IN_LDIF = b64encode(LATIN_1).decode()
UTA, UWE = f"mail=uta@tidy.test,{TIDY}", f"mail=uwe@tidy.test,{TIDY}"
PEOPLE = f"""
dn: {UTA}
objectClass: JammMailAccount
structuralObjectClass: JammMailAccount
mail: uta@tidy.test
quota:: {IN_LDIF}
homeDirectory:: {IN_LDIF}
mailbox:: {IN_LDIF}
accountActive: TRUE
delete: FALSE
lastChange: 1

dn: {UWE}
objectClass: JammMailAlias
structuralObjectClass: JammMailAlias
mail: uwe@tidy.test
maildrop:: {IN_LDIF}
accountActive: TRUE
lastChange: 1
"""


@pytest.fixture
def tree(world, tmp_path, panel_at):
    ldif = (Path(__file__).parent / "old.ldif").read_text().rstrip()
    tree = OldTree(tmp_path / "s", f"{ldif}\n{PEOPLE}")
    panel_at(tree.slapd.ldapi_uri)
    yield tree
    connections.close_all()
    tree.slapd.stop()


@pytest.fixture
def manager(tree):
    client = Client()
    client.post("/sign-in/", {"login": "Manager", "password": word("manager")})
    return client


def test_pages_show_them(manager):
    for path in ("/domains/tidy.test/", "/accounts/uta@tidy.test/", "/aliases/uwe@tidy.test/"):
        assert "caf\ufffd" in manager.get(path).content.decode()
    table = manager.get("/domains/tidy.test/export.csv").getvalue().decode()
    assert "uta@tidy.test" in table and "uwe@tidy.test" in table


def test_commands_list_them(tree):
    said = called("account", "list", "tidy.test", "--json", "-Y", "EXTERNAL")

    assert "uta@tidy.test" in [row["address"] for row in said.rows]


def test_an_edit_of_something_else_leaves_them(manager, tree):
    for path in ("/accounts/uta@tidy.test/", "/aliases/uwe@tidy.test/"):
        form = form_of(manager.get(path))
        assert manager.post(path, form | {"full_name": "U"}).status_code == 302

    after = tree.everything()
    assert after[UTA]["cn"] == after[UWE]["cn"] == [b"U"]
    assert after[UTA]["quota"] == after[UTA]["mailbox"] == [LATIN_1]
    assert after[UWE]["maildrop"] == [LATIN_1]
