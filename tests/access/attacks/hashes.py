"""Passwords as they are stored, and who reads them."""

from tests.access.cells import ANYONE, ONESELF, POSTMASTER, READ_HASH, SERVERS
from tests.access.people import ANY_HASH, DORA, NOBODY, cheap_hash
from tests.access.probe import Attack
from tests.access.tries import add, change, compare, find, put, read, set_password
from tests.deploy.cast import (
    ALICE,
    CAROL,
    EXAMPLE,
    HOSTING,
    MAILSERVICE,
    NEWS,
    PAT,
    account_attributes,
    address_dn,
)

from .reasons import PASSWORDS_ARE_SHUT, SLAPD_REFUSES

ROUNDS = "{CRYPT}$6$rounds=%s$abcdefgh$" + "x" * 86
BUSY = "keeps slapd busy for minutes at each sign-in"
CHEAP = "can be guessed at once by who steals a copy"
CRACK = "guesses the password at home"
NEW = address_dn("new@example.test")
HASH = cheap_hash(ALICE)


def stores(who, value, why):
    return Attack(who, change(ALICE, "userPassword", value), why, "10c")


ATTACKS = [
    stores(ALICE, ROUNDS % 900000000, BUSY),
    stores(PAT, ROUNDS % 900000000, BUSY),
    stores(ALICE, ROUNDS % 500000, BUSY),
    stores(ALICE, ROUNDS % 1000, CHEAP),
    stores(ALICE, "{CRYPT}$6$abcdefgh$" + "x" * 86, CHEAP),
    stores(ALICE, "{CRYPT}$2b$31$" + "x" * 53, BUSY),
    stores(ALICE, "{CRYPT}ab01FAX.bQRSU", CHEAP),
    stores(ALICE, "{SSHA}aDLSsRB1tLJZLiC8dVWmXYnHBzVoSbNe", CHEAP),
    stores(ALICE, "{MD5}X03MO1qnZdYdgyfeuILPmQ==", CHEAP),
    stores(PAT, "{SMD5}X03MO1qnZdYdgyfeuILPmXqnZdY=", CHEAP),
    stores(ALICE, "{CLEARTEXT}in the clear", CHEAP),
    stores(PAT, "{CLEARTEXT}in the clear", CHEAP),
    stores(ALICE, "{SASL}root@localhost", "asks another service for the password"),
    Attack(ALICE, change(ALICE, "userPassword", "in the clear"), CHEAP, "ppolicy", may_change=True),
    Attack(PAT, change(ALICE, "userPassword", "in the clear"), CHEAP, "ppolicy", may_change=True),
    Attack(ALICE, put(ALICE, "userPassword;lang-en", "{CLEARTEXT}x"), CHEAP, "10c"),
    Attack(PAT, put(ALICE, "userPassword;lang-en", ANY_HASH), "has a second password", "1b"),
    Attack(ALICE, put(ALICE, "userPassword", ANY_HASH), "keeps a second password", "ppolicy"),
    Attack(PAT, put(ALICE, "userPassword", ANY_HASH), "has a second password for her", "ppolicy"),
    Attack(PAT, change(ALICE, "clearPassword", "in the clear"), CHEAP, "11"),
    Attack(
        PAT,
        add(
            NEW,
            note="a hash without end",
            **account_attributes("new@example.test") | {"userPassword": ROUNDS % 900000000},
        ),
        BUSY,
        "10c",
    ),
    Attack(
        PAT,
        add(
            NEW,
            note="a password for everybody",
            **account_attributes("new@example.test") | {"clearPassword": "x"},
        ),
        CHEAP,
        "11",
    ),
    Attack(ALICE, set_password(ALICE, "short"), "has a password that is guessed", "ppolicy"),
    Attack(
        ALICE,
        set_password(ALICE, "secret word 2", "wrong one", "without the old one"),
        "takes a forgotten screen for ever",
        "10d",
        SLAPD_REFUSES,
    ),
    Attack(ALICE, read(ALICE, "userPassword"), CRACK, "10d", cell=(READ_HASH, ONESELF)),
    Attack(PAT, read(ALICE, "userPassword"), CRACK, "10d", cell=(READ_HASH, POSTMASTER)),
    Attack(PAT, read(PAT, "userPassword;lang-en"), CRACK, "10d", SLAPD_REFUSES),
    Attack(
        CAROL,
        read(ALICE, "userPassword"),
        CRACK,
        "10d",
        PASSWORDS_ARE_SHUT,
        cell=(READ_HASH, ANYONE),
    ),
    Attack(NOBODY, read(ALICE, "userPassword"), CRACK, "10d", PASSWORDS_ARE_SHUT),
    Attack(
        MAILSERVICE,
        read(ALICE, "userPassword"),
        CRACK,
        "2",
        PASSWORDS_ARE_SHUT,
        cell=(READ_HASH, SERVERS),
    ),
    Attack(CAROL, read(DORA, "clearPassword"), "signs in as somebody", "11", PASSWORDS_ARE_SHUT),
    Attack(NOBODY, read(DORA, "clearPassword"), "signs in as somebody", "11", PASSWORDS_ARE_SHUT),
    Attack(
        MAILSERVICE, read(DORA, "clearPassword"), "signs in as somebody", "2", PASSWORDS_ARE_SHUT
    ),
    Attack(DORA, read(DORA, "clearPassword"), "a program of hers leaks it", "11"),
    Attack(PAT, find(EXAMPLE, "(userPassword=*)"), "knows who has a password", "10d"),
    Attack(PAT, find(EXAMPLE, f"(userPassword={HASH})"), "tests a stolen copy", "10d"),
    Attack(PAT, find(EXAMPLE, "(userPassword;lang-en=*)"), CRACK, "10d", SLAPD_REFUSES),
    Attack(PAT, find(EXAMPLE, "(!(userPassword=x))"), "knows who has a password", "10d"),
    Attack(
        NOBODY,
        find(HOSTING, "(userPassword=*)"),
        "knows who has a password",
        "10d",
        PASSWORDS_ARE_SHUT,
    ),
    Attack(MAILSERVICE, find(HOSTING, "(clearPassword=*)"), CRACK, "2", PASSWORDS_ARE_SHUT),
    Attack(PAT, compare(ALICE, "userPassword", HASH), "tests a stolen copy", "10d"),
    Attack(
        NEWS, compare(ALICE, "userPassword", HASH), "tests a stolen copy", "10d", PASSWORDS_ARE_SHUT
    ),
    Attack(
        NOBODY,
        compare(DORA, "clearPassword", "open to all"),
        "tests a password",
        "11",
        PASSWORDS_ARE_SHUT,
    ),
]
