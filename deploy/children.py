"""Servers that run as children: in the foreground, with a log file, and gone when we are."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from .programs import ProgramError, end, program

START_SECONDS = 20
STOP_SECONDS = 10

# Reads until whoever started it is gone, and then ends the group. (A death signal of the kernel's
# does not do: a server that changes its user loses it, see PR_SET_PDEATHSIG in prctl(2).)
GUARD = 'read -r _; kill -s TERM -- "-$1"; sleep 5; kill -s KILL -- "-$1"'


class Child:
    """One server and whatever it starts itself: a process group of its own.

    It ends when whoever started it dies, in whatever way.
    """

    def __init__(self, name: str, log: Path):
        self.name = name
        self.log = log
        self._process: subprocess.Popen | None = None
        self._guard: subprocess.Popen | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self, command: Sequence[str], ready: Callable[[], bool]) -> None:
        """Run the command until `ready` says that the server takes connections."""
        if self._process:
            raise ProgramError(f"{self.name} is running already")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 (a list of words, no shell)
                [program(command[0]), *command[1:]],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A Ctrl-C at the terminal is for whoever will stop it.
                start_new_session=True,
            )
        self._guard = guard_of(self._process.pid)
        try:
            self._wait_until(ready)
        except BaseException:
            self.stop()
            raise

    def _wait_until(self, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            if self._process.poll() is not None:
                raise ProgramError(f"{self.name} did not start:\n{self.end_of_log()}")
            if time.monotonic() > deadline:
                raise ProgramError(f"{self.name} does not answer:\n{self.end_of_log()}")
            time.sleep(0.02)

    def end_of_log(self, lines: int = 20) -> str:
        """What the server said last."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self) -> None:
        """End the server and all it started, and wait for it. Without one running, do nothing."""
        process, self._process = self._process, None
        if process is None:
            return
        end(process, STOP_SECONDS)
        end_group(process.pid)
        self._guard.kill()
        self._guard.communicate()


def guard_of(group: int) -> subprocess.Popen:
    """A process that outlives us for as long as it takes to end a group."""
    return subprocess.Popen(  # noqa: S603 (a list of words, no shell of ours)
        [program("sh"), "-c", GUARD, "sh", str(group)],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def end_group(group: int) -> None:
    """What a server leaves behind gets a moment to end, then no choice."""
    deadline = time.monotonic() + STOP_SECONDS / 2
    while anybody_in(group):
        if time.monotonic() > deadline:
            os.killpg(group, signal.SIGKILL)
        time.sleep(0.02)


def anybody_in(group: int) -> bool:
    """Whether a process of the group still lives. One that only waits to be reaped does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # pid (name) state parent group; the name may hold anything, even a bracket.
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state not in "ZX":
                return True
    return False


def takes_connections(ports: Sequence[int]) -> bool:
    """Whether somebody listens on each of these loopback ports."""
    for port in ports:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)):
                return False
    return True


def greets(port: int, words: bytes) -> bool:
    """Whether the server on a loopback port opens with these words."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as probe:
            return probe.recv(len(words)) == words
    except OSError:
        return False


def free_ports(count: int) -> list[int]:
    """Different loopback ports nobody listens on."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
