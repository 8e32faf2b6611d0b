"""What it must not touch, and says so."""

import os
import socket
from pathlib import Path

import pytest

from tests.command_line.purge.maildirs import archives, everybody_lives_below, held, mark, snapshot
from tests.world import ALICE, CAROL, OTHER


def test_without_mail_the_entry_goes_all_the_same(purge, marked, mail, world):
    world.change(ALICE, mailbox="example.test/never-came/")

    assert purge("--yes").code == 0
    assert world.entry(ALICE) is None


@pytest.mark.parametrize(
    ("mailbox", "reason"),
    [
        ("../../etc/", "holds .."),
        ("example.test/../other.test/carol/", "holds .."),
        ("./", "the mail root itself"),
        ("/", "the mail root itself"),
        ("other.test//carol/", "carol@other.test has mail there too"),
        ("other.test/./carol/.Sent/", "carol@other.test has mail there too"),
        ("other.test/", "has mail there too"),
        ("example.test/alice/maildirsize", "is no folder"),
    ],
)
def test_a_mailbox_that_is_not_ones_own_stays(purge, marked, mail, world, mailbox, reason):
    before = snapshot(mail)
    world.change(ALICE, mailbox=mailbox)

    said = purge("--yes")

    assert said.code == 1
    assert reason in said.err
    assert snapshot(mail) == before
    assert world.entry(ALICE)
    assert archives(mail) == []


@pytest.mark.parametrize("home", ["/", "/etc", "/home/vmail"])
def test_a_home_elsewhere_stays(purge, marked, mail, world, home):
    before = snapshot(mail)
    world.change(ALICE, homeDirectory=home)

    said = purge("--yes")

    assert (said.code, "is outside of" in said.err) == (1, True)
    assert snapshot(mail) == before


@pytest.mark.parametrize("place", ["example.test", "example.test/alice"])
def test_no_link_is_followed(purge, marked, mail, world, place):
    elsewhere = mail.parent / "elsewhere"
    (mail / place).rename(elsewhere)
    (mail / place).symlink_to(elsewhere)
    before = snapshot(elsewhere)

    said = purge("--yes")

    assert (said.code, "is a symbolic link, and no folder\n" in said.err) == (1, True)
    assert snapshot(elsewhere) == before
    assert world.entry(ALICE)


def test_a_link_of_somebody_else_that_leads_there_is_seen(purge, marked, mail, world):
    (mail / "other.test/linked").symlink_to(mail / "example.test/alice")
    world.change(CAROL, mailbox="other.test/linked/")
    before = snapshot(mail)

    said = purge("--yes")

    assert "carol@other.test has mail there too" in said.err
    assert snapshot(mail) == before


def test_a_link_inside_is_archived_as_a_link(purge, marked, mail):
    secret = mail.parent / "secret"
    secret.write_text("not alice's")
    (mail / "example.test/alice/link").symlink_to(secret)
    (mail / "example.test/alice/folder").symlink_to(mail / "other.test")

    purge("--yes")

    assert held(archives(mail)[0])["link"] == os.fsencode(secret)
    assert secret.read_text() == "not alice's"
    assert (mail / "other.test/carol/cur").is_dir()


def test_what_is_no_file_stays(purge, marked, mail, world):
    os.mkfifo(mail / "example.test/alice/pipe")
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(mail / "example.test/alice/socket"))
    listening.close()

    said = purge("--yes")

    assert (said.code, "neither a file nor a folder" in said.err) == (1, True)
    assert (mail / "example.test/alice/cur/1.a:2,S").exists()
    assert list((mail.parent / "archive").iterdir()) == []


@pytest.mark.parametrize("root", ["/", "", "/nowhere/at/all"])
def test_a_mail_root_that_is_none_stops_everything(purge, marked, settings, world, root):
    settings.MAIL_HOME = root or str(Path(settings.MAIL_HOME).parent / "new")
    Path(settings.MAIL_HOME).parent.mkdir(exist_ok=True) if not root else None
    if not root:
        Path(settings.MAIL_HOME).mkdir()

    assert purge("--yes").code == 1
    assert world.entry(ALICE)


def test_the_archive_does_not_lie_in_the_mail(purge, marked, mail):
    inside = mail.parent / "link"
    inside.symlink_to(mail)

    assert purge("--yes", "--archive", str(inside / "archive")).code == 1


def test_odd_file_names_come_into_the_archive(purge, marked, mail):
    folder = os.fsencode(mail / "example.test/alice")
    for name in (b"\xff\xfe", b"new\nline", b"$(reboot)", b"-rf", "ü".encode()):
        Path(os.fsdecode(folder + b"/" + name)).write_bytes(name)

    assert purge("--yes").code == 0
    assert set(held(archives(mail)[0]).values()) >= {b"\xff\xfe", b"new\nline", b"$(reboot)"}


def test_who_may_not_delete_is_refused_before_anything_goes(otto_says, mail, world):
    """Otto is postmaster of other.test, where the site does not let him edit accounts."""
    everybody_lives_below(world, mail)
    mark(world, CAROL)
    before = snapshot(mail)

    assert otto_says("purge", "--days", "0").code == 1
    assert snapshot(mail) == before


def test_an_account_that_no_list_shows_still_keeps_its_mail(purge, marked, mail, world):
    """In a nested ou, as old trees have them."""
    root = world.root()
    root.add_s(f"ou=p,{OTHER}", [("objectClass", [b"organizationalUnit"]), ("ou", [b"p"])])
    values = {"mail": "deep@other.test", "homeDirectory": str(mail), "accountActive": "TRUE"}
    values |= {"mailbox": "example.test/./alice/", "delete": "FALSE", "lastChange": "1"}
    attributes = [(name, [value.encode()]) for name, value in values.items()]
    deep = f"mail=deep@other.test,ou=p,{OTHER}"
    root.add_s(deep, [("objectClass", [b"JammMailAccount"]), *attributes])
    root.unbind_s()

    assert "deep@other.test has mail there too" in purge("--yes").err
    assert (mail / "example.test/alice/cur").exists()


def test_an_archive_that_takes_no_file_is_said_in_words(marked, purge, mail):
    before = snapshot(mail)

    said = purge("--yes", "--archive", "/proc/self/task", "alice@example.test")

    assert said.code == 1
    assert "alice@example.test: stays: /proc/self/task/alice@example.test-" in said.err
    assert ".part: No such file or directory\n" in said.err
    assert snapshot(mail) == before
