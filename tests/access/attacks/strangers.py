"""Nobody, and whoever has the mail servers' password."""

from tests.access.cells import (
    ACTIVE,
    ADD_ACCOUNT,
    ADD_ALIAS,
    APPOINT,
    ELSEWHERE,
    FLAGS,
    MAILBOX,
    NAME,
    RENAME,
    SENDS,
    SERVERS,
    SET_PASSWORD,
)
from tests.access.people import A_PASSWORD, ALIAS, INFO, NEW, NOBODY
from tests.access.probe import Attack
from tests.access.tries import add, change, delete, put, rename, set_password
from tests.deploy.cast import ALICE, EXAMPLE, MAILSERVICE, NEWS, POSTMASTER, account_attributes

from .reasons import NEEDS_SIGN_IN

STOLEN = "a stolen password of the mail servers changes the directory"


def server(tries, rule, row):
    return Attack(MAILSERVICE, tries, STOLEN, rule, NEEDS_SIGN_IN, (row, SERVERS))


def nobody(tries, rule):
    return Attack(NOBODY, tries, "whoever reaches slapd rules it", rule, NEEDS_SIGN_IN)


ATTACKS = [
    server(change(ALICE, "cn", "x"), "7", NAME),
    server(change(ALICE, "quota", "1"), "7", ACTIVE),
    server(change(ALICE, "accountActive", "FALSE"), "7", ACTIVE),
    server(change(NEWS, "maildrop", "x@evil.test"), "5", SENDS),
    server(change(ALICE, "mailbox", "example.test/pat/"), "4", MAILBOX),
    server(add(NEW, **account_attributes("new@example.test")), "8", ADD_ACCOUNT),
    server(add(INFO, mail="info@example.test", **ALIAS), "8", ADD_ALIAS),
    server(put(ALICE, "mail", "ceo@other.test"), "3", ELSEWHERE),
    server(put(POSTMASTER, "roleOccupant", ALICE), "6", APPOINT),
    server(change(EXAMPLE, "accountActive", "FALSE"), "9", FLAGS),
    server(rename(ALICE, "mail=x@example.test"), "restrict rename", RENAME),
    server(set_password(ALICE, A_PASSWORD), "10c", SET_PASSWORD),
    nobody(change(ALICE, "quota", "1"), "7"),
    nobody(change(NEWS, "maildrop", "x@evil.test"), "5"),
    nobody(add(INFO, mail="info@example.test", **ALIAS), "8"),
    nobody(delete(ALICE), "8"),
    nobody(rename(ALICE, "mail=x@example.test"), "restrict rename"),
    nobody(set_password(ALICE, A_PASSWORD), "10c"),
]
