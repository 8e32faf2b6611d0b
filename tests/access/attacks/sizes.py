"""Values and requests that are too large."""

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


ATTACKS = [
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
