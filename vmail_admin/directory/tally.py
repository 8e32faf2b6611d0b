"""What one request asks of slapd: of each kind how many operations, and how long it waited."""

import time
from contextlib import contextmanager
from contextvars import ContextVar

_tally = ContextVar("tally_of_the_directory", default=None)


class Tally:
    """``kinds``: {"search": [operations, seconds]}. A kind is bind, search, or what a write is."""

    __slots__ = ("kinds",)

    def __init__(self):
        self.kinds = {}

    def add(self, kind, operations, seconds):
        count = self.kinds.setdefault(kind, [0, 0.0])
        count[0] += operations
        count[1] += seconds

    @property
    def operations(self):
        return sum(operations for operations, _ in self.kinds.values())

    @property
    def seconds(self):
        return sum(seconds for _, seconds in self.kinds.values())


@contextmanager
def tallied():
    """Counts whatever is asked inside this block."""
    token = _tally.set(Tally())
    try:
        yield _tally.get()
    finally:
        _tally.reset(token)


@contextmanager
def counted(kind, operations=1):
    """Around so many operations of a kind, until their answers are read or lost."""
    tally, began = _tally.get(), time.perf_counter()
    try:
        yield
    finally:
        if tally is not None:
            tally.add(kind, operations, time.perf_counter() - began)
