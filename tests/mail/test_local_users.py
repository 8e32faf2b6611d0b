"""Mail for users of the machine itself, whom the directory knows nothing of."""

import os
import pwd
import subprocess
from pathlib import Path

import pytest

from tests.mail.post import waited_for

NAME = "vmail-test-lena"


@pytest.fixture
def lena(open_folder):
    """A Unix user for as long as the test takes."""
    home = open_folder / "home" / "lena"
    home.parent.mkdir(exist_ok=True)
    useradd = ["useradd", "--create-home", "--skel", "/nonesuch", "--home-dir", home]
    subprocess.run([*useradd, "--shell", "/usr/sbin/nologin", NAME], check=True)
    yield pwd.getpwnam(NAME)
    subprocess.run(["userdel", "--force", "--remove", NAME], check=True, capture_output=True)


def came(user, word, folder="Maildir/new"):
    """The file procmail made of a mail."""

    def look():
        files = (Path(user.pw_dir) / folder).glob("*")
        return next((file for file in files if word in file.read_text()), None)

    return waited_for(look)


def test_procmail_files_mail_in_a_maildir(post, lena):
    file = came(lena, post.send(f"{NAME}@{post.mail.site.host}"))

    assert (file.stat().st_uid, file.stat().st_mode & 0o077) == (lena.pw_uid, 0)


def test_what_follows_a_plus_is_for_the_same_user(post, lena):
    assert came(lena, post.send(f"{NAME}+lists@{post.mail.site.host}"))


def test_users_may_have_rules_of_their_own(post, lena):
    rules, maildir = Path(lena.pw_dir) / ".procmailrc", Path(lena.pw_dir) / "Maildir"
    rules.write_text(":0\n* ^Subject:\nMaildir/.Filed/\n")
    maildir.mkdir()
    for path in (rules, maildir):
        os.chown(path, lena.pw_uid, lena.pw_gid)
    word = post.send(f"{NAME}@{post.mail.site.host}")

    assert came(lena, word, "Maildir/.Filed/new")


def test_an_unknown_local_user_is_refused(post):
    assert post.refusal(f"nobody-at-all@{post.mail.site.host}").startswith("550 5.1.1")


@pytest.mark.parametrize("name", ["root", "abuse", "hostmaster", "mailer-daemon", "postmaster"])
def test_the_names_every_server_has_reach_who_reads_them(post, name):
    assert post.file("example.test/pia", post.send(f"{name}@{post.mail.site.host}"))
