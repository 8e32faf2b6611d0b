"""Controls: words beside an operation that ask slapd to treat it otherwise."""

import ldap
from ldap.controls import RequestControl
from ldap.controls.simple import (
    ManageDSAITControl,
    ProxyAuthzControl,
    RelaxRulesControl,
)
from ldap.syncrepl import SyncRequestControl

from tests.access.client import SUBENTRIES
from tests.access.people import NEW
from tests.access.probe import Attack, Try
from tests.access.tries import add, change, delete, find, put
from tests.deploy.cast import (
    ADMIN,
    ALICE,
    CAROL,
    EXAMPLE,
    HOSTING,
    NEWS,
    PAT,
    account_attributes,
)

from .reasons import NO_MANAGE, NO_SUCH_ENTRY, ONLY_OWN, SLAPD_REFUSES

RELAX = RelaxRulesControl(True)
PERMISSIVE = RequestControl("1.2.840.113556.1.4.1413", True, None)
TREE_DELETE = RequestControl("1.2.840.113556.1.4.805", True, None)
NO_OP = RequestControl("1.3.6.1.4.1.4203.666.5.2", True, None)
AS_ADMIN = ProxyAuthzControl(True, f"dn:{ADMIN}".encode())
AS_PAT = ProxyAuthzControl(True, f"dn:{PAT}".encode())
# The search for changes that a replica makes.
SYNC = SyncRequestControl(criticality=False, mode="refreshOnly")
FORGES = "forges what slapd alone writes"
AS_OTHER = "acts as somebody else"


def allowed_in_trial(dn, attribute, value):
    """No-op says whether it would be done; who is told so may do it."""

    def attempt(client):
        changes = [(ldap.MOD_REPLACE, attribute, [value.encode()])]
        try:
            client.connection.modify_ext_s(dn, changes, serverctrls=[NO_OP])
        except ldap.LDAPError as error:
            return error.args[0].get("result") == 16654
        return True

    return Try(
        f"try to change {attribute} of {dn.split(',')[0]} without doing it",
        attempt,
        lambda _, seen: bool(seen),
    )


def many_at_once(words, dn, changes, took_effect):
    """Several changes of one entry in one operation: the first is allowed, the last is not."""

    def attempt(client):
        client.connection.modify_s(dn, changes)

    return Try(words, attempt, took_effect)


