"""A postmaster of another domain, and people with a role in two places."""

from tests.access.cells import (
    ACTIVE,
    ADD_ACCOUNT,
    ADD_ALIAS,
    ANYONE,
    APPOINT,
    ELSEWHERE,
    FLAGS,
    MAILBOX,
    NAME,
    RENAME,
    SENDS,
    SET_PASSWORD,
)
from tests.access.cells import (
    POSTMASTER as OF_DOMAIN,
)
from tests.access.people import A_PASSWORD, ALIAS, ANY_HASH, INFO, SITA, VIC
from tests.access.probe import Attack
from tests.access.tries import add, change, delete, put, rename, set_password, take
from tests.deploy.cast import (
    ALICE,
    CAROL,
    EXAMPLE,
    NEWS,
    PAT,
    POSTMASTER,
    SITE,
    VERA,
    account_attributes,
    address_dn,
    postmaster_dn,
)

from .reasons import NO_SUCH_ENTRY, ONLY_OWN, OWN_DOMAIN_ONLY

WAY_IN = "signs in as that person, and rules another domain"
STRANGE = "rules a domain that is somebody else's"
HIS = address_dn("new@example.test")
OTHERS_LIST = postmaster_dn("other.test")

ATTACKS = [
    # Vera is a user of example.test, and postmaster of other.test.
    Attack(VERA, change(ALICE, "cn", "x"), STRANGE, "7", ONLY_OWN, cell=(NAME, ANYONE)),
    Attack(VERA, change(ALICE, "quota", "1"), STRANGE, "7", ONLY_OWN, cell=(ACTIVE, ANYONE)),
    Attack(
        VERA, change(NEWS, "maildrop", "x@y.test"), STRANGE, "5", ONLY_OWN, cell=(SENDS, ANYONE)
    ),
    Attack(
        VERA,
        change(ALICE, "mailbox", "example.test/vera/"),
        STRANGE,
        "4",
        ONLY_OWN,
        cell=(MAILBOX, ANYONE),
    ),
    Attack(
        VERA,
        add(HIS, **account_attributes("new@example.test")),
        STRANGE,
        "8",
        ONLY_OWN,
        cell=(ADD_ACCOUNT, ANYONE),
    ),
    Attack(
        VERA,
        add(INFO, mail="info@example.test", **ALIAS),
        STRANGE,
        "8",
        ONLY_OWN,
        cell=(ADD_ALIAS, ANYONE),
    ),
    Attack(
        VERA, put(ALICE, "mail", "ceo@other.test"), STRANGE, "3", ONLY_OWN, cell=(ELSEWHERE, ANYONE)
    ),
    Attack(
        VERA, put(POSTMASTER, "roleOccupant", VERA), STRANGE, "6", ONLY_OWN, cell=(APPOINT, ANYONE)
    ),
    Attack(
        VERA, change(EXAMPLE, "editAccounts", "FALSE"), STRANGE, "9", ONLY_OWN, cell=(FLAGS, ANYONE)
    ),
    Attack(
        VERA,
        rename(ALICE, "mail=x@example.test"),
        STRANGE,
        "restrict rename",
        ONLY_OWN,
        cell=(RENAME, ANYONE),
    ),
    Attack(
        VERA,
        change(ALICE, "userPassword", ANY_HASH),
        STRANGE,
        "10c",
        ONLY_OWN,
        cell=(SET_PASSWORD, ANYONE),
    ),
    Attack(VERA, put(VERA, "mail", "ceo@other.test"), "is in two domains by one entry", "3"),
    Attack(VERA, change(VERA, "mailbox", "other.test/carol/"), "reads mail as postmaster", "4"),
    Attack(VERA, put(OTHERS_LIST, "roleOccupant", ALICE), "lets somebody of elsewhere in", "6"),
    Attack(
        VERA,
        add(address_dn("x@other.test"), **account_attributes("x@example.test")),
        "has an account of example.test in other.test",
        "3",
    ),
    # Pat meets people of other domains.
    Attack(PAT, change(CAROL, "cn", "x"), STRANGE, "7", OWN_DOMAIN_ONLY),
    Attack(PAT, change(CAROL, "userPassword", ANY_HASH), STRANGE, "10c", OWN_DOMAIN_ONLY),
    Attack(PAT, delete(CAROL), STRANGE, "8", OWN_DOMAIN_ONLY),
    Attack(
        PAT,
        add(address_dn("x@other.test"), **account_attributes("x@other.test")),
        STRANGE,
        "8",
        OWN_DOMAIN_ONLY,
    ),
    Attack(PAT, take(OTHERS_LIST, "roleOccupant", VERA), STRANGE, "6", OWN_DOMAIN_ONLY),
    # And people of the own domain with a role in another.
    Attack(
        PAT, change(VERA, "userPassword", ANY_HASH), WAY_IN, "10b", cell=(SET_PASSWORD, OF_DOMAIN)
    ),
    Attack(PAT, set_password(VERA, A_PASSWORD), WAY_IN, "10b"),
    Attack(PAT, put(VERA, "userPassword", ANY_HASH), WAY_IN, "10b"),
    Attack(PAT, change(VERA, "userPassword"), "shuts a postmaster of another domain out", "10b"),
    Attack(PAT, change(VIC, "userPassword", ANY_HASH), WAY_IN, "10b"),
    Attack(PAT, set_password(VIC, A_PASSWORD), WAY_IN, "10b"),
    Attack(PAT, change(SITA, "userPassword", ANY_HASH), "becomes site admin", "10b"),
    Attack(PAT, set_password(SITA, A_PASSWORD), "becomes site admin", "10b"),
    Attack(
        PAT,
        set_password(f"cn=admin,{SITE.admins}", A_PASSWORD),
        "becomes site admin",
        "1",
        NO_SUCH_ENTRY,
    ),
    Attack(POSTMASTER, set_password(VERA, A_PASSWORD), WAY_IN, "10b"),
    Attack(ALICE, set_password(PAT, A_PASSWORD), "becomes postmaster", "10c", ONLY_OWN),
    Attack(ALICE, set_password(POSTMASTER, A_PASSWORD), "becomes postmaster", "10c", ONLY_OWN),
]
