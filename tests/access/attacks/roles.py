"""Who is postmaster: appointing, and cn=postmaster itself."""

from tests.access.cells import APPOINT
from tests.access.cells import POSTMASTER as OF_DOMAIN
from tests.access.people import ALIAS, ANY_HASH, SITEADMINS, TOM
from tests.access.probe import Attack, Try
from tests.access.tries import add, change, delete, put, take
from tests.deploy.cast import (
    ADMIN,
    ALICE,
    BEN,
    BOB,
    CAROL,
    EXAMPLE,
    FORMER,
    NEWS,
    PAT,
    POSTMASTER,
    postmaster_dn,
)

from .reasons import NO_SUCH_ENTRY, ONLY_OWN, OWN_DOMAIN_ONLY, SLAPD_REFUSES

LETS_IN = "lets somebody of another domain in, without the site"
NO_LEADER = "leaves the domain without a postmaster"
NO_LIST = "the list that named the postmaster is gone"
SECOND_LIST = "is a list of postmasters that the site does not know"
GROUP = {
    "objectClass": ["JammMailAlias", "JammPostmaster"],
    "mail": "deputy@example.test",
    "maildrop": "pat@example.test",
    "roleOccupant": PAT,
    "accountActive": "TRUE",
    "lastChange": "1",
}
BOUND_LIST = postmaster_dn("bound.test")


def made_anew(who, domain, before):
    """cn=postmaster is gone; somebody adds it again, with a list of the own."""
    dn = postmaster_dn(domain)

    def attempt(client):
        before(client, dn)
        mine = GROUP | {"mail": f"postmaster@{domain}", "roleOccupant": who, "cn": "postmaster"}
        entry = [(name, [one.encode() for one in listed(some)]) for name, some in mine.items()]
        client.connection.add_s(dn, [*entry, ("description", [b"mine"])])

    return Try(
        f"add cn=postmaster of {domain} anew, after it was deleted",
        attempt,
        lambda server, _: "mine" in server.reads(dn, "description"),
    )


def listed(values):
    return [values] if isinstance(values, str) else values


def by_oneself(client, dn):
    client.connection.delete_s(dn)


def by_the_site(client, dn):
    client.server.root.delete_s(dn)


ATTACKS = [
    Attack(PAT, put(POSTMASTER, "roleOccupant", CAROL), LETS_IN, "6"),
    Attack(PAT, put(POSTMASTER, "roleOccupant", TOM), LETS_IN, "6"),
    Attack(PAT, put(POSTMASTER, "roleOccupant", ADMIN), LETS_IN, "6"),
    Attack(PAT, put(POSTMASTER, "roleOccupant", EXAMPLE), "nobody knows what it means", "6"),
    Attack(PAT, put(POSTMASTER, "roleOccupant", f"mail=x@y.test,{ALICE}"), LETS_IN, "6"),
    Attack(PAT, put(POSTMASTER, "roleOccupant;lang-en", CAROL), LETS_IN, "6"),
    Attack(
        PAT,
        put(POSTMASTER, "roleOccupant;lang-en", ALICE),
        "stays on the list when the account is deleted",
        "1b",
    ),
    Attack(
        BOB,
        put(BOUND_LIST, "roleOccupant", BEN),
        "appoints where the site said no",
        "6",
        cell=(APPOINT, OF_DOMAIN),
    ),
    Attack(BOB, take(BOUND_LIST, "roleOccupant", BOB), "dismisses where the site said no", "6"),
    Attack(BOB, change(BOUND_LIST, "userPassword", ANY_HASH), "appoints by a password", "10c"),
    Attack(
        PAT,
        put(postmaster_dn("other.test"), "roleOccupant", PAT),
        "takes a domain",
        "6",
        OWN_DOMAIN_ONLY,
    ),
    Attack(CAROL, put(POSTMASTER, "roleOccupant", CAROL), "takes a domain", "6", ONLY_OWN),
    Attack(PAT, delete(POSTMASTER), NO_LEADER, "8"),
    Attack(PAT, change(POSTMASTER, "accountActive", "FALSE"), NO_LEADER, "7"),
    Attack(PAT, take(POSTMASTER, "objectClass", "JammPostmaster"), NO_LEADER, "7b", SLAPD_REFUSES),
    Attack(PAT, change(POSTMASTER, "roleOccupant"), NO_LEADER, "6", SLAPD_REFUSES),
    Attack(POSTMASTER, delete(POSTMASTER), NO_LEADER, "8"),
    Attack(PAT, put(POSTMASTER, "mail", "ceo@other.test"), "takes the mail of another domain", "3"),
    Attack(PAT, put(POSTMASTER, "mail", "other@example.test"), "hides an address in the list", "3"),
    Attack(PAT, change(POSTMASTER, "maildrop", "|/bin/sh"), "runs a program", "5"),
    Attack(PAT, add(f"cn=deputy,{EXAMPLE}", cn="deputy", **GROUP), SECOND_LIST, "8"),
    Attack(
        PAT,
        add(f"mail=deputy@example.test,{EXAMPLE}", note="a list of postmasters", **GROUP),
        SECOND_LIST,
        "7b",
    ),
    Attack(
        PAT,
        add(f"cn=postmaster,{ALICE}", cn="postmaster", **GROUP),
        "makes a domain of an account",
        "8",
    ),
    Attack(
        PAT,
        add(
            f"mail=x@example.test,{NEWS}",
            note="a place below an alias",
            mail="x@example.test",
            **ALIAS,
        ),
        "lists of a domain do not show it, Postfix finds it",
        "8",
    ),
    Attack(
        BOB,
        made_anew(BOB, "bound.test", by_oneself),
        "has a list that the site did not make",
        "8",
        NO_LIST,
    ),
    Attack(
        ALICE,
        made_anew(ALICE, "example.test", by_the_site),
        "takes a half-made domain",
        "8",
        ONLY_OWN,
        may_change=True,
    ),
    Attack(
        PAT,
        made_anew(PAT, "example.test", by_the_site),
        "comes back after the site ended it",
        "8",
        NO_LIST,
        may_change=True,
    ),
    Attack(
        FORMER, put(SITEADMINS, "member", FORMER), "becomes site admin again", "1", NO_SUCH_ENTRY
    ),
    Attack(PAT, put(SITEADMINS, "member", PAT), "becomes site admin", "1", NO_SUCH_ENTRY),
    Attack(PAT, change(ADMIN, "userPassword", ANY_HASH), "becomes site admin", "1", NO_SUCH_ENTRY),
    Attack(
        PAT,
        add(
            f"cn=eve,ou=admins,{EXAMPLE.partition('o=hosting,')[2]}",
            cn="eve",
            objectClass=["organizationalRole", "simpleSecurityObject"],
            userPassword=ANY_HASH,
        ),
        "becomes site admin",
        "1",
        NO_SUCH_ENTRY,
    ),
]
