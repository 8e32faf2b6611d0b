"""People's own folders, which Dovecot keeps beside the mail."""

import pytest

from tests.command_line.purge.maildirs import archives, held, snapshot
from tests.world import ALICE


def test_homes_go_into_an_archive_of_their_own(purge, marked, mail, homes, world):
    said = purge("--yes", "--homes", str(homes), "--json")

    assert said.code == 0, said.out
    assert len(said.rows[0]["archives"]) == 2
    [home] = [path for path in archives(mail) if "-home-" in path.name]
    assert held(home) == {"sieve/away.sieve": b"redirect", ".dovecot.sieve": b"sieve/away.sieve"}
    assert not (homes / "example.test/alice").exists()
    assert (homes / "other.test/carol/sieve/away.sieve").exists()


def test_an_unsafe_home_keeps_the_mail_too(purge, marked, mail, homes, world):
    (homes / "example.test/alice").rename(mail.parent / "aside")
    (homes / "example.test/alice").symlink_to(homes / "other.test/carol")
    before = snapshot(mail)

    assert purge("--yes", "--homes", str(homes)).code == 1
    assert snapshot(mail) == before
    assert (homes / "other.test/carol/sieve/away.sieve").exists()


@pytest.mark.parametrize("folder", ["/", "/nowhere/at/all"])
def test_homes_that_are_none_stop_everything(purge, marked, mail, world, folder):
    assert purge("--yes", "--homes", folder).code == 1
    assert world.entry(ALICE)
