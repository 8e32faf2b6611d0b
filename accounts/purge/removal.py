"""Removes from a folder what an archive holds, and nothing else."""

import os

from accounts.purge.archive import identity_of
from accounts.purge.places import FOLDER, Unsafe


def remove(above, name, folder, archive):
    """Empties an open folder and takes it away. Raises Unsafe where something is left.

    What came after the archive was made, or changed since, is in no archive: it stays, and the
    next run finds it there.
    """
    left = 0
    # A folder stands behind what it holds, so that it is empty when its turn comes.
    for one in archive.seen:
        if not removed(folder, one):
            left += 1
    if left:
        raise Unsafe(f"{left} of its files changed while they were archived")
    try:
        os.rmdir(name, dir_fd=above)
    except OSError:
        raise Unsafe("something came into it while it was archived") from None
    os.fsync(above)


def removed(folder, one):
    """Whether this file, link or folder is gone. Each folder on the way is opened anew."""
    opened = []
    try:
        inside = folder
        for name in one.parts[:-1]:
            inside = os.open(name, FOLDER, dir_fd=inside)
            opened.append(inside)
        return removed_here(inside, one)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    finally:
        for each in opened:
            os.close(each)


def removed_here(inside, one):
    name = one.parts[-1]
    now = os.stat(name, dir_fd=inside, follow_symlinks=False)
    if not one.digest:
        os.rmdir(name, dir_fd=inside)
        return True
    if identity_of(now) != one.identity:
        return False
    os.unlink(name, dir_fd=inside)
    return True
