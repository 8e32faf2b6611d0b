"""At a real terminal: a password typed unseen, a table drawn, a question answered."""

import os
import pty
import resource
import select
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings

from tests.world import ALICE, DORA, OTHER, word

PROJECT = Path(__file__).resolve().parents[2]
SECONDS = 30


class Terminal:
    """Runs a command with a terminal before it, and types."""

    def __init__(self, *words, columns=100):
        self.ours, theirs = pty.openpty()
        environment = {
            "PATH": os.environ["PATH"],
            "TERM": "xterm-256color",
            "COLUMNS": str(columns),
            "VMAIL_DIRECTORY_URI": settings.DATABASES["directory"]["NAME"],
            "VMAIL_STATE_DIR": str(settings.STATE),
        }
        command = [sys.executable, "manage.py", *words]
        options = {"stdin": theirs, "stdout": theirs, "stderr": theirs, "start_new_session": True}
        # A shell in the background hands down that Ctrl-C is ignored.
        options["preexec_fn"] = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
        self.child = subprocess.Popen(command, cwd=PROJECT, env=environment, **options)
        os.close(theirs)
        self.seen = ""

    def reads(self, text):
        """Waits until the terminal shows this, or for ever to come: None."""
        until = time.monotonic() + SECONDS
        while text is None or text not in self.seen:
            ready, _, _ = select.select([self.ours], [], [], max(0, until - time.monotonic()))
            assert ready, self.seen
            self.seen += os.read(self.ours, 4096).decode()

    def types(self, text):
        os.write(self.ours, f"{text}\n".encode())

    def ends(self):
        """The exit code, after everything is read."""
        try:
            self.reads(None)
        except OSError:
            # A terminal whose last program has ended says so in this way.
            os.close(self.ours)
            return self.child.wait(SECONDS)
        finally:
            if self.child.poll() is None:
                self.child.kill()
                self.child.wait()


def test_a_password_is_typed_unseen_and_a_table_is_drawn(world):
    world.change(ALICE, cn="\x1b[2JAlice [bold]")
    terminal = Terminal("account", "list", "example.test", "-D", "rita")
    terminal.reads("Password of rita: ")
    terminal.types(word("rita"))

    assert terminal.ends() == 0
    assert word("rita") not in terminal.seen
    assert "alice@example.test" in terminal.seen
    assert "\\x1b[2JAlice [bold]" in terminal.seen
    assert "\x1b[2J" not in terminal.seen
    assert "─" in terminal.seen


def test_a_narrow_terminal_breaks_no_address(world):
    terminal = Terminal("account", "list", "example.test", "-Y", "EXTERNAL", columns=60)

    assert terminal.ends() == 0
    assert "alice@example.test" in terminal.seen and "Alice Arden" in terminal.seen
    assert "─" not in terminal.seen
    assert "Address " in terminal.seen and "Postmaster " in terminal.seen


def test_a_domain_is_deleted_by_typing_its_name(world):
    for typed, code, flag in (("example.test", 1, "FALSE"), ("Other.test", 0, "TRUE")):
        terminal = Terminal("domain", "delete", "other.test", "-D", "rita")
        terminal.reads("Password of rita: ")
        terminal.types(word("rita"))
        terminal.reads("Type other.test to delete it: ")
        terminal.types(typed)

        assert terminal.ends() == code, terminal.seen
        assert world.value(OTHER, "delete") == flag


def test_ctrl_c_stops_without_a_traceback(world):
    terminal = Terminal("domain", "delete", "other.test", "-D", "rita")
    terminal.reads("Password of rita: ")
    terminal.types(word("rita"))
    terminal.reads("Type other.test to delete it: ")
    terminal.child.send_signal(signal.SIGINT)
    # A signal between the prompt and the reading is heard when the reading ends.
    with suppress(OSError):
        terminal.types("")

    assert terminal.ends() == 130
    assert "Traceback" not in terminal.seen
    assert world.value(OTHER, "delete") == "FALSE"


def test_a_reader_who_has_seen_enough_is_no_mistake(world):
    with nobody_reads() as pipe:
        said = by_root("account", "list", stdout=pipe)

    assert (said.returncode, said.stderr) == (0, "")


def test_what_was_begun_is_done_though_nobody_reads(world):
    addresses = ["dora@example.test", "alice@example.test"]
    with nobody_reads() as pipe:
        said = by_root("account", "delete", *addresses, stdout=pipe)

    assert (said.returncode, said.stderr) == (0, "")
    assert world.value(ALICE, "delete") == world.value(DORA, "delete") == "TRUE"


@pytest.mark.parametrize(
    "words",
    [["account", "list"], ["account", "list", "--json"], ["export", "example.test"]],
)
def test_a_full_disk_behind_a_list_is_said(words, world):
    with Path("/dev/full").open("w") as full:
        said = by_root(*words, stdout=full)

    assert said.returncode == 1
    assert said.stderr == "Not all could be written here: No space left on device.\n"


def test_half_an_export_is_no_file(world, tmp_path):
    """A file may have no byte more here: that is what a full disk is to a program."""
    target = tmp_path / "export.csv"
    no_file = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    said = by_root("export", "example.test", "--to", str(target), preexec_fn=no_file)

    assert (said.returncode, said.stderr) == (1, f"{target}: File too large.\n")
    assert not target.exists()


@contextmanager
def nobody_reads():
    """The end of a pipe whose other end is closed."""
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        yield theirs
    finally:
        os.close(theirs)


def by_root(*words, **options):
    command = [sys.executable, "manage.py", *words, "-Y", "EXTERNAL"]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "VMAIL_DIRECTORY_URI": settings.DATABASES["directory"]["NAME"],
        "VMAIL_STATE_DIR": str(settings.STATE),
    }
    options = {"stderr": subprocess.PIPE, "text": True, "cwd": PROJECT, **options}
    return subprocess.run(command, env=environment, **options)
