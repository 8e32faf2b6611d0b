"""Putting the files of a service in their places on this machine.

Only what differs is written. What lay there is kept in a folder of its own,
named by the date: a copy beside the file would be read by nginx or logrotate.
"""

import grp
import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from .diff import Difference, differences
from .emit import SECRET_MODE, write
from .services import told
from .site import Site

BACKUPS = "var/backups/vmail-admin"


class Place:
    """A file of a service on this machine: what it should be, and whether it is."""

    def __init__(self, difference: Difference, gid: int | None):
        self.difference = difference
        self.target = difference.target
        # Only files that hold a secret need a group: the others are for everybody to read.
        self.gid = gid if difference.file.mode == SECRET_MODE else None

    @property
    def is_right(self) -> bool:
        live = self.difference
        if live.changes_text or live.live_mode != live.file.mode:
            return False
        return self.gid is None or self.target.stat().st_gid == self.gid

    def put(self) -> None:
        file = self.difference.file
        write(self.target, file.text, file.mode, gid=self.gid)


def group_of(service: str) -> int | None:
    """The group that reads the service's secrets, or None where this machine does not have it."""
    try:
        return grp.getgrnam(told(service).group).gr_gid
    except KeyError:
        return None


def places(service: str, site: Site, root: str | Path = "/") -> list[Place]:
    """The files of a service that are not yet as they should be."""
    gid = group_of(service) if os.geteuid() == 0 else None
    found = (Place(one, gid) for one in differences(service, site, root))
    return [place for place in found if not place.is_right]


def install(wanted: Sequence[Place], root: str | Path = "/") -> Path | None:
    """Write these files; the folder with what was there before, or None where nothing was.

    All of them or none: a file that cannot be written puts the earlier ones back.
    """
    kept = keep([place.target for place in wanted if place.difference.live is not None], root)
    done: list[Place] = []
    try:
        for place in wanted:
            place.put()
            done.append(place)
    except OSError:
        for place in done:
            put_back(place.target, kept, root)
        raise
    return kept


def keep(files: Sequence[Path], root: str | Path) -> Path | None:
    """Copies of these files, with their modes and owners, in a new dated folder."""
    if not files:
        return None
    above = Path(root) / BACKUPS
    above.mkdir(parents=True, exist_ok=True)
    above.chmod(0o700)
    folder = new_folder(above)
    for file in files:
        copy = folder / file.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy_whole(file, copy)
    return folder


def new_folder(above: Path) -> Path:
    """A folder named by the second it was made in; the next one waits for no second."""
    name = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    number = 0
    while True:
        folder = above / (f"{name}-{number}" if number else name)
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            number += 1
        else:
            return folder


def put_back(target: Path, kept: Path | None, root: str | Path) -> None:
    copy = kept / target.relative_to(root) if kept else None
    if copy and copy.exists():
        copy_whole(copy, target)
    else:
        target.unlink()


def copy_whole(source: Path, target: Path) -> None:
    """A file with its mode, times and owner."""
    shutil.copy2(source, target)
    if os.geteuid() == 0:
        owner = source.stat()
        os.chown(target, owner.st_uid, owner.st_gid)
