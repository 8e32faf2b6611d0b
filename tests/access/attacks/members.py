"""A postmaster, with the accounts and aliases of the own domain."""

from tests.access.cells import ELSEWHERE, MAILBOX, POSTMASTER, SENDS
from tests.access.people import ALIAS, NEW
from tests.access.probe import Attack
from tests.access.tries import add, by_ldif, change, holds, is_there, put
from tests.deploy.cast import ALICE, EXAMPLE, NEWS, PAT, VERA, account_attributes

from .reasons import SLAPD_REFUSES

TAKES_MAIL = "Postfix delivers the mail of another domain to the attacker"
STRANGERS_MAIL = "reads the mail of another domain over IMAP"
ROOT_ON_MAIL = "reads and writes files on the mail server as another Unix user"
COMMAND = "runs a program on the mail server"
BREAKS = "breaks look-ups and lists that take it for an address"


def account(note, **changes):
    """A new account that differs from what a postmaster may add."""
    return add(NEW, note=note, **account_attributes("new@example.test") | changes)


def alias(address, note="", **changes):
    return add(f"mail={address},{EXAMPLE}", note=note, **{"mail": address} | ALIAS | changes)


ATTACKS = [
    Attack(
        PAT, put(ALICE, "mail", "ceo@other.test"), TAKES_MAIL, "3", cell=(ELSEWHERE, POSTMASTER)
    ),
    Attack(PAT, put(ALICE, "mail", "@other.test"), TAKES_MAIL, "3"),
    Attack(PAT, put(NEWS, "mail", "@other.test"), TAKES_MAIL, "3"),
    Attack(PAT, put(NEWS, "mail", "Ceo@Other.Test"), TAKES_MAIL, "3"),
    Attack(PAT, put(NEWS, "mail", "ceo@other.test "), TAKES_MAIL, "3"),
    Attack(PAT, put(NEWS, "mail", " ceo@other.test"), TAKES_MAIL, "3"),
    Attack(PAT, put(NEWS, "mail", "x@example.test,ceo@other.test"), TAKES_MAIL, "3"),
    Attack(PAT, put(NEWS, "mail", "ceo@other.test@example.test"), BREAKS, "3"),
    Attack(PAT, put(NEWS, "mail", "ceo@sub.example.test"), TAKES_MAIL, "3"),
    Attack(PAT, put(NEWS, "mail", "ceo@example.test.other.test"), TAKES_MAIL, "3"),
    Attack(PAT, put(NEWS, "mail", "ceo@notexample.test"), TAKES_MAIL, "3"),
    Attack(PAT, put(NEWS, "mail;lang-de", "ceo@other.test"), TAKES_MAIL, "3"),
    Attack(PAT, put(NEWS, "mail;lang-de", "pat@example.test"), "gets somebody's mail too", "1b"),
    Attack(PAT, put(NEWS, "mail;lang-de", "x" * 400 + "@example.test"), BREAKS, "1b"),
    Attack(PAT, put(ALICE, "quota;lang-de", "x" * 50_000), BREAKS, "1b"),
    Attack(PAT, put(NEWS, "maildrop;lang-de", "friend@elsewhere.test"), BREAKS, "1b"),
    Attack(PAT, put(NEWS, "mail;x-one", "ceo@other.test"), TAKES_MAIL, "3", SLAPD_REFUSES),
    Attack(PAT, put(NEWS, "mail", "x\n@example.test"), BREAKS, "3"),
    Attack(PAT, put(NEWS, "mail", "x\0@example.test"), BREAKS, "3"),
    Attack(PAT, put(NEWS, "mail", "x y@example.test"), BREAKS, "3"),
    Attack(PAT, put(NEWS, "mail", "x\t@example.test"), BREAKS, "3"),
    Attack(PAT, put(ALICE, "mail", "*@example.test"), BREAKS, "3"),
    Attack(PAT, put(ALICE, "mail", "../../x@example.test"), BREAKS, "3"),
    Attack(PAT, put(NEWS, "mail", "x" * 400 + "@example.test"), BREAKS, "constraint"),
    Attack(PAT, put(NEWS, "mail", "alice@example.test"), "gets somebody's mail too", "unique"),
    Attack(
        PAT,
        account("an address of other.test besides", mail=["new@example.test", "ceo@other.test"]),
        TAKES_MAIL,
        "3",
    ),
    Attack(
        PAT,
        account("a catch-all besides", mail=["new@example.test", "@example.test"]),
        TAKES_MAIL,
        "3",
    ),
    Attack(PAT, alias("ceo@other.test"), TAKES_MAIL, "3"),
    Attack(PAT, alias("@other.test"), TAKES_MAIL, "3"),
    Attack(PAT, alias("Ceo@OTHER.TEST"), TAKES_MAIL, "3"),
    Attack(
        PAT, alias("info@example.test", "a program behind it", maildrop="|/bin/sh"), COMMAND, "5"
    ),
    Attack(
        PAT,
        by_ldif(
            "add an alias whose address hides in base64",
            f"dn: mail=info@example.test,{EXAMPLE}\nchangetype: add\nobjectClass: JammMailAlias\n"
            "mail: info@example.test\nmail:: Y2VvQG90aGVyLnRlc3Q=\nmaildrop: pat@example.test\n"
            "accountActive: TRUE\nlastChange: 1\n",
            is_there(f"mail=info@example.test,{EXAMPLE}"),
        ),
        TAKES_MAIL,
        "3",
    ),
    Attack(
        PAT,
        change(ALICE, "mailbox", "other.test/dora/"),
        STRANGERS_MAIL,
        "4",
        cell=(MAILBOX, POSTMASTER),
    ),
    Attack(PAT, change(ALICE, "mailbox", "example.test/vera/"), "reads somebody's mail", "4"),
    Attack(PAT, change(ALICE, "mailbox", "example.test/a/al/alice/"), "leaves the one form", "4"),
    Attack(
        PAT, change(ALICE, "mailbox", "Example.test/Alice/"), "is another folder on the disk", "4"
    ),
    Attack(
        PAT, change(ALICE, "homeDirectory", "/home/vmail/domains/other.test"), STRANGERS_MAIL, "4"
    ),
    Attack(PAT, change(ALICE, "homeDirectory", "/home/vmail/domains/"), STRANGERS_MAIL, "4"),
    Attack(
        PAT, account("the mailbox of a stranger", mailbox="other.test/dora/"), STRANGERS_MAIL, "4"
    ),
    Attack(
        PAT,
        account("a mailbox with ..", mailbox="example.test/../other.test/dora/"),
        STRANGERS_MAIL,
        "4",
    ),
    Attack(PAT, account("the home /etc", homeDirectory="/etc"), STRANGERS_MAIL, "4"),
    Attack(PAT, change(ALICE, "uidNumber", "0"), ROOT_ON_MAIL, "11"),
    Attack(PAT, change(ALICE, "uid", "root"), ROOT_ON_MAIL, "11"),
    Attack(PAT, account("root's numbers", uidNumber="0", gidNumber="0"), ROOT_ON_MAIL, "11"),
    Attack(PAT, change(NEWS, "maildrop", "|/bin/sh"), COMMAND, "5", cell=(SENDS, POSTMASTER)),
    Attack(PAT, change(NEWS, "maildrop", "/etc/cron.d/news"), COMMAND, "5"),
    Attack(PAT, change(NEWS, "maildrop", ":include:/etc/shadow"), "reads a file", "5"),
    Attack(PAT, put(NEWS, "mailsource", "x@other.test"), "takes an address of another kind", "11"),
    Attack(PAT, put(ALICE, "objectClass", "extensibleObject"), "gives it any attribute", "7b"),
    Attack(
        PAT, put(VERA, "objectClass", "posixAccount"), "gives it any attribute", "7b", SLAPD_REFUSES
    ),
    Attack(
        PAT,
        account("any attribute", objectClass=["JammMailAccount", "extensibleObject"], sn="x"),
        "gives it any attribute",
        "7b",
    ),
    Attack(
        PAT,
        account(
            "both kinds", objectClass=["JammMailAccount", "JammMailAlias"], maildrop="x@y.test"
        ),
        "is found as either",
        "7b",
        SLAPD_REFUSES,
    ),
    Attack(
        PAT,
        by_ldif(
            "make an account of an alias",
            f"dn: {NEWS}\nchangetype: modify\nreplace: objectClass\nobjectClass: JammMailAccount\n"
            "-\nadd: mailbox\nmailbox: other.test/dora/\n",
            holds(NEWS, "mailbox", "other.test/dora/"),
        ),
        STRANGERS_MAIL,
        "7b",
        SLAPD_REFUSES,
    ),
]
