"""Running the servers' own programs, which may lie outside a plain user's PATH."""

import os
import shutil
import subprocess
from collections.abc import Sequence

SYSTEM_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin"


class ProgramError(RuntimeError):
    """A program is missing, or it failed; the text is what it said."""


def program(name: str) -> str:
    """Where a program is."""
    folders = os.pathsep.join([os.environ.get("PATH", os.defpath), SYSTEM_FOLDERS])
    found = shutil.which(name, path=folders)
    if not found:
        raise ProgramError(f"{name} is not installed")
    return found


def run(name: str, *arguments: str, stdin: str | None = None) -> str:
    """Run a program to its end. What it said, or a ProgramError with it."""
    done = run_quietly([program(name), *arguments], stdin)
    if done.returncode:
        raise ProgramError(f"{name} failed: {done.stdout.strip()}")
    return done.stdout


def run_quietly(command: Sequence[str], stdin: str | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (a list of words, no shell)
        command,
        input=stdin or "",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def end(process: subprocess.Popen, seconds: float) -> None:
    """Ask a process to end, and make it where it does not within these seconds."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
