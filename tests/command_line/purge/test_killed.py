"""Killed at any step, the next run finishes; no mail is lost."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line.purge.maildirs import (
    archives,
    everybody_lives_below,
    held,
    mark,
    snapshot,
    told_to_child,
)
from tests.world import ALICE, OTHER

PROJECT = Path(__file__).resolve().parents[3]


STEPS = ("archived", "remove", "unlink", "delete")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("what", [ALICE, OTHER])
def test_killed_at_a_step_the_next_run_finishes(world, mail, purge, step, what):
    """A real process, which is killed as it enters a step; nothing tidies up behind it."""
    everybody_lives_below(world, mail)
    mark(world, what)
    before = {
        name: content for name, content in snapshot(mail).items() if content and wanted(name, what)
    }

    killed = subprocess.run(
        [sys.executable, "-c", KILLED.format(step=step, home=str(mail))],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.command_line.told_settings"}
        | {"TOLD": json.dumps(told_to_child())},
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    # What is not gone is still seen, and what is gone is in an archive.
    assert world.entry(what)
    assert held_by_all(mail) | set(content_of(mail, before)) >= set(before.values())

    assert purge("--yes").code == 0
    assert world.entry(what) is None
    assert held_by_all(mail) >= set(before.values())
    assert list((mail.parent / "archive").glob("*.part")) == []


def wanted(name, what):
    return name.startswith("example.test/alice/" if what == ALICE else "other.test/")


def content_of(mail, names):
    return [(mail / name).read_bytes() for name in names if (mail / name).exists()]


def held_by_all(mail):
    return {content for path in archives(mail) for content in held(path).values()}


KILLED = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
settings.MAIL_HOME = {home!r}
from accounts.purge import archive, purging, removal
from accounts.models import MailAccount

def die(*values, **options):
    os.kill(os.getpid(), signal.SIGKILL)

count = 0
def die_at_the_third(*values, **options):
    global count
    count += 1
    if count == 3:
        die()
    return unlink(*values, **options)

unlink = os.unlink
step = {step!r}
if step == "archived":
    archive.verify = die
elif step == "remove":
    purging.remove = die
elif step == "unlink":
    removal.os.unlink = die_at_the_third
else:
    MailAccount.delete = die
from django.core.management import call_command
call_command("purge", "--yes", "--days", "0", "-Y", "EXTERNAL")
"""
