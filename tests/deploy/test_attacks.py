"""Ways to more than one was given. Each works under the rules of the HOWTO, and none under strict.

That it works there shows that the attack is a real one: a probe that fails
everywhere would prove nothing.
"""

import pytest

from .asking import add, change, delete, list_addresses, put, rename, sign_in
from .cast import (
    ALICE,
    BOB,
    DAVE,
    ERIN,
    EXAMPLE,
    NEWS,
    PAT,
    POSTMASTER,
    QUINN,
    VERA,
    account_attributes,
    address_dn,
    domain_dn,
    hashed,
    postmaster_dn,
)

NOBODY = ""
STRANGER = address_dn("carol@other.test")
ENDLESS_ROUNDS = "{CRYPT}$6$rounds=900000000$abcdefgh$" + "x" * 86
ALIAS = {
    "objectClass": "JammMailAlias",
    "maildrop": "pat@example.test",
    "accountActive": "TRUE",
    "lastChange": "1",
}


def account(address, **changes):
    return add(address_dn(address), **account_attributes(address) | changes)


ATTACKS = [
    # A user points the own mailbox at a stranger's mail, or makes it larger.
    (ALICE, change(ALICE, "mailbox", "other.test/dora/")),
    (ALICE, change(ALICE, "homeDirectory", "/home/carol/Maildir")),
    (ALICE, change(ALICE, "quota", "999999999999S")),
    (ALICE, put(ALICE, "mail", "ceo@other.test")),
    # Who was switched off signs in and switches on again.
    (DAVE, sign_in()),
    (ERIN, sign_in()),
    (QUINN, sign_in()),
    (DAVE, change(DAVE, "accountActive", "TRUE")),
    (ERIN, change(ERIN, "delete", "FALSE")),
    (QUINN, change(domain_dn("quiet.test"), "accountActive", "TRUE")),
    # A postmaster gives the own domain what the site did not.
    (PAT, change(EXAMPLE, "editAccounts", "TRUE")),
    (BOB, change(domain_dn("bound.test"), "editPostmasters", "TRUE")),
    (BOB, account("new@bound.test")),
    (BOB, put(postmaster_dn("bound.test"), "roleOccupant", address_dn("ben@bound.test"))),
    (BOB, change(postmaster_dn("bound.test"), "userPassword", hashed(POSTMASTER))),
    # A postmaster takes the mail of another domain.
    (PAT, put(ALICE, "mail", "ceo@other.test")),
    (PAT, account("eve@example.test", mail=["eve@example.test", "ceo@other.test"])),
    (PAT, account("eve@example.test", mailbox="other.test/dora/")),
    (PAT, account("eve@example.test", mailbox="example.test/../other.test/dora/")),
    (PAT, account("eve@example.test", homeDirectory="/etc")),
    (PAT, add(f"mail=ceo@other.test,{EXAMPLE}", mail="ceo@other.test", **ALIAS)),
    (PAT, add(f"mail=@other.test,{EXAMPLE}", mail="@other.test", **ALIAS)),
    (PAT, rename(ALICE, "mail=ceo@other.test")),
    (PAT, put(POSTMASTER, "roleOccupant", STRANGER)),
    # Or becomes root on the mail server, or gets a program run there.
    (PAT, change(ALICE, "uidNumber", "0")),
    (PAT, account("eve@example.test", uidNumber="0", gidNumber="0")),
    (NEWS, change(NEWS, "maildrop", "|/bin/sh")),
    (PAT, change(NEWS, "maildrop", "/etc/cron.d/news")),
    (PAT, change(NEWS, "maildrop", ":include:/etc/shadow")),
    # Or leaves the domain without a postmaster.
    (PAT, delete(POSTMASTER)),
    (PAT, change(POSTMASTER, "accountActive", "FALSE")),
    (PAT, rename(POSTMASTER, "cn=nobody")),
    # The way into another domain: a new password for somebody who is postmaster there.
    (PAT, change(VERA, "userPassword", hashed(ALICE))),
    # A password in clear text, or hashed so that slapd is kept busy, or hardly at all.
    (ALICE, change(ALICE, "userPassword", "{CLEARTEXT}in the clear")),
    (ALICE, change(ALICE, "userPassword", "{SSHA}aDLSsRB1tLJZLiC8dVWmXYnHBzVoSbNe")),
    (ALICE, change(ALICE, "userPassword", ENDLESS_ROUNDS)),
    (PAT, change(ALICE, "userPassword", ENDLESS_ROUNDS)),
    (PAT, change(ALICE, "clearPassword", "in the clear")),
    # Another kind of entry, in the place of an account.
    (PAT, put(ALICE, "objectClass", "extensibleObject")),
    (PAT, add(f"ou=hidden,{EXAMPLE}", objectClass="organizationalUnit", ou="hidden")),
    # A stranger reads all addresses.
    (NOBODY, list_addresses(EXAMPLE)),
    (ALICE, list_addresses(domain_dn("other.test"))),
]


def name_of(value):
    return (value.split(",o=")[0] or "nobody") if isinstance(value, str) else str(value)


@pytest.mark.parametrize(("who", "attack"), ATTACKS, ids=name_of)
def test_works_under_howto(howto, who, attack):
    assert howto.allows(who, attack)


@pytest.mark.parametrize(("who", "attack"), ATTACKS, ids=name_of)
def test_fails_under_strict(strict, who, attack):
    assert not strict.allows(who, attack)
