"""A postmaster, with what the site decides about the own domain."""

from tests.access.cells import ADD_ACCOUNT, FLAGS, POSTMASTER
from tests.access.people import ALIAS, BOUND, SECOND
from tests.access.probe import Attack
from tests.access.tries import MARKED, OFF, add, change, change_all, delete, put
from tests.deploy.cast import (
    BEN,
    BOB,
    EXAMPLE,
    HOSTING,
    PAT,
    account_attributes,
    address_dn,
    domain_dn,
)

from .reasons import OWN_DOMAIN_ONLY, SLAPD_REFUSES

GIVES = "gives the own domain what the site did not"
NEW_DOMAIN = {
    "objectClass": "JammVirtualDomain",
    "accountActive": "TRUE",
    "lastChange": "1",
    "delete": "FALSE",
    "editAccounts": "TRUE",
    "editPostmasters": "TRUE",
}

ATTACKS = [
    Attack(PAT, change(EXAMPLE, "accountActive", "FALSE"), "decides for the site", "9"),
    Attack(PAT, change(EXAMPLE, "delete", "TRUE"), "has the domain removed", "9"),
    Attack(
        PAT, change(EXAMPLE, "postfixTransport", "smtp:[evil.test]"), "sends its mail away", "9"
    ),
    Attack(PAT, change(EXAMPLE, "description", "x"), "writes the site's notes", "9"),
    Attack(BOB, change(BOUND, "editAccounts", "TRUE"), GIVES, "9", cell=(FLAGS, POSTMASTER)),
    Attack(BOB, change(BOUND, "editPostmasters", "TRUE"), GIVES, "9"),
    Attack(BOB, change(BOUND, "editAccounts"), GIVES, "9", SLAPD_REFUSES),
    Attack(PAT, put(EXAMPLE, "jvd", "other.test"), "takes a second domain", "9"),
    Attack(PAT, put(EXAMPLE, "jvd", "gmail.test"), "takes a domain that is not here", "9"),
    Attack(PAT, put(EXAMPLE, "jvd;lang-en", "gmail.test"), "takes a domain that is not here", "9"),
    Attack(PAT, put(EXAMPLE, "objectClass", "extensibleObject"), "gives it any attribute", "7b"),
    Attack(
        PAT,
        add(domain_dn("mine.test"), jvd="mine.test", **NEW_DOMAIN),
        "has a domain unasked",
        "8",
        OWN_DOMAIN_ONLY,
    ),
    Attack(
        PAT,
        add(f"jvd=mine.test,{EXAMPLE}", jvd="mine.test", **NEW_DOMAIN),
        "has a domain below the own one, where Postfix finds it",
        "8",
    ),
    Attack(PAT, delete(EXAMPLE), "deletes a domain", "8", SLAPD_REFUSES),
    Attack(PAT, delete(SECOND), "deletes a domain", "8", OWN_DOMAIN_ONLY),
    Attack(PAT, delete(HOSTING), "deletes everything", "8", OWN_DOMAIN_ONLY),
    Attack(
        BOB,
        add(address_dn("new@bound.test"), **account_attributes("new@bound.test")),
        GIVES,
        "8",
        cell=(ADD_ACCOUNT, POSTMASTER),
    ),
    Attack(BOB, change_all(BEN, MARKED | OFF), "has an account removed", "7"),
    Attack(BOB, delete(BEN), "removes an account", "8"),
    Attack(
        BOB,
        add(
            address_dn("info@bound.test"),
            note="the class of an account later",
            mail="info@bound.test",
            **ALIAS | {"objectClass": ["JammMailAlias", "extensibleObject"]},
            mailbox="bound.test/info/",
            homeDirectory="/home/vmail/domains",
        ),
        "has a mailbox on an alias",
        "7b",
    ),
]
