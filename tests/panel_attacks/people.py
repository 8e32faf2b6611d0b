"""Who attacks: every role, and sessions that outlived the rights of their person."""

from dataclasses import dataclass, field

from tests.world import ALEX, ALICE, EXAMPLE, OTTO, PIA, POST, RITA, word


@dataclass(frozen=True)
class Actor:
    """``falls`` is what becomes of the directory once this person has signed in."""

    dn: str = ""
    login: str = ""
    password: str = ""
    falls: dict = field(default_factory=dict)


USER = ("alice@example.test", word("alice"))
POSTMASTER = ("pia@example.test", word("pia"))

ACTORS = {
    "stranger": Actor(),
    "user": Actor(ALICE, *USER),
    "alias owner": Actor(ALEX, "alex@example.test", word("alex")),
    "postmaster": Actor(PIA, *POSTMASTER),
    "postmaster of another domain": Actor(OTTO, "otto@other.test", word("otto")),
    "postmaster entry": Actor(POST, "postmaster@example.test", word("post")),
    "site admin": Actor(RITA, "rita", word("rita")),
    "user switched off": Actor(ALICE, *USER, falls={ALICE: {"accountActive": "FALSE"}}),
    "postmaster dismissed": Actor(PIA, *POSTMASTER, falls={POST: {"roleOccupant": POST}}),
    "postmaster of a suspended domain": Actor(
        PIA, *POSTMASTER, falls={EXAMPLE: {"accountActive": "FALSE"}}
    ),
}
ALIVE = ["user", "alias owner", "postmaster", "postmaster of another domain", "postmaster entry"]
