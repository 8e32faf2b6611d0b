"""The script that makes the mail user, run in a small root folder of its own."""

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.emit import rendered
from deploy.programs import program
from deploy.site import Site, Unix

PROGRAMS = ["sh", "getent", "cut", "id", "stat", "install", "groupadd", "useradd", "nologin"]
PASSWD = "root:x:0:0:root:/root:/bin/sh\nlist:x:38:38:list:/var/list:/usr/sbin/nologin\n"
GROUP = "root:x:0:\nlist:x:38:\n"
SITE = Site()


@pytest.fixture
def machine(tmp_path):
    """The programs the script calls, what they need, and users of its own."""
    for name in ("bin", "sbin", "lib", "lib64"):
        (tmp_path / "usr" / name).mkdir(parents=True)
        (tmp_path / name).symlink_to(f"usr/{name}")
    for path in {file for name in PROGRAMS for file in needed_by(program(name))}:
        target = tmp_path / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(os.path.realpath(path), target)
    (tmp_path / "etc").mkdir()
    for name, text in {
        "passwd": PASSWD,
        "group": GROUP,
        "shadow": "",
        "gshadow": "",
        "nsswitch.conf": "passwd: files\ngroup: files\n",
        "login.defs": Path("/etc/login.defs").read_text(),
    }.items():
        (tmp_path / "etc" / name).write_text(text)
    return Machine(tmp_path)


def needed_by(path):
    """A program and the libraries it is linked with."""
    found = subprocess.run(["ldd", path], capture_output=True, text=True, check=True).stdout
    return [path, *re.findall(r"(/\S+) \(0x", found)]


class Machine:
    def __init__(self, root):
        self.root = root

    def run(self, site=SITE):
        """What the script says when it stops; None when it did its work."""
        (self.root / "script.sh").write_text(next(rendered("unix", site)).text)
        done = subprocess.run(
            ["chroot", self.root, "/bin/sh", "/script.sh"],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            capture_output=True,
            text=True,
        )
        return (done.stderr.strip() or "failed") if done.returncode else None

    def line(self, file, name):
        lines = (self.root / "etc" / file).read_text().splitlines()
        return next((line for line in lines if line.startswith(f"{name}:")), None)

    def folder(self, path):
        status = (self.root / path.lstrip("/")).stat()
        return (status.st_uid, status.st_gid, status.st_mode & 0o777)

    def everything(self):
        return {
            path: (path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
            for path in self.root.rglob("*")
        }


def test_makes_a_user_who_cannot_log_in_and_folders_for_the_mail(machine):
    assert machine.run() is None

    assert machine.line("passwd", "vmail") == (
        "vmail:x:5000:5000:Virtual mail:/home/vmail:/usr/sbin/nologin"
    )
    assert machine.line("group", "vmail") == "vmail:x:5000:"
    assert machine.line("shadow", "vmail").startswith("vmail:!:")
    assert machine.folder("/home/vmail") == (5000, 5000, 0o750)
    assert machine.folder("/home/vmail/domains") == (5000, 5000, 0o700)


def test_no_file_of_a_person_is_copied_into_the_home(machine):
    machine.run()

    assert [path.name for path in (machine.root / "home/vmail").iterdir()] == ["domains"]


def test_the_second_time_changes_nothing(machine):
    machine.run()
    before = machine.everything()

    assert machine.run() is None
    assert machine.everything() == before


def test_puts_right_who_may_look_into_the_mail(machine):
    machine.run()
    (machine.root / "home/vmail/domains").chmod(0o755)

    assert machine.run() is None
    assert machine.folder("/home/vmail/domains") == (5000, 5000, 0o700)


def test_names_and_numbers_are_the_sites(machine):
    site = replace(
        SITE,
        mail_uid=6001,
        mail_gid=6002,
        mail_home="/srv/post/all",
        unix=Unix(user="post", group="mailmen", home="/srv/post"),
    )

    assert machine.run(site) is None
    assert machine.line("passwd", "post").startswith("post:x:6001:6002:")
    assert machine.line("group", "mailmen") == "mailmen:x:6002:"
    assert machine.folder("/srv/post/all") == (6001, 6002, 0o700)


CLASHES = {
    "uid 38 is the user list already": {"mail_uid": 38},
    "gid 38 is the group list already": {"mail_gid": 38},
    "the user list has uid 38, not 5000": {"unix": Unix(user="list")},
    "the group list has gid 38, not 5000": {"unix": Unix(group="list")},
}


@pytest.mark.parametrize("words", CLASHES)
def test_takes_over_nobodys_number_or_name(machine, words):
    assert words in machine.run(replace(SITE, **CLASHES[words]))

    assert (machine.root / "etc/passwd").read_text() == PASSWD
    assert (machine.root / "etc/group").read_text() == GROUP
    assert not (machine.root / "home").exists()


def test_a_mail_user_who_can_log_in_is_reported(machine):
    machine.run()
    passwd = machine.root / "etc/passwd"
    passwd.write_text(passwd.read_text().replace("vmail:/usr/sbin/nologin", "vmail:/bin/bash"))

    assert "can log in, with /bin/bash: usermod" in machine.run()


@pytest.mark.parametrize("path", ["home/vmail", "home/vmail/domains"])
def test_a_folder_of_somebody_else_is_left_alone(machine, path):
    (machine.root / path).mkdir(parents=True)
    (machine.root / "home/vmail").chmod(0o711)

    assert "belongs to uid 0, not 5000" in machine.run()
    assert machine.line("passwd", "vmail") is None


def test_a_link_is_not_followed(machine):
    (machine.root / "home").mkdir()
    (machine.root / "home/vmail").symlink_to("/etc")

    assert machine.run().endswith("/home/vmail is a link")
    assert machine.folder("/etc")[0] == 0


def test_shellcheck_finds_nothing(tmp_path):
    script = tmp_path / "vmail-user.sh"
    script.write_text(next(rendered("unix", SITE)).text)

    subprocess.run(["shellcheck", script], check=True)
