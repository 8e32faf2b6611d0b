"""Where an account's mail is. Every folder on the way is opened without following a link.

What the directory says of a path is not believed: whoever could write a mailbox there could have
pointed it anywhere.
"""

import os
import stat
from contextlib import contextmanager
from pathlib import PurePosixPath

from django.conf import settings

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Unsafe(ValueError):
    """A place that nothing is removed from. The text says why."""


def homes_root(folder):
    """The folder of people's homes, where Sieve filters are; it may be empty. Raises Unsafe."""
    root = os.path.realpath(folder)
    if PurePosixPath(root) == PurePosixPath("/") or not os.path.isdir(root):  # noqa: PTH112
        raise Unsafe(f"The homes {folder}: there is no such folder.")
    return root


def mail_root():
    """The folder that holds all mail, its own links resolved. Raises Unsafe.

    An empty folder is what a disk looks like that is not mounted: then no mail would be found, and
    entries would be deleted whose mail is still there.
    """
    root = os.path.realpath(settings.MAIL_HOME)
    if PurePosixPath(root) == PurePosixPath("/"):
        raise Unsafe("The mail root is /, and nothing is ever removed there.")
    try:
        if not os.listdir(root):  # noqa: PTH208 (a plain path)
            raise Unsafe(f"The mail root {root} is empty: is its disk mounted?")
    except OSError as error:
        raise Unsafe(f"The mail root {root}: {error.strerror}.") from None
    return root


def parts_of(account):
    """The folders from the mail root to the account's mail, by name. Raises Unsafe."""
    if not account.mailbox or not account.home:
        raise Unsafe("it has no mailbox")
    path = f"{account.home}/{account.mailbox}"
    if not path.isprintable():
        raise Unsafe("its path holds a control character")
    if ".." in path.split("/"):
        raise Unsafe(f"its path {path} holds ..")
    try:
        parts = PurePosixPath(path).relative_to(PurePosixPath(settings.MAIL_HOME)).parts
    except ValueError:
        raise Unsafe(f"its path {path} is outside of {settings.MAIL_HOME}") from None
    if not parts:
        raise Unsafe("its path is the mail root itself")
    return parts


def home_parts_of(account):
    """The folders from the homes to the account's own, as Dovecot makes them: DOMAIN/NAME."""
    parts = (account.domain_name.lower(), account.local_part.lower())
    if not all(part.isprintable() and part not in ("", ".", "..") for part in parts):
        raise Unsafe("its home has no proper name")
    if any("/" in part for part in parts):
        raise Unsafe("its address holds a /, and so has no home of its own")
    return parts


@contextmanager
def opened(root, parts):
    """Yields (folder above, folder) as open files; the folder is None where there is none.

    ``root`` is a path without links. Raises Unsafe where anything below it is no real folder.
    """
    above, folder = None, os.open(root, FOLDER)
    try:
        for name in parts:
            if above is not None:
                os.close(above)
            above, folder = folder, None
            folder = next_folder(above, name)
            if folder is None:
                break
        yield above, folder
    finally:
        for one in (above, folder):
            if one is not None:
                os.close(one)


def next_folder(above, name):
    if "/" in name or name in ("", ".", ".."):
        # From / on, an open folder counts for nothing (openat(2)).
        raise Unsafe(f"{name!r} on its path is no name of a folder")
    try:
        return os.open(name, FOLDER, dir_fd=above)
    except FileNotFoundError:
        return None
    except OSError as error:
        # A link is ENOTDIR or ELOOP here, and a file is ENOTDIR: no Maildir either way.
        if is_link(above, name):
            raise Unsafe(f"{name} on its path is a symbolic link, and no folder") from None
        raise Unsafe(f"{name} on its path is no folder: {error.strerror}") from None


def is_link(above, name):
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=above, follow_symlinks=False).st_mode)
    except OSError:
        return False
