"""Hostile values in the directory: every page of every role shows them as text, or says no.

Whoever has ldapmodify, or a tree that is twenty years old, holds what no form of ours lets in. Each
attribute that a page may read is filled, as slapd's rootdn, in every kind of entry; then each role
walks all its pages, from link to link.
"""

import ldap
import ldap.dn
import pytest

from tests.panel_attacks.bodies import PEOPLE, walked
from tests.panel_attacks.hostile import TEXTS, let_through
from tests.world import ALEX, ALICE, ASLEEP, EXAMPLE, HOSTING, OTHER, PIA, POST, SITEADMINS, word

TAG = '"><zqx zqa=1>'
PATH = "\"'><zqx/zqa=1>"  # without blanks, as slapd's constraint has it
RIGHT_TO_LEFT = "\u202e" + TAG
NOTES = [TAG, RIGHT_TO_LEFT, "' zqa='1", "</title><zqx>"]

HOSTILE = {
    ALICE: {
        "cn": NOTES,
        "description": NOTES,
        "quota": TAG,
        "mailbox": PATH,
        "homeDirectory": "/" + PATH,
        "uid": TAG,
    },
    ALEX: {"cn": NOTES, "description": NOTES, "maildrop": [PATH, f"{PATH}@x.test", "|" + PATH]},
    PIA: {"cn": TAG, "description": "\x01\x1b[31m" + TAG, "quota": "9" * 300, "lastChange": "0"},
    POST: {"description": NOTES, "maildrop": [PATH, "javascript:zqx()"]},
    EXAMPLE: {"description": NOTES, "postfixTransport": "<zqx>"},
    OTHER: {"description": [text for text in TEXTS if 0 < len(text.strip()) < 100][:4]},
    ASLEEP: {"description": "x" * 512, "lastChange": "-99999999999"},
}


def hostile_address(name):
    return f"{name}@example.test"


FLAGS = ("accountActive", "delete", "editAccounts", "editPostmasters")
NAMES = ["<zqx zqa=1>", '"><zqx>', "a'zqa='1", "x/../y", "{{x}}", "%3Czqx%3E", "a?b#c", "\\zqx"]


@pytest.fixture
def old_tree(world, kept):
    root = world.root()
    for dn, values in HOSTILE.items():
        root.modify_s(
            dn,
            [
                (ldap.MOD_REPLACE, name, [one.encode() for one in as_list(value)])
                for name, value in values.items()
            ],
        )
    for name in NAMES:
        add_alias(root, hostile_address(name.replace(" ", "/")))
    add_domain(root, "<zqx>.test")
    holders = [POST, PIA, f"mail={ldap.dn.escape_dn_chars(PATH)}@example.test,{EXAMPLE}"]
    root.modify_s(
        POST, [(ldap.MOD_REPLACE, "roleOccupant", [holder.encode() for holder in holders])]
    )
    yield root
    root.unbind_s()


def as_list(value):
    return value if isinstance(value, list) else [value]


def add_alias(root, mail):
    values = {
        "objectClass": ["top", "JammMailAlias"],
        "mail": [mail],
        "maildrop": [PATH],
        "cn": [TAG],
        "accountActive": ["TRUE"],
        "lastChange": ["1700000000"],
    }
    add(root, ldap.dn.dn2str([[("mail", mail, 1)]]) + f",{EXAMPLE}", values)


def add_domain(root, name):
    values = {
        "objectClass": ["top", "JammVirtualDomain"],
        "jvd": [name],
        "lastChange": ["1"],
        **{name: ["TRUE"] for name in FLAGS},
    }
    add(root, ldap.dn.dn2str([[("jvd", name, 1)]]) + f",{HOSTING}", values)


def add(root, dn, values):
    root.add_s(dn, [(name, [one.encode() for one in some]) for name, some in values.items()])


@pytest.mark.parametrize("who", ["rita", "pia", "alice", "alex"])
def test_every_page_shows_them_as_text(old_tree, who):
    shown = 0
    for path, answer in walked(PEOPLE[who], word(who)):
        assert not let_through(answer), path
        shown += b"zqx" in answer.getvalue()

    assert shown >= {"rita": 10, "pia": 8}.get(who, 1)


@pytest.mark.parametrize("who", ["rita", "pia"])
def test_every_link_to_them_leads_somewhere(old_tree, world, who):
    """A page may say no to such an entry, but never fails."""
    pages = [path for path, _ in walked(PEOPLE[who], word(who), most=30)]

    assert len([path for path in pages if "zqx" in path]) > len(NAMES)


def test_the_list_holds_them_all(old_tree, pia):
    text = pia.get("/domains/example.test/?kind=aliases").content.decode()

    assert text.count("zqx") > len(NAMES)
    assert "<zqx" not in text


def test_a_message_about_them_is_escaped_too(old_tree, rita):
    """What is saved under such a name is told of on the next page, with its Undo."""
    answer = rita.post(
        "/aliases/%22%3E%3Czqx%3E@example.test/switch/",
        {"flag": "active", "to": "off"},
        follow=True,
    )

    assert answer.status_code == 200
    assert "switched off" in answer.content.decode()
    assert not let_through(answer)


def test_a_site_admins_group_with_a_hostile_member_is_no_way_in(old_tree, sign_in):
    member = f"cn={ldap.dn.escape_dn_chars(TAG)},ou=admins,dc=myhosting,dc=example"
    old_tree.modify_s(SITEADMINS, [(ldap.MOD_ADD, "member", [member.encode()])])
    try:
        page = sign_in("rita", word("rita")).get("/domains/")
        assert page.status_code == 200
        assert not let_through(page)
    finally:
        old_tree.modify_s(SITEADMINS, [(ldap.MOD_DELETE, "member", [member.encode()])])
