"""Maildirs: there for new accounts, with a quota, and for the machine's own users."""

import os
from pathlib import Path

import pytest

from tests.world import ALICE, CAROL, OTTO, PIA, word

NEW = {"local_part": "nina", "password_choice": "generate", "quota": "20 MB"}
ALICE_AT = ("alice@example.test", word("alice"))


@pytest.fixture
def alice_without_mail(courier):
    """Her Maildir is emptied, so that a quota can be counted, and her quota is as in the play."""
    courier.courier.make_maildirs()
    with courier.imap(*ALICE_AT) as imap:
        imap.select()
        imap.store("1:*", "+FLAGS.SILENT", r"\Deleted")
        imap.expunge()
    return courier


def test_a_new_account_reads_mail_before_it_got_any(courier, pia):
    page = pia.post("/domains/example.test/accounts/new/", NEW)
    nina_at = ("nina@example.test", page.context["password"])
    assert courier.accepts(*nina_at)
    assert "No such file or directory" in courier.refused_to_read(*nina_at)

    said = courier.courier.make_maildirs()

    assert "nina@example.test has a Maildir now" in said
    with courier.imap(*nina_at) as imap:
        assert imap.select("INBOX") == ("OK", [b"0"])
    assert courier.quota(*nina_at) == (0, 19532)


def test_the_maildirs_are_the_mail_users_and_nobody_elses(courier):
    folder = courier.home / "other.test" / "otto"

    for one in (folder.parent, folder, folder / "cur", folder / "new", folder / "tmp"):
        status = one.stat()
        assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (5000, 5000, 0o700)


def test_a_second_round_has_nothing_to_do(courier):
    courier.courier.make_maildirs()

    assert courier.courier.make_maildirs() == ""


def test_a_path_that_leads_elsewhere_gets_no_maildir(courier, world):
    world.change(CAROL, mailbox="../../outside/")

    assert "carol" not in courier.courier.make_maildirs()
    assert not (courier.courier.folder / "root/home/outside").exists()


@pytest.mark.parametrize("quota", ["15000000", "*:storage=KB", "plenty"])
def test_a_quota_in_another_form_stops_nobody(courier, world, quota):
    courier.courier.make_maildirs()
    world.change(PIA, quota=quota)
    world.change(ALICE, quota="30000000S")

    assert courier.courier.make_maildirs() == "alice@example.test has a quota of 30000000S now\n"


def test_one_who_gets_no_maildir_stops_nobody(courier, world):
    # A file stands where the folder of the domain would be.
    (courier.home / "taken.test").write_text("")
    world.change(PIA, mailbox="taken.test/pia/")
    world.change(OTTO, mailbox="fresh.test/otto/")

    said = courier.courier.make_maildirs()
    assert "pia@example.test gets no Maildir" in said
    assert "otto@other.test has a Maildir now" in said


def test_the_quota_of_the_account_is_shown(alice_without_mail, world):
    courier = alice_without_mail
    assert courier.quota(*ALICE_AT)[1] == 9766

    world.change(ALICE, quota="20000000S")
    assert "alice@example.test has a quota of 20000000S now" in courier.courier.make_maildirs()
    assert courier.quota(*ALICE_AT)[1] == 19532


def test_nothing_is_put_into_a_mailbox_that_is_full(alice_without_mail, world):
    courier = alice_without_mail
    world.change(ALICE, quota="9000S")
    courier.courier.make_maildirs()

    with courier.imap(*ALICE_AT) as imap:
        assert imap.append("INBOX", None, None, b"Subject: small\r\n\r\n" + b"x" * 4000)[0] == "OK"
        refused, [said] = imap.append("INBOX", None, None, b"Subject: big\r\n\r\n" + b"x" * 8000)
    assert (refused, said) == ("NO", b"[ALERT] You exceeded your mail quota.")


def test_an_account_without_a_quota_has_none(courier):
    assert courier.quota("otto@other.test", word("otto")) is None


def test_two_may_have_a_folder_open_and_what_is_deleted_stays_away(courier):
    subject = courier.comes("example.test/pia", "pia@example.test")
    with (
        courier.imap("pia@example.test", word("pia")) as here,
        courier.imap("pia@example.test", word("pia")) as there,
    ):
        here.create("INBOX.Trash")
        here.select()
        there.select()
        [number] = here.search(None, "SUBJECT", subject)[1][0].split()
        here.copy(number, "INBOX.Trash")
        here.store(number, "+FLAGS", r"\Deleted")
        here.expunge()
        there.noop()
        assert there.search(None, "SUBJECT", subject)[1] == [b""]
        # What lies in Trash stays until its owner empties it.
        there.select("INBOX.Trash")
        assert there.search(None, "SUBJECT", subject)[1] != [b""]


def test_a_user_of_the_machine_reads_what_maildrop_files(courier):
    home = courier.courier.folder / "root/home/lola"
    home.mkdir(exist_ok=True)
    os.chown(home, 5100, 5100)

    courier.courier.run("maildrop", "-d", "lola", stdin="Subject: for Lola\n\nHello.\n")

    assert len(list(Path(home, "Maildir/new").iterdir())) == 1
    assert courier.read("lola", word("lola"), "for Lola")["Subject"] == "for Lola"
