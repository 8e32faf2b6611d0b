"""Connections bound a moment ago, kept for the same person's next request.

A password hash is made to be slow, so a bind costs slapd more than all else a page asks. A kept
connection belongs to one person and password for all its life: it is never bound as another. Before
it is used again, slapd is asked whether the person's entry is still the version of the bind, and
their domain still as active: whoever got a new password, or was switched off, has to bind anew.
"""

import threading
import time
from collections import namedtuple
from weakref import WeakSet

import ldap
from django.conf import settings

from vmail_admin.directory.backend.searches import ANYTHING, Lookup
from vmail_admin.directory.backend.transport import close
from vmail_admin.directory.names import domain_dn, domain_in, is_below

# Connections of one process, those in use among them: each is an open socket here and in slapd.
# gunicorn's processes may have more, as they have threads.
MOST_OPEN = 16
# slapd holds some 250 bytes a row of every list that it sorted for them.
MOST_ROWS_HELD = 500_000

VERSION, FLAGS = ["entryCSN"], ["accountActive", "delete"]

# `until` is on the monotonic clock; `state` is what state_in() said at the bind.
Kept = namedtuple("Kept", "key connection until state sorted_lists")


class KeptConnections:
    """Those of one process, for all its threads."""

    def __init__(self):
        self._lock = threading.Lock()
        self._kept = []
        self._open = WeakSet()  # whether kept or in use
        self.most_open = MOST_OPEN

    def count(self):
        return len(self._kept)

    def note_opened(self, connection):
        """A connection is made: where there are too many now, the one kept longest is closed."""
        with self._lock:
            self._open.add(connection)
            late = self._without_late()
        closed(late)

    def note_closed(self, connection):
        with self._lock:
            self._open.discard(connection)

    def take(self, key):
        """The youngest connection of this person and password, or None. It is the caller's now."""
        with self._lock:
            late = self._without_late()
            found = next((kept for kept in reversed(self._kept) if kept.key == key), None)
            if found is not None:
                self._kept.remove(found)
        closed(late)
        return found

    def give(self, kept):
        with self._lock:
            self._kept.append(kept)
            late = self._without_late()
        closed(late)

    def forget(self, whose):
        """Closes what is kept for a person and password, Identity.key, who signs out."""
        with self._lock:
            late = [kept for kept in self._kept if kept.key[1] == whose]
            self._let_go(late)
        closed(late)

    def clear(self):
        with self._lock:
            late = [*self._kept]
            self._let_go(late)
        closed(late)

    def _without_late(self):
        """Lets go of those whose time is over and of those that are too many, and names them."""
        now = time.monotonic()
        late = [kept for kept in self._kept if kept.until <= now]
        self._let_go(late)
        too_many = len(self._open) - self.most_open
        if too_many > 0:
            late += (oldest := self._kept[:too_many])
            self._let_go(oldest)
        while sum(map(rows_held, self._kept)) > MOST_ROWS_HELD:
            late.append(largest := max(self._kept, key=rows_held))
            self._let_go([largest])
        return late

    def _let_go(self, some):
        for kept in some:
            self._kept.remove(kept)
            self._open.discard(kept.connection)


def rows_held(kept):
    return sum(one.length for one in kept.sorted_lists)


def closed(several):
    for kept in several:
        close(kept.connection)


def state_wanted(dn):
    """What has to be asked to learn what a bind as this DN rests on: (lookup, attributes) each.

    Every change of the entry, a new password first of all, gives it a new entryCSN. A domain that
    is suspended or marked for deletion lets nobody bind (rule 10a of the access rules).
    """
    wanted = [(Lookup(dn, ldap.SCOPE_BASE, ANYTHING), VERSION)]
    if is_below(dn, settings.DIRECTORY_BASE_DN):
        wanted.append((Lookup(domain_dn(domain_in(dn)), ldap.SCOPE_BASE, ANYTHING), FLAGS))
    return wanted


def state_in(own, *domain):
    """That from what was found, as far as the person may read it; None: not to be kept.

    The attributes of the entry, and of its domain if it has one. Each in a list, which is empty
    where nothing was.
    """
    state = [part_of(own, VERSION), *(part_of(found, FLAGS) for found in domain)]
    return state if all(state) else None


def part_of(found, attributes):
    return [(name, found[0][name]) for name in attributes if name in found[0]] if found else []


KEPT = KeptConnections()
