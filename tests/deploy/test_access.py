"""Who may do what under the strict rules: a table, asked of slapd in both of its forms."""

import pytest

from .asking import add, change, delete, list_addresses, put, read, rename, sign_in, take
from .cast import (
    ADMIN,
    ALICE,
    BEN,
    BOB,
    CAROL,
    DAVE,
    ERIN,
    EXAMPLE,
    FORMER,
    HOSTING,
    LENA,
    MAILSERVICE,
    NEWS,
    OLD_ADDRESS,
    ONEIL,
    PAT,
    POSTMASTER,
    QUINN,
    SITE,
    VERA,
    account_attributes,
    address_dn,
    domain_dn,
    hashed,
    postmaster_dn,
)

NOBODY = ""
CATCH_ALL = address_dn("@example.test")
NEW = address_dn("new@example.test")
ALIAS = {
    "objectClass": "JammMailAlias",
    "mail": "info@example.test",
    "maildrop": ["alice@example.test", "friend@elsewhere.test"],
    "accountActive": "TRUE",
    "lastChange": "1",
}
INFO = address_dn("info@example.test")
QUIET = domain_dn("quiet.test")
BOUND = domain_dn("bound.test")

SIGNING_IN = [
    *((who, True) for who in (ADMIN, MAILSERVICE, PAT, ALICE, NEWS, POSTMASTER, VERA, BEN)),
    (DAVE, False),
    (ERIN, False),
    (QUINN, False),
]

READING = [
    (PAT, list_addresses(EXAMPLE), True),
    (PAT, list_addresses(domain_dn("other.test")), False),
    (ALICE, list_addresses(domain_dn("other.test")), False),
    (VERA, list_addresses(domain_dn("other.test")), True),
    (MAILSERVICE, list_addresses(HOSTING), True),
    (ADMIN, list_addresses(HOSTING), True),
    # A search of everything shows each what is theirs.
    (PAT, list_addresses(HOSTING), True),
    (ALICE, list_addresses(HOSTING), True),
    (NOBODY, list_addresses(HOSTING), False),
    (FORMER, list_addresses(HOSTING), False),
    (FORMER, read(FORMER, "cn"), True),
    (FORMER, read(ADMIN, "cn"), False),
    *((who, read(ALICE, "mail"), True) for who in (ADMIN, PAT, POSTMASTER, ALICE, MAILSERVICE)),
    *((who, read(ALICE, "mail"), False) for who in (NOBODY, NEWS, VERA, CAROL, BOB)),
    *((who, read(ALICE, "cn"), True) for who in (ADMIN, PAT, ALICE)),
    *((who, read(ALICE, "cn"), False) for who in (NOBODY, NEWS, CAROL, MAILSERVICE)),
    *((who, read(ALICE, "quota"), True) for who in (PAT, ALICE, MAILSERVICE)),
    (CAROL, read(ALICE, "quota"), False),
    (NEWS, read(NEWS, "maildrop"), True),
    (ALICE, read(NEWS, "maildrop"), False),
    # What the panel asserts on and shows.
    *((PAT, read(ALICE, name), True) for name in ("entryCSN", "modifiersName", "createTimestamp")),
    *((ALICE, read(ALICE, name), True) for name in ("entryCSN", "modifyTimestamp")),
    *((CAROL, read(ALICE, name), False) for name in ("entryCSN", "modifiersName")),
    (PAT, read(EXAMPLE, "entryCSN"), True),
    (PAT, read(POSTMASTER, "roleOccupant"), True),
    (ALICE, read(POSTMASTER, "roleOccupant"), False),
    # The flags of the own domain are everybody's in it.
    (ALICE, read(EXAMPLE, "editAccounts"), True),
    (CAROL, read(EXAMPLE, "editAccounts"), False),
    # Counting is cheap for whoever is signed in, and shows no entry.
    (CAROL, read(ALICE, "structuralObjectClass"), False),
    # Passwords are read by site administrators alone.
    *((who, read(ALICE, "userPassword"), False) for who in (ALICE, PAT, MAILSERVICE, NOBODY)),
    (ADMIN, read(f"cn=siteadmins,{SITE.admins}", "member"), True),
    (PAT, read(f"cn=siteadmins,{SITE.admins}", "member"), False),
    (PAT, read(f"cn=default,{SITE.policies}", "pwdMinLength"), False),
]

