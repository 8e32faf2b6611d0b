"""Values and requests that are too large."""

import ldap
from ldap.controls.simple import RelaxRulesControl

from tests.access.people import NOBODY
from tests.access.probe import Attack, Try
from tests.access.tries import change
from tests.deploy.cast import ALICE, PAT

from .guessing import bind_with

FILLS = "fills the database of everybody"
CUT = "slapd closes the connection: sockbuf_max_incoming"
MANY = [f"name {number}" for number in range(50)]


def big(dn, attribute, size):
    tries = change(dn, attribute, "x" * size)
    words = f"write {size:,} bytes into {attribute}"
    return Try(words, tries.attempt, tries.took_effect)


def half_a_megabyte_and_more(dn):
    """In several requests, none too large, with the control that passes by slapo-constraint."""

    def attempt(client):
        for part in range(6):
            names = [f"{part} {number} {'x' * 250}".encode() for number in range(400)]
            change = [(ldap.MOD_ADD, "description", names)]
            client.connection.modify_ext_s(dn, change, serverctrls=[RelaxRulesControl()])

    def took_effect(server, _):
        return sum(map(len, server.reads(dn, "description"))) > 524_288

    return Try("write 600,000 bytes in six requests, with Relax Rules", attempt, took_effect)


ATTACKS = [
    Attack(ALICE, half_a_megabyte_and_more(ALICE), FILLS, "maxentrysize", may_change=True),
    Attack(ALICE, big(ALICE, "cn", 200_000), FILLS, "constraint"),
    Attack(ALICE, big(ALICE, "description", 200_000), FILLS, "constraint"),
    Attack(ALICE, big(ALICE, "cn", 600), FILLS, "constraint"),
    Attack(PAT, big(ALICE, "quota", 100_000), FILLS, "constraint"),
    Attack(ALICE, change(ALICE, "cn", *MANY), FILLS, "constraint"),
    Attack(ALICE, change(ALICE, "description", *MANY), FILLS, "constraint"),
    Attack(ALICE, big(ALICE, "description", 1_000_000), FILLS, "sockbuf_max_incoming_auth", CUT),
    Attack(
        NOBODY,
        bind_with("cn=" + "x" * 100_000, "x", "send 100 kB before signing in"),
        "takes the memory of slapd",
        "sockbuf_max_incoming",
        CUT,
    ),
]
