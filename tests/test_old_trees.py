"""An address that stands elsewhere than a panel would put it: in an ou=, or under another name."""

import pytest

from tests.older import manager, older, older_slapd  # noqa: F401 (fixtures)
from tests.pages import form_of, messages_of
from tests.slapd_log import Counted
from tests.world import DORA, EXAMPLE, entries_of, word

PEOPLE = f"ou=people,{EXAMPLE}"
NORA = f"mail=nora@example.test,{PEOPLE}"
SALES = f"cn=sales,{PEOPLE}"
CARD, ALIAS = "/accounts/nora@example.test/", "/aliases/sales@example.test/"
LDIF = f"""
dn: {PEOPLE}
objectClass: organizationalUnit
ou: people

dn: {NORA}
objectClass: top
objectClass: JammMailAccount
mail: nora@example.test
homeDirectory: /home/vmail/domains
mailbox: example.test/n/o/nora/
accountActive: TRUE
delete: FALSE
lastChange: 1700000000

dn: {SALES}
objectClass: top
objectClass: JammMailAlias
cn: sales
mail: sales@example.test
maildrop: alice@example.test
accountActive: TRUE
lastChange: 1700000000
"""


def add_people(world):
    root = world.root()
    for dn, values in entries_of(LDIF):
        root.add_s(dn, values)
    root.unbind_s()


@pytest.fixture
def old_tree(world):
    add_people(world)
    return world


def test_what_the_search_finds_has_a_page(old_tree, rita):
    rows = rita.get("/find/?search=example.test").context["page"].rows
    elsewhere = [row for row in rows if row.dn.endswith(PEOPLE)]

    assert {row.mail for row in elsewhere} == {"nora@example.test", "sales@example.test"}
    for row in elsewhere:
        assert rita.get(row.edit_url).status_code == 200


def test_it_is_changed_where_it_stands(old_tree, rita):
    rita.post(CARD, form_of(rita.get(CARD)) | {"full_name": "Nora"})
    rita.post(f"{CARD}switch/", {"flag": "active", "to": "off"})
    page = rita.post(ALIAS, form_of(rita.get(ALIAS)) | {"destinations": "pia@example.test"})

    assert page.status_code == 302
    assert old_tree.value(NORA, "cn") == "Nora"
    assert old_tree.value(NORA, "accountActive") == "FALSE"
    assert old_tree.value(NORA, "mailbox") == "example.test/n/o/nora/"
    assert old_tree.entry(SALES)["maildrop"] == ["pia@example.test"]
    assert old_tree.entry(f"mail=nora@example.test,{EXAMPLE}") is None


def test_it_is_deleted_there(old_tree, rita):
    rita.post(f"{CARD}retire/")
    page = rita.post(f"{ALIAS}delete/", follow=True)

    assert old_tree.value(NORA, "delete") == "TRUE"
    assert old_tree.entry(SALES) is None
    assert "is deleted" in messages_of(page)[-1]


def test_nobody_is_found_twice(old_tree, rita):
    assert rita.get("/accounts/nobody@example.test/").status_code == 404
    assert rita.get("/aliases/nora@example.test/").status_code == 404
    assert rita.get("/accounts/*@example.test/").status_code == 404


def test_whom_slapd_does_not_show_it_does_not_find_it(old_tree, otto):
    assert otto.get(CARD).status_code == 404
    assert otto.post(f"{CARD}switch/", {"flag": "active", "to": "off"}).status_code == 404
    assert old_tree.value(NORA, "accountActive") == "TRUE"


def test_where_an_address_belongs_it_is_not_searched_for(old_tree, rita):
    with Counted(old_tree.slapd) as ordinary:
        rita.get("/accounts/dora@example.test/")
    with Counted(old_tree.slapd) as elsewhere:
        rita.get(CARD)

    assert old_tree.entry(DORA)
    assert elsewhere.kinds["SRCH"] == ordinary.kinds["SRCH"] + 1


def test_a_postmaster_gives_a_password_there_by_the_older_rules(older, sign_in):  # noqa: F811
    add_people(older)
    pia = sign_in("pia@example.test", word("pia"))

    page = pia.post(f"{CARD}password/", {"new_password": "a new word for Nora"})

    assert page.status_code == 200
    assert older.accepts(NORA, "a new word for Nora")
