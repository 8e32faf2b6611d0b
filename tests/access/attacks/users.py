"""A user, with the own entry."""

from tests.access.cells import (
    ACTIVE,
    ADD_ACCOUNT,
    ADD_ALIAS,
    APPOINT,
    ELSEWHERE,
    FLAGS,
    MAILBOX,
    ONESELF,
    RENAME,
)
from tests.access.people import CATCH_ALL, NEW
from tests.access.probe import Attack
from tests.access.tries import (
    MARKED,
    OFF,
    add,
    by_ldif,
    change,
    change_all,
    delete,
    holds,
    put,
    rename,
)
from tests.deploy.cast import ALICE, DAVE, ERIN, EXAMPLE, PAT, POSTMASTER, VERA, account_attributes

from .reasons import NO_POLICY, ONLY_OWN, SLAPD_REFUSES

STRANGERS_MAIL = "reads a stranger's mail over IMAP"
TAKES_MAIL = "Postfix delivers the mail of another domain to the attacker"
OWN_DOMAIN = "gets what is sent to somebody else, or an address that nobody gave"
BESIDE = "what limits the plain name does not see the tagged one"
ROOT_ON_MAIL = "reads and writes files on the mail server as another Unix user"

ATTACKS = [
    Attack(
        ALICE,
        change(ALICE, "mailbox", "other.test/dora/"),
        STRANGERS_MAIL,
        "4",
        cell=(MAILBOX, ONESELF),
    ),
    Attack(ALICE, change(ALICE, "mailbox", "example.test/pat/"), STRANGERS_MAIL, "4"),
    Attack(
        ALICE, change(ALICE, "mailbox", "example.test/../other.test/dora/"), STRANGERS_MAIL, "4"
    ),
    Attack(ALICE, change(ALICE, "mailbox", "/var/mail/root"), STRANGERS_MAIL, "4"),
    Attack(ALICE, change(ALICE, "homeDirectory", "/home/carol/Maildir"), STRANGERS_MAIL, "4"),
    Attack(ALICE, change(ALICE, "homeDirectory", "/"), STRANGERS_MAIL, "4"),
    Attack(
        ALICE,
        change(ALICE, "quota", "999999999999S"),
        "fills the disk of everybody",
        "7",
        cell=(ACTIVE, ONESELF),
    ),
    Attack(ALICE, change(ALICE, "quota"), "has no limit at all", "7"),
    Attack(ALICE, change(ALICE, "uidNumber", "0"), ROOT_ON_MAIL, "11"),
    Attack(ALICE, change(ALICE, "gidNumber", "0"), ROOT_ON_MAIL, "11"),
    Attack(ALICE, change(ALICE, "uid", "root"), ROOT_ON_MAIL, "11"),
    Attack(ALICE, put(ALICE, "mail", "ceo@other.test"), TAKES_MAIL, "3", cell=(ELSEWHERE, ONESELF)),
    Attack(ALICE, put(ALICE, "mail", "@other.test"), TAKES_MAIL, "3"),
    Attack(ALICE, put(ALICE, "mail", "ceo@sub.example.test"), TAKES_MAIL, "3"),
    Attack(ALICE, put(ALICE, "mail", "boss@example.test"), OWN_DOMAIN, "3"),
    Attack(ALICE, put(ALICE, "mail", "pat@example.test"), OWN_DOMAIN, "3"),
    Attack(ALICE, put(ALICE, "mail;lang-en", "ceo@other.test"), TAKES_MAIL, "3"),
    Attack(ALICE, put(ALICE, "mail", "CEO@OTHER.TEST"), TAKES_MAIL, "3"),
    Attack(ALICE, put(ALICE, "mail", "ceo@other.test\n"), TAKES_MAIL, "3"),
    Attack(ALICE, put(ALICE, "mail", "ceo@other.test\0"), TAKES_MAIL, "3"),
    Attack(ALICE, put(ALICE, "mail", "x" * 5000 + "@other.test"), "crashes what reads it", "3"),
    Attack(
        ALICE,
        by_ldif(
            "put two addresses of other.test with ldapmodify",
            f"dn: {ALICE}\nchangetype: modify\nadd: mail\nmail: one@other.test\n"
            "mail: two@other.test\n",
            holds(ALICE, "mail", "two@other.test"),
        ),
        TAKES_MAIL,
        "3",
    ),
    Attack(ALICE, put(ALICE, "cn;lang-en", "x" * 50_000), BESIDE, "1b"),
    Attack(ALICE, put(ALICE, "description;lang-en", "x"), BESIDE, "1b"),
    Attack(ALICE, put(ALICE, "clearPassword", "x"), "stores a password for everybody", "11"),
    Attack(
        ALICE, put(ALICE, "objectClass", "extensibleObject"), "gives the entry any attribute", "7b"
    ),
    Attack(
        ALICE,
        by_ldif(
            "become a group of postmasters",
            f"dn: {ALICE}\nchangetype: modify\nadd: objectClass\nobjectClass: JammPostmaster\n-\n"
            f"add: roleOccupant\nroleOccupant: {ALICE}\n",
            holds(ALICE, "roleOccupant", ALICE),
        ),
        "rules that ask for a list of postmasters find this one",
        "7b",
    ),
    Attack(
        ALICE,
        change(ALICE, "structuralObjectClass", "JammMailAlias"),
        "becomes another kind",
        "2b",
        SLAPD_REFUSES,
    ),
    Attack(
        ALICE,
        change(ALICE, "modifiersName", PAT),
        "puts the blame on somebody",
        "9",
        SLAPD_REFUSES,
    ),
    Attack(
        ALICE,
        change(ALICE, "pwdPolicySubentry", "cn=services,ou=policies,dc=myhosting,dc=example"),
        "is never locked while somebody guesses, and keeps a short password",
        "11",
        NO_POLICY,
    ),
    Attack(
        ALICE, change(ALICE, "accountActive", "FALSE"), "undoes what the postmaster switched", "7"
    ),
    Attack(
        ALICE,
        change_all(ALICE, MARKED | OFF),
        "is removed with all mail by the next clean-up",
        "7",
        cell=(ADD_ACCOUNT, ONESELF),
    ),
    Attack(
        ALICE,
        delete(ALICE),
        "frees the address for somebody else",
        "8",
        ONLY_OWN,
        cell=(ADD_ALIAS, ONESELF),
    ),
    Attack(
        ALICE,
        add(NEW, **account_attributes("new@example.test")),
        "takes any free address",
        "8",
        ONLY_OWN,
    ),
    Attack(
        ALICE,
        add(f"mail=new@example.test,{ALICE}", **account_attributes("new@example.test")),
        "has a domain of the own below the own entry",
        "8",
        ONLY_OWN,
    ),
    Attack(
        ALICE,
        put(POSTMASTER, "roleOccupant", ALICE),
        "becomes postmaster",
        "6",
        ONLY_OWN,
        cell=(APPOINT, ONESELF),
    ),
    Attack(ALICE, delete(POSTMASTER), "leaves the domain without a postmaster", "8", ONLY_OWN),
    Attack(
        ALICE,
        change(EXAMPLE, "editAccounts", "FALSE"),
        "decides for the site",
        "9",
        ONLY_OWN,
        cell=(FLAGS, ONESELF),
    ),
    Attack(ALICE, change(PAT, "mailbox", "example.test/alice/"), "gets PAT's mail", "4", ONLY_OWN),
    Attack(ALICE, change(CATCH_ALL, "maildrop", "x@evil.test"), "reads stray mail", "5", ONLY_OWN),
    Attack(ALICE, change(VERA, "cn", "x"), "writes somebody's name", "7", ONLY_OWN),
    Attack(
        ALICE,
        rename(ALICE, "mail=boss@example.test"),
        "takes any free address",
        "restrict rename",
        ONLY_OWN,
        cell=(RENAME, ONESELF),
    ),
    Attack(DAVE, change(DAVE, "accountActive", "TRUE"), "wakes up after being switched off", "10a"),
    Attack(ERIN, change(ERIN, "delete", "FALSE"), "stays after being deleted", "10a"),
]
