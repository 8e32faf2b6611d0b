"""Who is marked for deletion, by another LDAP client than the panel.

The strict rules ask about the mark only where no list is read: a password, an appointment, what is
added or deleted. Elsewhere they rely on slapd's keeping a marked account switched off (constraint).
An old tree may hold one that is marked and on; what the rules ask is tried with such a one.
"""

from dataclasses import replace

from ldap.controls.simple import RelaxRulesControl

from tests.access.people import A_PASSWORD, NEW
from tests.access.probe import Attack, Try
from tests.access.tries import (
    MARKED,
    OFF,
    add,
    change,
    delete,
    put,
    set_password,
    set_to,
    while_open,
)
from tests.deploy.cast import (
    ADMIN,
    ALICE,
    LENA,
    NEWS,
    PAT,
    POSTMASTER,
    account_attributes,
)

from .races import at_once

GOES_ON = "goes on as if nothing had happened, until the connection ends"
NO_LONGER_OFF = "is marked for deletion and goes on: the rules for writing ask about the switch"
NEW_ACCOUNT = account_attributes("new@example.test")

# What a postmaster writes by the rules that do not ask about the mark, and these rules.
WRITES = (
    ("3", put(ALICE, "mail", "ally@example.test")),
    ("4", change(LENA, "mailbox", "example.test/lena/")),
    ("5", change(NEWS, "maildrop", "x@evil.test")),
    ("7", change(ALICE, "cn", "x")),
    ("7", change(ALICE, "quota", "1")),
    ("7", change(ALICE, "accountActive", "FALSE")),
    ("7", change(PAT, "quota", "1")),
)


def alone(who, tries):
    """Marked by somebody who does not switch them off. slapd refuses it to everybody."""
    words = "after being marked for deletion by another client"
    written = while_open(words, set_to(who, MARKED), tries)

    def took_effect(server, seen):
        return server.reads(who, "delete") == ["TRUE"] and written.took_effect(server, seen)

    tries = replace(written, took_effect=took_effect)
    return Attack(who, tries, GOES_ON, "constraint", may_change=True)


def switched_off_too(who, rule, tries):
    """Marked as the panel does it."""
    happens = set_to(who, MARKED | OFF)
    tries = while_open("after being marked and switched off", happens, tries)
    return Attack(who, tries, GOES_ON, rule, may_change=True)


def in_an_old_tree(who, rule, tries):
    happens = set_to(who, MARKED, controls=[RelaxRulesControl()])
    tries = while_open("after being marked in an old tree", happens, tries)
    return Attack(who, tries, GOES_ON, rule, may_change=True)


def marked_and_on(dn):
    def both(server, _):
        return [server.reads(dn, name) for name in ("delete", "accountActive")] == [["TRUE"]] * 2

    return both


def marked_and_on_by(who, tries, why=NO_LONGER_OFF):
    """One change that leaves an account marked and on."""
    return Attack(who, tries, why, "constraint")


def switched_on_meanwhile():
    """One tries to stay on in the instant in which the site marks one and switches one off."""

    def one(connection, number):
        set_to(PAT, {"accountActive": "TRUE"})(connection)

    race = at_once("", one, marked_and_on(PAT), by_the_site=set_to(PAT, MARKED | OFF))

    def attempt(client):
        race.attempt(client)
        one(client.connection, 0)

    words = "switch oneself on while the site marks one for deletion"
    return Try(words, attempt, race.took_effect)


def switched_on_again(who):
    happens = set_to(ALICE, MARKED | OFF)
    switches = change(ALICE, "accountActive", "TRUE")
    tries = while_open("after somebody marked and switched it off", happens, switches)
    return Attack(who, tries, NO_LONGER_OFF, "constraint", may_change=True)


ATTACKS = [
    *(alone(PAT, tries) for _, tries in WRITES),
    alone(ALICE, change(ALICE, "cn", "x")),
    *(switched_off_too(PAT, rule, tries) for rule, tries in WRITES),
    switched_off_too(PAT, "7", change(PAT, "accountActive", "TRUE")),
    switched_off_too(PAT, "7", change(PAT, "delete", "FALSE")),
    switched_off_too(ALICE, "7", change(ALICE, "cn", "x")),
    in_an_old_tree(ALICE, "7", change(ALICE, "cn", "x")),
    in_an_old_tree(ALICE, "7", change(ALICE, "delete", "FALSE")),
    in_an_old_tree(PAT, "10c", set_password(ALICE, A_PASSWORD)),
    in_an_old_tree(PAT, "8", delete(NEWS)),
    in_an_old_tree(PAT, "8", add(NEW, **NEW_ACCOUNT)),
    in_an_old_tree(PAT, "6", put(POSTMASTER, "roleOccupant", ALICE)),
    marked_and_on_by(PAT, change(ALICE, "delete", "TRUE")),
    marked_and_on_by(PAT, change(PAT, "delete", "TRUE")),
    marked_and_on_by(ADMIN, change(ALICE, "delete", "TRUE")),
    marked_and_on_by(PAT, add(NEW, note="a mark", **NEW_ACCOUNT | MARKED)),
    switched_on_again(PAT),
    switched_on_again(ADMIN),
    Attack(PAT, switched_on_meanwhile(), GOES_ON, "7", may_change=True),
]
