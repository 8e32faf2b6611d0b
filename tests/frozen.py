"""A process that is there and says nothing, as when its disk hangs."""

import os
import signal
import time
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 30  # seconds


@contextmanager
def frozen(slapd):
    with all_frozen([slapd.pid]):
        yield


@contextmanager
def all_frozen(pids):
    """Every thread of these processes stands still for the length of the block."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        until = time.monotonic() + PATIENCE
        while not all(map(stands_still, pids)):
            assert time.monotonic() < until, "it goes on"
            time.sleep(0.005)
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def stands_still(pid):
    """A stopped process may still answer for a moment: its threads stop one by one."""
    return {state_of(thread) for thread in Path(f"/proc/{pid}/task").iterdir()} == {"T"}


def state_of(thread):
    """proc(5): the third word, after the name in brackets."""
    return (thread / "stat").read_text().rpartition(")")[2].split()[0]
