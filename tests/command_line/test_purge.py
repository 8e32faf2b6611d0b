"""vmail purge: the archive, the mail, the entry; and everything that it must not touch."""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as panel

from accounts.models import MailAccount
from accounts.purge import archive as archiving
from accounts.purge import purging
from accounts.purge.due import marked_since
from deploy.emit import rendered
from deploy.site import Panel, Site
from tests.world import ALICE, CAROL, DORA, OTHER, OTTO, PIA, POST, word
from vmail_admin.directory.identity import Identity, acting_as
from vmail_admin.journal.models import Row

PROJECT = Path(__file__).resolve().parents[2]
LONG_AGO = 1_600_000_000
NAMES = (
    "cur/1.a:2,S",
    "new/2.b",
    "tmp/3.c",
    "maildirsize",
    ".Sent/cur/4.d:2,",
    ".Sent/maildirfolder",
)


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


def fill(folder):
    for name in NAMES:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{folder.name} {name}\n" * 50)


def everybody_lives_below(world, mail):
    for dn in (ALICE, CAROL, OTTO, DORA, PIA):
        world.change(dn, homeDirectory=str(mail))


def mark(world, dn, since=LONG_AGO):
    world.change(dn, delete="TRUE", lastChange=since)


@pytest.fixture
def purge(root_says, monkeypatch):
    """The command, N days being 0: modifyTimestamp is now, whatever lastChange says."""
    return lambda *words: root_says("purge", "--days", "0", *words)


def archives(mail):
    return sorted((mail.parent / "archive").glob("*.zip"))


def held(path):
    with zipfile.ZipFile(path) as made:
        assert made.testzip() is None
        return {name: made.read(name) for name in made.namelist() if not name.endswith("/")}


def snapshot(folder):
    """Everything below a folder, as bytes."""
    return {
        str(one.relative_to(folder)): one.read_bytes() if one.is_file() else b""
        for one in sorted(folder.rglob("*"))
    }


def test_without_yes_nothing_goes(purge, marked, mail, world):
    before, versions = snapshot(mail), world.versions()

    said = purge("--json")

    assert said.code == 0
    assert [row["entry"] for row in said.rows] == ["alice@example.test"]
    assert said.rows[0]["mail"] == str(mail / "example.test/alice")
    assert (snapshot(mail), world.versions()) == (before, versions)
    assert archives(mail) == []


def test_a_dry_run_is_one_with_yes_too(purge, marked, mail, world):
    before = snapshot(mail)
    purge("--yes", "--dry-run")

    assert snapshot(mail) == before
    assert world.entry(ALICE)


def test_a_dry_run_tells_that_slapd_was_asked(purge, marked):
    assert purge("--dry-run", "--json").document["dry_run"] == "slapd"
    assert "slapd was asked and would do this" in purge("--dry-run").err


def test_a_name_that_is_not_due_is_told(purge, marked, world):
    said = purge("--yes", "dora@example.test", "alice@example.test")

    assert said.code == 5
    assert said.err.startswith("dora@example.test: this is not here, or not marked for deletion")
    assert world.entry(ALICE) is None
    assert purge("dora@example.test").code == 3


def test_archive_mail_and_entry_in_this_order(purge, marked, mail, world):
    others = snapshot(mail / "other.test")

    said = purge("--yes")

    [archive] = archives(mail)
    wanted = {name: f"alice {name}\n".encode() * 50 for name in NAMES}
    assert said.code == 0
    assert held(archive) == wanted
    assert archive.stat().st_mode & 0o777 == 0o600
    assert archive.parent.stat().st_mode & 0o777 == 0o700
    assert not (mail / "example.test/alice").exists()
    assert world.entry(ALICE) is None
    assert (mail / "example.test/dora").exists()
    assert snapshot(mail / "other.test") == others


def test_the_journal_names_the_archive_and_the_reason(purge, marked, mail):
    purge("--yes")

    row = Row.objects.of("alice@example.test").made().newest_first().first()
    assert (row.operation, row.place) == ("delete", "command line")
    assert row.why.startswith("marked for deletion since ")
    assert str(archives(mail)[0]) in row.facts


