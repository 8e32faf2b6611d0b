"""The same thing sixteen times in one instant."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import ldap

from tests.access.people import ALIAS
from tests.access.probe import Attack, Try
from tests.access.tries import sent
from tests.deploy.cast import ADMIN, EXAMPLE, PAT, account_attributes, address_dn, domain_dn

AT_ONCE = 16
PRIZE = "prize@example.test"


def at_once(words, one, took_effect, by_the_site=None):
    """one(connection, number) is done by sixteen connections that wait for each other.

    by_the_site is done by the rootdn in the same instant, in place of the first.
    """

    def attempt(client):
        connections = client.server.crowd(client.dn, AT_ONCE)
        start = Barrier(AT_ONCE)

        def run(number):
            start.wait()
            with suppress(ldap.LDAPError):
                if by_the_site and number == 0:
                    by_the_site(client.server.root)
                else:
                    one(connections[number], number)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(run, range(AT_ONCE)))

    return Try(words, attempt, took_effect)


def entry(attributes):
    return [(name, sent(values)) for name, values in attributes.items()]


def alias_with_prize(connection, number):
    name = f"race{number}@example.test"
    connection.add_s(f"mail={name},{EXAMPLE}", entry({"mail": [name, PRIZE]} | ALIAS))


def prize_for_alias(connection, number):
    connection.modify_s(
        address_dn("news@example.test" if number % 2 else "spare@example.test"),
        [(ldap.MOD_ADD, "mail", [PRIZE.encode()])],
    )


def same_mailbox(connection, number):
    name = f"race{number}@example.test"
    connection.add_s(
        address_dn(name), entry(account_attributes(name) | {"mailbox": "example.test/prize/"})
    )


def same_domain(connection, number):
    """Sixteen domains that each bear the same second name."""
    attributes = {
        "objectClass": "JammVirtualDomain",
        "jvd": [f"race{number}.test", "prize.test"],
        "accountActive": "TRUE",
        "lastChange": "1",
        "delete": "FALSE",
        "editAccounts": "TRUE",
        "editPostmasters": "TRUE",
    }
    connection.add_s(domain_dn(f"race{number}.test"), entry(attributes))


def several(filter_):
    """Whether more than one got it."""

    def took_effect(server, _):
        found = server.root.search_s(
            server.slapd.site.hosting, ldap.SCOPE_SUBTREE, filter_, ["1.1"]
        )
        return len(found) > 1

    return took_effect


TWICE = "two people have one address, and each gets the other's mail"

ATTACKS = [
    Attack(
        PAT,
        at_once("add 16 aliases with one address", alias_with_prize, several(f"(mail={PRIZE})")),
        TWICE,
        "unique",
        may_change=True,
    ),
    Attack(
        PAT,
        at_once("put one address into two aliases", prize_for_alias, several(f"(mail={PRIZE})")),
        TWICE,
        "unique",
        may_change=True,
    ),
    Attack(
        PAT,
        at_once(
            "add 16 accounts with one mailbox",
            same_mailbox,
            several("(mailbox=example.test/prize/)"),
        ),
        TWICE,
        "4",
    ),
    Attack(
        ADMIN,
        at_once("add 16 domains with one name", same_domain, several("(jvd=prize.test)")),
        "two domains have one name",
        "unique",
        may_change=True,
    ),
]
