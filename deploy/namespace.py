"""Programs that see private folders in place of the system's.

Some paths are built into Courier. In a mount namespace of its own a program finds our folder
there, while everybody else sees the system's. It has a process namespace too, so what it leaves
behind ends with it. Only root may do this, and a container needs CAP_SYS_ADMIN for it.
"""

import os
import signal
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from .children import Child
from .programs import ProgramError, program, run

ITS_OWN = ("--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc")

# Puts what is ours over what is the system's, pair by pair, and becomes the program.
ENTER = 'while [ "$1" != -- ]; do mount --bind "$1" "$2"; shift 2; done; shift; exec "$@"'


class Put(NamedTuple):
    """Our file or folder, and whose place it takes."""

    ours: Path
    place: str


def command_with(puts: Iterable[Put], command: Sequence[str]) -> list[str]:
    """The words that run a command where these are in their places."""
    pairs = [str(word) for put in puts for word in put]
    # unshare waits for the program and takes no SIGTERM meanwhile; its end is the namespace's.
    unshare = [program("setpriv"), "--pdeathsig", "KILL", program("unshare"), *ITS_OWN, "--"]
    return [*unshare, program("sh"), "-euc", ENTER, "sh", *pairs, "--", *command]


def need_namespaces() -> None:
    """A ProgramError where this machine does not let us have a namespace."""
    try:
        run("unshare", *ITS_OWN, "--", program("true"))
    except ProgramError as error:
        raise ProgramError(
            f"a mount namespace is needed: be root, in a container with CAP_SYS_ADMIN ({error})"
        ) from None


class NamespaceChild(Child):
    """A server in a namespace: when its first process ends, the kernel ends all others there."""

    def stop(self) -> None:
        if self.pid:
            for first in children_of(self.pid):
                with suppress(ProcessLookupError):
                    os.kill(first, signal.SIGKILL)
        super().stop()


def children_of(pid: int) -> list[int]:
    try:
        words = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:
        return []
    return [int(word) for word in words.split()]