def test_whoever_reads_the_journal_finds_the_archive(purge, marked, mail, root_says, rita):
    purge("--yes")

    [archive] = archives(mail)
    rows = root_says("journal", "list", "alice@example.test", "--json").rows
    assert f"Archive of the mail: nothing → {archive}" in rows[0]["differences"]
    assert str(archive) in rita.get("/domains/example.test/journal/").content.decode()


def test_who_was_postmaster_is_no_longer(purge, marked, world):
    world.change(POST, roleOccupant=[POST, PIA, ALICE])

    purge("--yes")

    assert ALICE not in world.entry(POST)["roleOccupant"]


def test_what_was_marked_lately_stays(root_says, marked, mail, world):
    said = root_says("purge", "--yes", "--days", "30", "--json")

    assert (said.code, said.rows) == (0, [])
    assert world.entry(ALICE)


def test_the_journals_date_counts_while_nothing_changed(pia_says, world):
    pia_says("account", "delete", "alice@example.test")
    row = Row.objects.of("alice@example.test").filter(kind="marked").newest_first().first()
    with acting_as(Identity(PIA, word("pia"))):
        assert marked_since("account", MailAccount.objects.at(ALICE).get()) == row.began

        world.change(ALICE, description="touched behind the journal's back", lastChange=LONG_AGO)
        alice = MailAccount.objects.at(ALICE).get()
        assert marked_since("account", alice) == alice.changed_at


def test_only_the_named_go(purge, marked, world):
    mark(world, DORA)

    purge("--yes", "dora@example.test")

    assert world.entry(DORA) is None
    assert world.entry(ALICE)


# --- what is refused


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

    assert (said.code, "is no folder" in said.err) == (1, True)
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


# --- what happens meanwhile


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


# --- whole domains


def test_a_domain_goes_with_all_it_holds(purge, mail, world):
    everybody_lives_below(world, mail)
    mark(world, OTHER)

    assert purge("--yes").code == 0
    assert [world.entry(dn) for dn in (OTHER, CAROL, OTTO)] == [None, None, None]
    assert not (mail / "other.test").exists()
    assert {path.name.partition("-")[0] for path in archives(mail)} == {
        "carol@other.test",
        "otto@other.test",
    }
    assert (mail / "example.test/alice").exists()


def test_a_domain_that_holds_what_nobody_knows_stays_whole(purge, mail, world):
    everybody_lives_below(world, mail)
    mark(world, OTHER)
    root = world.root()
    strange = f"ou=sub,{OTHER}"
    root.add_s(strange, [("objectClass", [b"organizationalUnit"]), ("ou", [b"sub"])])
    root.unbind_s()
    before = snapshot(mail)

    said = purge("--yes")

    assert (said.code, "neither an account nor an alias" in said.err) == (1, True)
    assert snapshot(mail) == before
    assert world.entry(CAROL)


def test_one_unsafe_account_keeps_its_whole_domain(purge, mail, world):
    everybody_lives_below(world, mail)
    mark(world, OTHER)
    world.change(CAROL, mailbox="example.test//alice/")
    before = snapshot(mail)

    said = purge("--yes")

    assert "carol@other.test: alice@example.test has mail there too" in said.err
    assert snapshot(mail) == before
    assert world.entry(OTTO)


# --- killed at any step

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


def told_to_child():
    return {
        "VMAIL_DIRECTORY_URI": panel.DATABASES["directory"]["NAME"],
        "VMAIL_STATE_DIR": str(panel.STATE),
    }


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


@pytest.fixture
def homes(mail):
    """Alice's and Carol's own folders, with Sieve filters."""
    folder = mail.parent / "homes"
    for one in ("example.test/alice", "other.test/carol"):
        (folder / one / "sieve").mkdir(parents=True)
        (folder / one / "sieve/away.sieve").write_text("redirect")
        (folder / one / ".dovecot.sieve").symlink_to("sieve/away.sieve")
    return folder


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


def test_the_unit_of_a_dovecot_site_takes_homes_along():
    site = Site(imap="dovecot")
    [unit] = [one.text for one in rendered("panel", site) if one.path.endswith("purge.service")]

    assert f" --homes {site.dovecot.homes}\n" in unit
    assert f"-{site.dovecot.homes} " in unit
