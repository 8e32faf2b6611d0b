"""What an attack and an act are, and how each is tried."""

from collections.abc import Callable
from dataclasses import dataclass

import ldap

from .client import Client, Server


@dataclass(frozen=True)
class Try:
    """Something done by LDAP, in words, and how the rootdn sees that it took effect."""

    words: str
    attempt: Callable[[Client], object]
    # Is given the server, and what the attempt gave back (None where slapd refused).
    took_effect: Callable[[Server, object], bool]


@dataclass(frozen=True)
class Attack:
    """A way to more than one was given.

    rule      which strict rule or overlay closes it
    howto     why it fails under the HOWTO's rules too; "" where it works there
    cell      the row and the column of README's table that it is a proof of
    may_change  whether something else may be different afterwards, such as the attacker's own entry
    """

    who: str
    tries: Try
    why: str
    rule: str
    howto: str = ""
    cell: tuple[str, str] | None = None
    may_change: bool = False


@dataclass(frozen=True)
class Act:
    """What a role is for."""

    who: str
    tries: Try
    cell: tuple[str, str] | None = None


def tried(server: Server, who: str, what: Try) -> bool:
    """Try it once, and say whether it took effect. A slapd that is gone afterwards is an error."""
    try:
        seen = what.attempt(Client(server, who))
    except ldap.SERVER_DOWN:
        # The one honest reason is a connection that slapd closed.
        server.forget_connections()
        seen = None
    except ldap.LDAPError:
        seen = None
    return what.took_effect(server, seen)


def name_of(one: Attack | Act) -> str:
    who = one.who.split(",")[0].partition("=")[2] or "nobody"
    return f"{who}: {one.tries.words}"
