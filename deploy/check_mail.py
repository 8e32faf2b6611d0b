"""The checkers of Postfix, Dovecot and the mail user's script.

The files name folders and certificates of the target, so they are emitted once
more, with everything below a folder of their own.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .emit import rendered
from .private_files import open_folder, self_signed, warnings_of, write_files
from .private_mail import private_paths
from .private_postfix import PrivatePostfix
from .programs import ProgramError, run
from .site import Site


def check_unix(site: Site) -> list[str]:
    """sh reads the script without running it."""
    for file in rendered("unix", site):
        run("sh", "-n", stdin=file.text)
    return ["the script can be read"]


def check_postfix(site: Site) -> list[str]:
    """postconf reads the files, and where root asks, postfix check too: both say nothing."""
    with open_temporary_folder("postfix-") as folder:
        private = private_paths(site, folder)
        if os.geteuid() == 0:
            PrivatePostfix(folder, private)
            return ["postfix check and postconf have nothing to say"]
        write_files("postfix", private, folder)
        warnings = warnings_of(run("postconf", "-c", private.postfix.config_dir, "-n"))
        if warnings:
            raise ProgramError(f"Postfix is not content with its files:\n{warnings}")
        return ["postconf has nothing to say"]


def check_dovecot(site: Site) -> list[str]:
    """doveconf reads the file, which names a certificate that must be there."""
    with open_temporary_folder("dovecot-") as folder:
        private = private_paths(site, folder)
        write_files("dovecot", private, folder)
        self_signed(private)
        warnings = warnings_of(
            run("doveconf", "-n", "-c", f"{private.dovecot.config_dir}/dovecot.conf")
        )
        if warnings:
            raise ProgramError(f"Dovecot is not content with its files:\n{warnings}")
        return ["doveconf has nothing to say"]


@contextmanager
def open_temporary_folder(prefix: str) -> Iterator[Path]:
    """For a while, a folder that the servers' own users can pass."""
    with tempfile.TemporaryDirectory(prefix=prefix) as folder:
        open_folder(Path(folder))
        yield Path(folder)
