"""Maildirs to be cleaned up, and what became of them."""

import zipfile

from django.conf import settings as panel

from tests.world import ALICE, CAROL, DORA, OTTO, PIA

LONG_AGO = 1_600_000_000
NAMES = (
    "cur/1.a:2,S",
    "new/2.b",
    "tmp/3.c",
    "maildirsize",
    ".Sent/cur/4.d:2,",
    ".Sent/maildirfolder",
)


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


def told_to_child():
    return {
        "VMAIL_DIRECTORY_URI": panel.DATABASES["directory"]["NAME"],
        "VMAIL_STATE_DIR": str(panel.STATE),
    }
