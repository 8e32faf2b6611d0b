"""Everything in a folder as a zip file, read back and compared before it counts."""

import hashlib
import os
import secrets
import stat
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.utils import timezone

from accounts.purge.places import FOLDER, Unsafe

FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
NEW_FILE = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
PIECE = 1 << 20  # bytes read at once
LONGEST_NAME = 150  # characters of an address in a file name
MOST_DEEP = 50  # folders in folders


@dataclass(frozen=True)
class Seen:
    """Something in the folder as it was put into the archive."""

    parts: tuple  # names from the folder on
    identity: tuple  # device, inode, size, time of the last change in nanoseconds
    digest: str = ""  # of the content; "" for a folder


@dataclass
class Archive:
    path: Path | None = None
    seen: list = field(default_factory=list)
    size: int = 0  # bytes before they were compressed

    @property
    def files(self):
        return sum(bool(one.digest) for one in self.seen)


def archived(folder, name, target):
    """Makes a zip file below ``target`` of all that ``folder``, an open folder, holds.

    Until it is whole and verified its name ends in .part, so that a file named .zip never lies.
    Raises Unsafe, OSError.
    """
    Path(target).mkdir(mode=0o700, parents=True, exist_ok=True)
    path = Path(target) / f"{name_of(name)}.zip"
    part = path.with_suffix(".part")
    archive = Archive(path)
    file = os.open(part, NEW_FILE, 0o600)
    try:
        with os.fdopen(file, "w+b") as opened:
            with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as made:
                add_folder(made, folder, (), os.fstat(folder).st_dev, archive)
            opened.flush()
            os.fsync(opened.fileno())
            verify(opened, archive)
        part.rename(path)
        sync_folder(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return archive


def name_of(name):
    """A new file name each time: an archive is never written over."""
    stamp = timezone.now().strftime("%Y%m%dT%H%M%SZ")
    return f"{quote(name, safe='@')[:LONGEST_NAME]}-{stamp}-{secrets.token_hex(4)}"


def add_folder(made, folder, parts, device, archive):
    if len(parts) > MOST_DEEP:
        raise Unsafe(f"it is more than {MOST_DEEP} folders deep")
    for name in sorted(os.listdir(folder)):  # noqa: PTH208 (an open folder)
        here = (*parts, name)
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if found.st_dev != device:
            raise Unsafe(f"{shown(here)} is on another disk")
        if stat.S_ISDIR(found.st_mode):
            add_subfolder(made, folder, here, device, archive)
        elif stat.S_ISLNK(found.st_mode):
            target = os.readlink(name, dir_fd=folder)
            add_content(made, here, found, [os.fsencode(target)], archive)
        elif stat.S_ISREG(found.st_mode):
            add_file(made, folder, here, archive)
        else:
            raise Unsafe(f"{shown(here)} is neither a file nor a folder")


def add_subfolder(made, folder, parts, device, archive):
    inside = os.open(parts[-1], FOLDER, dir_fd=folder)
    try:
        found = os.fstat(inside)
        made.writestr(info_of(parts, found, "/"), b"")
        add_folder(made, inside, parts, device, archive)
        archive.seen.append(Seen(parts, (found.st_dev, found.st_ino)))
    finally:
        os.close(inside)


def add_file(made, folder, parts, archive):
    with os.fdopen(os.open(parts[-1], FILE, dir_fd=folder), "rb") as file:
        found = os.fstat(file.fileno())
        pieces = iter(lambda: file.read(PIECE), b"")
        add_content(made, parts, found, pieces, archive)


def add_content(made, parts, found, pieces, archive):
    digest = hashlib.sha256()
    with made.open(info_of(parts, found), "w", force_zip64=True) as member:
        for piece in pieces:
            digest.update(piece)
            archive.size += len(piece)
            member.write(piece)
    archive.seen.append(Seen(parts, identity_of(found), digest.hexdigest()))


def identity_of(found):
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def info_of(parts, found, end=""):
    # A zip file knows no year before 1980 and none after 2107.
    when = time.gmtime(min(max(found.st_mtime, 315532800), 4354819198))[:6]
    info = zipfile.ZipInfo(f"{shown(parts)}{end}", when)
    info.external_attr = found.st_mode << 16
    info.compress_type = zipfile.ZIP_STORED if end else zipfile.ZIP_DEFLATED
    return info


def shown(parts):
    """A path as the archive names it. What is no UTF-8 is written out: zip holds text."""
    return "/".join(os.fsencode(part).decode("utf-8", "backslashreplace") for part in parts)


def verify(opened, archive):
    """Reads everything back. Raises Unsafe where a single byte differs."""
    wanted = {shown(one.parts): one.digest for one in archive.seen if one.digest}
    folders = {f"{shown(one.parts)}/" for one in archive.seen if not one.digest}
    if len(wanted) + len(folders) != len(archive.seen):
        raise Unsafe("two of its files would have one name in the archive")
    opened.seek(0)
    with zipfile.ZipFile(opened) as made:
        if len(made.namelist()) != len(archive.seen):
            raise Unsafe("the archive does not hold as much as the folder")
        for name in made.namelist():
            if name not in folders and digest_in(made, name) != wanted.get(name):
                raise Unsafe(f"{name} cannot be read back from the archive")


def digest_in(made, name):
    with made.open(name) as member:
        return hashlib.file_digest(member, "sha256").hexdigest()


def sync_folder(path):
    folder = os.open(path, FOLDER)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