ATTACKS = [
    Attack(ALICE, change(ALICE, "modifiersName", PAT, controls=[RELAX]), FORGES, "9", NO_MANAGE),
    Attack(
        ALICE,
        change(ALICE, "createTimestamp", "20000101000000Z", controls=[RELAX]),
        FORGES,
        "9",
        NO_MANAGE,
    ),
    Attack(
        ALICE,
        change(ALICE, "structuralObjectClass", "JammMailAlias", controls=[RELAX]),
        FORGES,
        "2b",
        NO_MANAGE,
    ),
    Attack(
        PAT,
        change(ALICE, "entryUUID", "00000000-0000-4000-8000-000000000000", controls=[RELAX]),
        FORGES,
        "11",
        NO_MANAGE,
    ),
    Attack(
        PAT,
        change(ALICE, "objectClass", "JammMailAlias", controls=[RELAX]),
        FORGES,
        "7b",
        SLAPD_REFUSES,
    ),
    Attack(PAT, put(ALICE, "mail", "ceo@other.test", controls=[RELAX]), "passes by a rule", "3"),
    Attack(
        PAT,
        add(
            NEW,
            note="another author, relaxed",
            controls=[RELAX],
            **account_attributes("new@example.test") | {"creatorsName": ADMIN},
        ),
        FORGES,
        "11",
        NO_MANAGE,
    ),
    Attack(
        PAT,
        add(
            NEW,
            note="an old password, relaxed",
            controls=[RELAX],
            **account_attributes("new@example.test") | {"pwdChangedTime": "20000101000000Z"},
        ),
        FORGES,
        "11",
        SLAPD_REFUSES,
    ),
    Attack(
        PAT, put(ALICE, "mail", "ceo@other.test", controls=[PERMISSIVE]), "passes by a rule", "3"
    ),
    Attack(
        PAT,
        put(ALICE, "mail", "ceo@other.test", controls=[ManageDSAITControl(True)]),
        "passes by a rule",
        "3",
    ),
    Attack(
        PAT,
        add(
            f"mail=x@example.test,{EXAMPLE}",
            note="a referral, managed",
            controls=[ManageDSAITControl(True)],
            objectClass=["referral", "extensibleObject"],
            ref="ldap://evil.test/",
            mail="x@example.test",
        ),
        "leads other programs to where the attacker wants",
        "7b",
    ),
    Attack(
        PAT, delete(EXAMPLE, controls=[TREE_DELETE]), "deletes a domain at once", "8", SLAPD_REFUSES
    ),
    Attack(
        PAT,
        delete(NEWS, controls=[TREE_DELETE]),
        "deletes a tree at once",
        "8",
        SLAPD_REFUSES,
        may_change=True,
    ),
    Attack(ALICE, change(CAROL, "cn", "x", controls=[AS_ADMIN]), AS_OTHER, "slapd", SLAPD_REFUSES),
    Attack(ALICE, change(PAT, "cn", "x", controls=[AS_PAT]), AS_OTHER, "slapd", SLAPD_REFUSES),
    Attack(
        CAROL,
        find(HOSTING, "(mail=*)", controls=[AS_PAT], but=[CAROL]),
        AS_OTHER,
        "slapd",
        SLAPD_REFUSES,
    ),
    Attack(
        CAROL,
        find(HOSTING, "(mail=*)", controls=[SYNC], but=[CAROL], note="search for changes"),
        "copies the directory as a replica does",
        "9",
    ),
    Attack(
        CAROL,
        find(
            HOSTING,
            "(objectClass=*)",
            controls=[SUBENTRIES],
            but=[CAROL],
            note="search for subentries",
        ),
        "sees what is hidden",
        "9",
        NO_SUCH_ENTRY,
    ),
    Attack(
        CAROL,
        find(
            HOSTING,
            "(mail=*)",
            controls=[ManageDSAITControl(True)],
            but=[CAROL],
            note="search all, managed",
        ),
        "sees what is hidden",
        "9",
    ),
    Attack(ALICE, allowed_in_trial(ALICE, "quota", "1"), "knows what would be done", "7"),
    Attack(ALICE, allowed_in_trial(CAROL, "quota", "1"), "knows what would be done", "7", ONLY_OWN),
    Attack(
        ALICE,
        many_at_once(
            "change the name and the quota in one operation",
            ALICE,
            [(ldap.MOD_REPLACE, "cn", [b"x"]), (ldap.MOD_REPLACE, "quota", [b"1"])],
            lambda server, _: "1" in server.reads(ALICE, "quota"),
        ),
        "what is allowed carries what is not",
        "7",
    ),
    Attack(
        PAT,
        many_at_once(
            "put an address of elsewhere, and take the own one",
            ALICE,
            [
                (ldap.MOD_ADD, "mail", [b"ceo@other.test"]),
                (ldap.MOD_DELETE, "mail", [b"ceo@other.test"]),
                (ldap.MOD_ADD, "mail", [b"ceo@other.test"]),
            ],
            lambda server, _: "ceo@other.test" in server.reads(ALICE, "mail"),
        ),
        "what ends well carries what does not",
        "3",
    ),
    Attack(
        ALICE,
        many_at_once(
            "count the Unix number up",
            ALICE,
            [(ldap.MOD_INCREMENT, "uidNumber", [b"1"])],
            lambda server, _: bool(server.reads(ALICE, "uidNumber")),
        ),
        "writes a number without naming it",
        "11",
        SLAPD_REFUSES,
    ),
]
