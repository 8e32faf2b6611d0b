"""People who are marked for deletion, with their mail, and the command."""

import pytest

from tests.command_line.purge.maildirs import everybody_lives_below, fill, mark
from tests.world import ALICE


@pytest.fixture
def mail(tmp_path, settings):
    """A mail root with a Maildir for Alice and for Carol, and the archive beside it."""
    settings.MAIL_HOME = str(tmp_path / "domains")
    for one in ("example.test/alice", "other.test/carol", "other.test/otto", "example.test/dora"):
        fill(tmp_path / "domains" / one)
    return tmp_path / "domains"


@pytest.fixture
def marked(world, mail):
    """Alice is marked for deletion, long ago."""
    everybody_lives_below(world, mail)
    mark(world, ALICE)


@pytest.fixture
def purge(root_says):
    """The command, N days being 0: modifyTimestamp is now, whatever lastChange says."""
    return lambda *words: root_says("purge", "--days", "0", *words)


@pytest.fixture
def homes(mail):
    """Alice's and Carol's own folders, with Sieve filters."""
    folder = mail.parent / "homes"
    for one in ("example.test/alice", "other.test/carol"):
        (folder / one / "sieve").mkdir(parents=True)
        (folder / one / "sieve/away.sieve").write_text("redirect")
        (folder / one / ".dovecot.sieve").symlink_to("sieve/away.sieve")
    return folder
