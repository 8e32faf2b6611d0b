"""What only an old tree holds: names that no page can have, and dates that no clock shows.

The panel adds no address with a blank or without an @, and slapd refuses one where our rules are
loaded. A page that tells of one links to a page that is not found, and never fails itself.
"""

import ldap
import ldap.dn
import pytest

from tests.older import MANAGER, manager, older, older_slapd  # noqa: F401 (fixtures)
from tests.world import ALICE, EXAMPLE, HOSTING, POST, entries_of, word
from vmail_admin.directory.identity import Identity, acting_as
from vmail_admin.directory.raw import changed

ODD_DOMAIN = f"jvd=odd name.test,{HOSTING}"
LDIF = f"""
dn: mail=two words@example.test,{EXAMPLE}
objectClass: JammMailAlias
mail: two words@example.test
maildrop: alice@example.test
accountActive: TRUE
lastChange: 1700000000

dn: mail=nowhere,{EXAMPLE}
objectClass: JammMailAlias
mail: nowhere
maildrop: alice@example.test
accountActive: TRUE
lastChange: 1700000000

dn: mail=given away@example.test,{EXAMPLE}
objectClass: JammMailAccount
mail: given away@example.test
homeDirectory: /home/vmail/domains
mailbox: example.test/given/
accountActive: FALSE
delete: TRUE
lastChange: 1700000000

dn: {ODD_DOMAIN}
objectClass: JammVirtualDomain
jvd: odd name.test
accountActive: TRUE
delete: TRUE
editAccounts: TRUE
editPostmasters: TRUE
lastChange: 1700000000

dn: cn=postmaster,{ODD_DOMAIN}
objectClass: JammMailAlias
objectClass: JammPostmaster
cn: postmaster
mail: postmaster@odd name.test
maildrop: postmaster
accountActive: TRUE
lastChange: 1700000000
roleOccupant: {ALICE}
"""


@pytest.fixture
def odd(older):  # noqa: F811
    root = ldap.initialize(older.slapd.ldapi_uri)
    root.simple_bind_s(MANAGER, word("manager"))
    for dn, values in entries_of(LDIF):
        root.add_s(dn, values)
    holders = [f"mail=two words@example.test,{EXAMPLE}", f"mail=nowhere,{EXAMPLE}"]
    root.modify_s(POST, [(ldap.MOD_ADD, "roleOccupant", [one.encode() for one in holders])])
    root.unbind_s()
    return older


PAGES = [
    *("/domains/", "/trash/", "/journal/", "/find/?search=where", "/find/?search=words"),
    *("/domains/example.test/", "/domains/example.test/?kind=aliases&search=words"),
    *("/domains/example.test/trash/", "/accounts/alice@example.test/"),
    "/aliases/postmaster@example.test/",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_that_tells_of_them_is_there(odd, manager, path):  # noqa: F811
    assert manager.get(path).status_code == 200


def test_only_what_begins_with_the_at_sign_is_a_catch_all(odd, manager):  # noqa: F811
    page = manager.get("/domains/example.test/?kind=aliases")

    assert "nowhere" in [row.mail for row in page.context["page"].rows]
    assert not page.context["has_catch_all"]


def test_the_journal_tells_of_a_change_made_to_them(odd, manager):  # noqa: F811
    """As `vmail adopt --fix` makes some."""
    with acting_as(Identity(MANAGER, word("manager"))):
        for dn in (ODD_DOMAIN, f"mail=two words@example.test,{EXAMPLE}"):
            changed(dn, [("replace", "description", [b"a note"])])

    text = manager.get("/journal/").content.decode()
    assert "odd name.test" in text
    assert "two words@example.test" in text


def test_who_looks_after_such_a_domain_signs_in(odd, sign_in):
    alice = sign_in("alice@example.test", word("alice"))

    assert alice.get("/", follow=True).status_code == 404
    assert alice.get("/me/").status_code == 200


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Lima"])
@pytest.mark.parametrize("seconds", [-62135596800, 253402300799])
def test_a_date_at_the_edge_of_time_is_none(world, rita, settings, zone, seconds):
    settings.TIME_ZONE = zone
    for dn in (ALICE, EXAMPLE):
        world.change(dn, lastChange=seconds)

    for path in ("/domains/", "/domains/example.test/", "/find/?search=alice"):
        [row] = [one for one in rita.get(path).context["page"].rows if one.dn in (ALICE, EXAMPLE)]
        assert row.last_change is None
