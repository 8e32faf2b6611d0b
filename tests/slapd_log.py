"""Reads slapd's own log: who asked what, on which connection.

slapd writes a request before it works on it, but results and closings late and out of order: so
operations are put in order by their numbers, not by their lines.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

LINE = re.compile(r"conn=(?P<connection>\d+) op=(?P<number>\d+) (?P<rest>.*)")
KIND = re.compile(r"(BIND|SRCH|ADD|MOD|DEL|MODRDN|CMP|PASSMOD|WHOAMI) ?(?:dn|base|id|$)")
QUOTED = re.compile(r'(?:dn|base|id)="([^"]*)"')
BUSY = 51  # RFC 4511, 4.1.9
TAG = re.compile(r'filter="\(description=([^)]*)\)"')


@dataclass
class Operation:
    kind: str
    dn: str
    tag: str = ""
    accepted: bool = False  # of a bind
    again: bool = False  # slapd was busy for a moment: it is asked once more


def connections_in(log):
    """The operations of each connection, in order; a restarted slapd counts anew."""
    found = []
    for life in log.split("slapd starting"):
        lines = defaultdict(lambda: defaultdict(list))
        for match in map(LINE.search, life.splitlines()):
            if match:
                lines[match["connection"]][int(match["number"])].append(match["rest"])
        for numbered in lines.values():
            read = [operation_of(rest) for _, rest in sorted(numbered.items())]
            found.append([operation for operation in read if operation])
    return found


def operation_of(lines):
    first = next((line for line in lines if KIND.match(line) and "mech=implicit" not in line), None)
    if first is None:
        return None
    quoted, tag = QUOTED.search(first), TAG.search(first)
    # Only a bind that succeeds has a second line, with the mechanism.
    accepted = any(line.startswith("BIND dn=") and " mech=" in line for line in lines)
    again = any(line.startswith("SEARCH RESULT") and f"err={BUSY} " in line for line in lines)
    names = [found[1] if found else "" for found in (quoted, tag)]
    return Operation(KIND.match(first)[1], *names, accepted, again)


def bound_as(log):
    """(tag, who was bound) for each search that carries a tag."""
    for operations in connections_in(log):
        bound = ""
        for operation in operations:
            if operation.kind == "BIND":
                bound = operation.dn if operation.accepted else ""
            elif operation.kind == "SRCH" and operation.tag:
                yield operation.tag, bound


class Counted:
    """Counts what slapd is asked inside a block: ``with Counted(slapd) as asked: …``."""

    def __init__(self, slapd):
        self.log_path = slapd.log_path

    def __enter__(self):
        self._begin = self.log_path.stat().st_size
        return self

    def __exit__(self, *_):
        with self.log_path.open("rb") as log:
            log.seek(self._begin)
            text = log.read().decode(errors="replace")
        operations = [one for some in connections_in(text) for one in some]
        self.kinds = Counter(operation.kind for operation in operations if not operation.again)
        self.connections = text.count(" ACCEPT from ")

    def __str__(self):
        """As README's table says it: "1 BIND, 3 SRCH", or "nothing"."""
        order = ["BIND", "SRCH", "ADD", "MOD", "DEL", "PASSMOD"]
        named = [f"{self.kinds[kind]} {kind}" for kind in order if self.kinds[kind]]
        return ", ".join(named) or "nothing"
