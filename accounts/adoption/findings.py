"""What was found, and the word for each kind of finding."""

from collections import Counter
from dataclasses import dataclass, replace

from accounts.adoption import single, together
from accounts.adoption.kinds import KINDS


@dataclass(frozen=True)
class Finding:
    """``steps`` mend it, as ``raw.changed`` takes them; without any a person has to decide."""

    kind: str
    dn: str
    says: str
    steps: tuple = ()

    @property
    def order(self):
        return list(KINDS).index(self.kind)


def findings_in(tree):
    """All findings, in the order in which they are mended: flags first, for slapd changes no entry
    that lacks what its class must have."""
    found = [Finding(*one) for check in (*single.CHECKS, *together.CHECKS) for one in check(tree)]
    # slapd changes nothing about an entry of an unknown kind, or without the value it is named by.
    stuck = {entry.dn for entry in tree if not entry.has_kind or not entry.holds_its_name}
    found = [replace(one, steps=()) if one.dn in stuck else one for one in found]
    return sorted(found, key=lambda finding: finding.order)


def schemes_in(tree):
    """How many stored passwords there are of each kind."""
    return Counter(scheme for entry in tree for scheme in entry.schemes)
