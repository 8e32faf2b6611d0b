"""Connections that stay open after the person was switched off, dismissed or deleted."""

from tests.access.people import (
    A_PASSWORD,
    ALIAS,
    INFO,
    NEW,
    OTHER,
    SITA,
    SITEADMINS,
)
from tests.access.probe import Attack
from tests.access.tries import (
    MARKED,
    OFF,
    add,
    change,
    delete,
    find,
    put,
    set_password,
    set_to,
    swap,
    while_open,
)
from tests.deploy.cast import (
    ADMIN,
    ALICE,
    CAROL,
    EXAMPLE,
    HOSTING,
    NEWS,
    PAT,
    POSTMASTER,
    VERA,
    account_attributes,
    postmaster_dn,
)

from .controls import RELAX
from .reasons import NO_SUCH_ENTRY, ROLE_IS_GONE

PAST_THE_CONSTRAINT = [RELAX]  # that a marked account is switched off
GOES_ON = "goes on as if nothing had happened, until the connection ends"


def after(who, words, happens, tries, rule, howto=""):
    return Attack(who, while_open(words, happens, tries), GOES_ON, rule, howto, may_change=True)


def switched_off(who, tries, rule):
    return after(who, "after being switched off", set_to(who, OFF), tries, rule)


def suspended(who, tries, rule, domain=EXAMPLE):
    return after(who, "after the domain was suspended", set_to(domain, OFF), tries, rule)


def going(who, tries, rule, domain=EXAMPLE):
    return after(
        who, "after the domain was marked for deletion", set_to(domain, MARKED), tries, rule
    )


def deleted(who, tries, rule):
    return after(who, "after being deleted", lambda root: root.delete_s(who), tries, rule)


def dismissed(who, tries, rule, domain="example.test"):
    only_itself = set_to(postmaster_dn(domain), {"roleOccupant": postmaster_dn(domain)})
    return after(who, "after being dismissed", only_itself, tries, rule, ROLE_IS_GONE)


def admin_no_more(root):
    set_to(SITEADMINS, {"member": ADMIN})(root)


ATTACKS = [
    switched_off(ALICE, change(ALICE, "cn", "x"), "7"),
    switched_off(ALICE, set_password(ALICE, A_PASSWORD), "10c"),
    switched_off(ALICE, change(ALICE, "accountActive", "TRUE"), "7"),
    switched_off(NEWS, change(NEWS, "maildrop", "x@evil.test"), "5"),
    switched_off(PAT, change(ALICE, "quota", "1"), "7"),
    switched_off(PAT, change(PAT, "accountActive", "TRUE"), "7"),
    switched_off(PAT, change(ALICE, "accountActive", "FALSE"), "7"),
    switched_off(PAT, swap(ALICE, "accountActive", "TRUE", "FALSE"), "7"),
    switched_off(PAT, swap(NEWS, "accountActive", "TRUE", "FALSE"), "7"),
    switched_off(PAT, swap(ALICE, "delete", "FALSE", "TRUE", PAST_THE_CONSTRAINT), "7"),
    switched_off(PAT, add(NEW, **account_attributes("new@example.test")), "8"),
    switched_off(PAT, add(INFO, mail="info@example.test", **ALIAS), "8"),
    switched_off(PAT, delete(NEWS), "8"),
    switched_off(PAT, put(POSTMASTER, "roleOccupant", ALICE), "6"),
    switched_off(PAT, set_password(ALICE, A_PASSWORD), "10c"),
    suspended(ALICE, change(ALICE, "cn", "x"), "7"),
    suspended(NEWS, change(NEWS, "maildrop", "x@evil.test"), "5"),
    suspended(PAT, change(ALICE, "quota", "1"), "7"),
    suspended(PAT, swap(ALICE, "accountActive", "TRUE", "FALSE"), "7"),
    suspended(PAT, swap(ALICE, "delete", "FALSE", "TRUE", PAST_THE_CONSTRAINT), "7"),
    suspended(PAT, change(EXAMPLE, "accountActive", "TRUE"), "9"),
    suspended(PAT, add(INFO, mail="info@example.test", **ALIAS), "8"),
    suspended(PAT, delete(NEWS), "8"),
    suspended(PAT, put(POSTMASTER, "roleOccupant", ALICE), "6"),
    suspended(VERA, change(CAROL, "quota", "1"), "7", OTHER),
    going(ALICE, change(ALICE, "cn", "x"), "7"),
    going(NEWS, change(NEWS, "maildrop", "x@evil.test"), "5"),
    going(PAT, change(ALICE, "quota", "1"), "7"),
    going(PAT, swap(ALICE, "accountActive", "TRUE", "FALSE"), "7"),
    going(PAT, add(INFO, mail="info@example.test", **ALIAS), "8"),
    going(PAT, delete(NEWS), "8"),
    going(PAT, change(EXAMPLE, "delete", "FALSE"), "9"),
    going(VERA, change(CAROL, "quota", "1"), "7", OTHER),
    deleted(PAT, change(ALICE, "quota", "1"), "7"),
    deleted(PAT, add(INFO, mail="info@example.test", **ALIAS), "8"),
    dismissed(PAT, change(ALICE, "quota", "1"), "7"),
    dismissed(PAT, put(POSTMASTER, "roleOccupant", PAT), "6"),
    dismissed(PAT, set_password(ALICE, A_PASSWORD), "10c"),
    after(
        PAT,
        "after being dismissed",
        set_to(POSTMASTER, {"roleOccupant": POSTMASTER}),
        find(EXAMPLE, "(mail=*)", but=[PAT]),
        "9",
    ),
    after(
        SITA,
        "after leaving the site admins",
        admin_no_more,
        find(HOSTING, "(mail=*)", but=[SITA]),
        "1",
        NO_SUCH_ENTRY,
    ),
]