WRITING = [
    # A postmaster looks after the people of the own domain.
    (PAT, change(ALICE, "cn", "Alice Adams"), True),
    (PAT, change(ALICE, "description", "Moved to sales"), True),
    (PAT, change(ALICE, "quota", "20000000S"), True),
    (PAT, change(ALICE, "accountActive", "FALSE"), True),
    (PAT, change(ALICE, "delete", "TRUE"), True),
    (PAT, change(ALICE, "lastChange", "1700000000"), True),
    (PAT, change(ALICE, "userPassword", hashed(ALICE)), True),
    (PAT, change(NEWS, "maildrop", "alice@example.test", "friend@elsewhere.test"), True),
    (PAT, change(CATCH_ALL, "maildrop", "pat@example.test"), True),
    (PAT, put(POSTMASTER, "roleOccupant", ALICE), True),
    (PAT, add(NEW, **account_attributes("new@example.test")), True),
    (PAT, add(INFO, **ALIAS), True),
    (PAT, delete(NEWS), True),
    (PAT, delete(CATCH_ALL), True),
    (PAT, take(POSTMASTER, "roleOccupant", PAT), True),
    (PAT, change(POSTMASTER, "userPassword", hashed(POSTMASTER)), True),
    # What an older panel left is put right, not made.
    (PAT, take(NEWS, "mail", OLD_ADDRESS), True),
    (PAT, put(ALICE, "mail", OLD_ADDRESS), False),
    (PAT, change(LENA, "mailbox", "example.test/lena/"), True),
    (PAT, change(ALICE, "mailbox", "example.test/a/al/alice/"), False),
    (VERA, take(postmaster_dn("other.test"), "roleOccupant", VERA), True),
    (VERA, put(postmaster_dn("other.test"), "roleOccupant", ALICE), False),
    # An address that could mean more in the question of rule 10b is its owner's alone.
    (PAT, change(ONEIL, "userPassword", hashed(ONEIL)), False),
    (ONEIL, change(ONEIL, "userPassword", hashed(ONEIL)), True),
    # Nobody else does, whatever the role elsewhere.
    *((who, change(ALICE, "cn", "x"), False) for who in (NOBODY, MAILSERVICE, NEWS, CAROL, VERA)),
    (PAT, change(CAROL, "cn", "x"), False),
    (PAT, add(address_dn("new@other.test"), **account_attributes("new@other.test")), False),
    (PAT, delete(CAROL), False),
    (PAT, put(POSTMASTER, "roleOccupant", CAROL), False),
    # What the site decides is not the postmaster's to change.
    (PAT, change(EXAMPLE, "accountActive", "FALSE"), False),
    (PAT, change(EXAMPLE, "description", "x"), False),
    (PAT, delete(EXAMPLE), False),
    (PAT, change(ALICE, "mailbox", "example.test/bob/"), False),
    (PAT, change(ALICE, "uid", "alice"), False),
    (PAT, change(ALICE, "clearPassword", "x"), False),
    (PAT, change(ALICE, "modifiersName", PAT), False),
    # A domain that may neither add accounts nor appoint still looks after those it has.
    (BOB, change(BEN, "quota", "1"), True),
    (BOB, change(BEN, "accountActive", "FALSE"), True),
    (BOB, change(BEN, "delete", "TRUE"), False),
    (BOB, delete(BEN), False),
    (BOB, take(postmaster_dn("bound.test"), "roleOccupant", BOB), False),
    # A user has the own name and note, and the own password.
    (ALICE, change(ALICE, "cn", "Ally"), True),
    (ALICE, change(ALICE, "description", "On holiday"), True),
    (ALICE, change(ALICE, "delete", "TRUE"), False),
    (ALICE, change(ALICE, "accountActive", "FALSE"), False),
    (NEWS, change(NEWS, "maildrop", "friend@elsewhere.test"), True),
    (NEWS, change(NEWS, "mail", "other@example.test"), False),
    (ALICE, put(POSTMASTER, "roleOccupant", ALICE), False),
    (ALICE, change(POSTMASTER, "userPassword", hashed(POSTMASTER)), False),
    (FORMER, change(FORMER, "userPassword", hashed(FORMER)), True),
    (FORMER, put(f"cn=siteadmins,{SITE.admins}", "member", FORMER), False),
    # cn=postmaster itself is a postmaster.
    (POSTMASTER, change(ALICE, "quota", "1"), True),
    # A site administrator does everything, but renames nothing: nobody does.
    (ADMIN, change(EXAMPLE, "editAccounts", "FALSE"), True),
    (ADMIN, change(QUIET, "accountActive", "TRUE"), True),
    (ADMIN, change(BEN, "delete", "TRUE"), True),
    (ADMIN, delete(CAROL), True),
    (
        ADMIN,
        add(
            domain_dn("new.test"),
            **{
                "objectClass": "JammVirtualDomain",
                "jvd": "new.test",
                "accountActive": "TRUE",
                "lastChange": "1",
                "delete": "FALSE",
                "editAccounts": "TRUE",
                "editPostmasters": "TRUE",
            },
        ),
        True,
    ),
    (ADMIN, rename(ALICE, "mail=alicia@example.test"), False),
    (PAT, rename(ALICE, "mail=alicia@example.test"), False),
    # Not even a site administrator makes the same address or mailbox twice.
    (ADMIN, put(BEN, "mail", "alice@example.test"), False),
    (ADMIN, change(BEN, "mailbox", "example.test/alice/"), False),
    (ADMIN, change(BEN, "mailbox", "bound.test/ben smith/"), False),
]


def name_of(value):
    if isinstance(value, str):
        return value.split(",o=")[0] or "nobody"
    return str(value) if not isinstance(value, bool) else ""


@pytest.mark.parametrize(("who", "allowed"), SIGNING_IN, ids=name_of)
def test_who_can_sign_in(strict, who, allowed):
    assert strict.allows(who, sign_in()) is allowed


@pytest.mark.parametrize(("who", "question", "allowed"), READING, ids=name_of)
def test_who_can_read(strict, who, question, allowed):
    assert strict.allows(who, question) is allowed


@pytest.mark.parametrize(("who", "question", "allowed"), WRITING, ids=name_of)
def test_who_can_write(strict, who, question, allowed):
    assert strict.allows(who, question) is allowed
