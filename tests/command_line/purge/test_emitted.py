"""The service that is emitted for it, and that it starts no other program."""

import os
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from django.conf import settings as panel

from accounts.purge import purging
from deploy.emit import rendered
from deploy.site import Panel, Site
from tests.command_line.purge.maildirs import archives, told_to_child
from tests.world import ALICE

PROJECT = Path(__file__).resolve().parents[3]


def test_nothing_is_ever_handed_to_a_shell():
    """The code names no way to start one."""
    folder = Path(purging.__file__).parent
    texts = [file.read_text() for file in folder.glob("*.py")]

    assert len(texts) > 5
    assert not any(word in text for text in texts for word in ("subprocess", "os.system", "popen"))


def test_the_emitted_unit_does_it(world, mail, marked):
    """ExecStart as it is emitted, but for the places; Alice was marked by Jamm, days ago."""
    site = replace(Site(), panel=Panel(folder=str(PROJECT), venv=sys.prefix))
    [unit] = [one.text for one in rendered("panel", site) if one.path.endswith("purge.service")]
    [line] = [one for one in unit.splitlines() if one.startswith("ExecStart=")]
    words = shlex.split(line.partition("=")[2])
    here = {"ldapi:///": told_to_child()["VMAIL_DIRECTORY_URI"]}
    here["/var/lib/vmail-admin-archive"] = str(mail.parent / "archive")
    environment = {"VMAIL_STATE_DIR": str(panel.STATE), "VMAIL_MAIL_HOME": str(mail)}

    said = subprocess.run(
        [*(here.get(word, word) for word in words), "--days", "0"],
        env={"PATH": os.environ["PATH"], **environment},
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )

    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("alice@example.test is gone; 6 files are in ")
    assert world.entry(ALICE) is None
    assert len(archives(mail)) == 1


def test_the_unit_of_a_dovecot_site_takes_homes_along():
    site = Site(imap="dovecot")
    [unit] = [one.text for one in rendered("panel", site) if one.path.endswith("purge.service")]

    assert f" --homes {site.dovecot.homes}\n" in unit
    assert f"-{site.dovecot.homes} " in unit
