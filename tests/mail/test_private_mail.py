"""The private servers themselves: what they leave behind, and what they ask for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.children import anybody_in
from deploy.private_mail import PrivateMail
from deploy.programs import ProgramError
from tests.mail.post import waited_for
from tests.mail.sites import NOWHERE, WITH_DOVECOT

WAITS = """
import sys, time
from deploy.private_mail import PrivateMail
from tests.mail.sites import NOWHERE, WITH_DOVECOT
with PrivateMail(sys.argv[1], WITH_DOVECOT, NOWHERE) as mail:
    print(*mail.pids, flush=True)
    time.sleep(60)
"""


def test_nothing_runs_after_it_was_stopped(open_folder):
    with PrivateMail(open_folder / "stopped", WITH_DOVECOT, NOWHERE) as mail:
        groups = mail.pids
        assert len(groups) == 3
        assert all(anybody_in(group) for group in groups)

    assert not any(anybody_in(group) for group in groups)
    assert mail.pids == []


def test_it_can_be_started_again_on_the_same_folder(open_folder):
    folder = open_folder / "again"
    for _ in range(2):
        with PrivateMail(folder, WITH_DOVECOT, NOWHERE) as mail:
            assert mail.postfix.pid


def test_it_does_not_outlive_who_started_it(open_folder):
    command = [sys.executable, "-c", WAITS, open_folder / "killed"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path.cwd()) as started:
        groups = [int(pid) for pid in started.stdout.readline().split()]
        assert len(groups) == 3
        assert all(anybody_in(group) for group in groups)
        started.kill()

    assert waited_for(lambda: not any(anybody_in(group) for group in groups))


def test_the_ports_can_be_chosen(open_folder):
    mail = PrivateMail(open_folder / "ports", WITH_DOVECOT, NOWHERE, ports={"smtp": 2525})

    assert mail.site.listen.smtp == 2525
    assert "\n2525 " in (open_folder / "ports/etc/postfix/master.cf").read_text()


def test_a_folder_others_cannot_pass_is_refused(tmp_path):
    (tmp_path / "closed").mkdir(mode=0o700)

    with pytest.raises(ProgramError, match="closed to the users postfix and dovecot"):
        PrivateMail(tmp_path / "closed" / "mail", WITH_DOVECOT, NOWHERE)


def test_without_root_it_says_what_is_needed(tmp_path):
    os.seteuid(65534)
    try:
        with pytest.raises(ProgramError, match=r"only be started by root.* with sudo"):
            PrivateMail(tmp_path / "mail", WITH_DOVECOT, NOWHERE)
    finally:
        os.seteuid(0)


def test_nothing_of_the_systems_is_touched(open_folder):
    before = {path: path.stat().st_mtime_ns for path in SYSTEMS if path.exists()}
    with PrivateMail(open_folder / "apart", WITH_DOVECOT, NOWHERE):
        pass

    assert {path: path.stat().st_mtime_ns for path in SYSTEMS if path.exists()} == before


SYSTEMS = [
    Path(path)
    for path in (
        "/etc/postfix",
        "/etc/postfix/main.cf",
        "/etc/dovecot",
        "/etc/aliases",
        "/etc/passwd",
        "/var/spool/postfix/maildrop",
        "/var/lib/postfix",
        "/home",
    )
]
