"""What a command reads from a person or a file. A password is never taken from the arguments."""

import getpass
import os
import stat
import sys
from contextlib import contextmanager
from pathlib import Path

from vmail_admin.command_line.exits import Problem, Usage

LONGEST = 4096  # bytes of a file that holds a password


def is_asked():
    """Whether there is somebody to ask."""
    return sys.stdin is not None and sys.stdin.isatty()


def password_for(prompt, file=None, variable=None):
    """A password from a file, from the environment, or typed unseen. Raises Usage without any."""
    if file:
        return password_in(file)
    if variable and os.environ.get(variable):
        return os.environ[variable]
    if not is_asked():
        ways = f"-y FILE or {variable}" if variable else "--password-file FILE"
        raise Usage(f"There is nobody to ask for a password here: use {ways}.")
    return getpass.getpass(f"{prompt}: ")


def password_in(path):
    """The first line of a file. Raises Usage for a file that others may read."""
    try:
        with Path(path).open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            line = file.read(LONGEST).decode().partition("\n")[0].removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not text"
        raise Usage(f"{path}: {reason}.") from None
    if stat.S_ISREG(mode) and mode & stat.S_IROTH:
        raise Usage(f"{path}: everybody on this machine may read it. chmod 600 it first.")
    if not line:
        raise Usage(f"{path}: its first line is empty, and no password is.")
    return line


def agrees(question):
    """Whether a person says yes; False where there is nobody to ask."""
    if not is_asked():
        return False
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


@contextmanager
def new_file(path, keep=True):
    """A file that was not there, for its owner alone. Raises Usage, Problem.

    Without ``keep`` it goes again where not all of it could be written: half of it looks whole.
    """
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Usage(f"{path}: {error.strerror}.") from None
    try:
        with os.fdopen(opened, "w", encoding="utf-8", newline="") as file:
            yield file
    except BaseException as error:
        if not keep:
            Path(path).unlink()
        if isinstance(error, OSError):
            raise Problem(f"{path}: {error.strerror}.") from None
        raise
