"""Programs that see private folders in place of the system's.

Some paths are built into Courier. In a mount namespace of its own a program finds our folder
there, while everybody else sees the system's; it ends with the program. Only root may do this,
and a container must have been given CAP_SYS_ADMIN.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from .programs import ProgramError, program, run

# A view of the files, and of the processes: whatever a program leaves behind ends with it.
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
    return [program("unshare"), *ITS_OWN, "--", program("sh"), "-euc", ENTER, "sh", *pairs, "--", *command]


def need_namespaces() -> None:
    """A ProgramError where this machine does not let us have a namespace."""
    try:
        run("unshare", *ITS_OWN, "--", program("true"))
    except ProgramError as error:
        raise ProgramError(
            f"a mount namespace is needed: be root, in a container with CAP_SYS_ADMIN ({error})"
        ) from None
