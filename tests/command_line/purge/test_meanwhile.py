"""What others do while it is at work."""

import os

from accounts.purge import archive as archiving
from accounts.purge import purging
from tests.command_line.purge.maildirs import archives, held, snapshot
from tests.world import ALICE


def test_mail_that_comes_while_it_is_archived_stays(purge, marked, mail, world, monkeypatch):
    late = mail / "example.test/alice/new/late"

    def and_one_comes(opened, archive):
        verify(opened, archive)
        late.write_text("hello")

    verify = archiving.verify
    monkeypatch.setattr(archiving, "verify", and_one_comes)
    said = purge("--yes")

    assert said.code == 1
    assert late.read_text() == "hello"
    assert world.entry(ALICE)

    monkeypatch.setattr(archiving, "verify", verify)
    assert purge("--yes").code == 0
    first, second = archives(mail)
    assert {**held(first), **held(second)}["new/late"] == b"hello"
    assert world.entry(ALICE) is None


def test_a_file_that_changes_while_it_is_archived_stays(purge, marked, mail, world, monkeypatch):
    changing = mail / "example.test/alice/maildirsize"
    verify = archiving.verify

    def and_one_changes(opened, archive):
        verify(opened, archive)
        changing.write_text("other")

    monkeypatch.setattr(archiving, "verify", and_one_changes)

    assert purge("--yes").code == 1
    assert changing.read_text() == "other"


def test_who_is_wanted_back_meanwhile_keeps_the_mail(purge, marked, mail, world, monkeypatch):
    before = snapshot(mail)
    made = purging.archived

    def and_restored(*values):
        archive = made(*values)
        world.change(ALICE, delete="FALSE")
        return archive

    monkeypatch.setattr(purging, "archived", and_restored)

    assert purge("--yes").code == 1
    assert snapshot(mail) == before
    assert world.entry(ALICE)


def test_an_archive_that_cannot_be_read_back_counts_for_nothing(
    purge, marked, mail, world, monkeypatch
):
    before = snapshot(mail)
    monkeypatch.setattr(archiving, "digest_in", lambda made, name: "0" * 64)

    assert purge("--yes").code == 1
    assert snapshot(mail) == before
    assert list((mail.parent / "archive").iterdir()) == []


def test_a_folder_swapped_for_a_link_meanwhile_leads_nowhere(
    purge, marked, mail, world, monkeypatch
):
    folder = mail / "example.test/alice/cur"
    victim = mail / "other.test/carol/cur"
    made = purging.archived

    def and_swapped(*values):
        archive = made(*values)
        folder.rename(mail.parent / "aside")
        folder.symlink_to(victim)
        return archive

    monkeypatch.setattr(purging, "archived", and_swapped)
    before = snapshot(victim)

    assert purge("--yes").code == 1
    assert snapshot(victim) == before


def test_two_at_once_are_one_too_many(purge, marked, mail, world):
    import fcntl

    folder = mail.parent / "archive"
    folder.mkdir()
    lock = os.open(folder, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        assert "Another purge is at work" in purge("--yes").err
    finally:
        os.close(lock)
    assert world.entry(ALICE)
