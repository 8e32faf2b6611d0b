"""Roundcube of one's own on the emitted file, served by PHP itself on a loopback port.

It takes Debian's package as it lies in /usr/share/roundcube; its configuration, database, log and
temporary files are below one folder.
"""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Self

from .children import Child, free_ports, takes_connections
from .emit import emit
from .programs import ProgramError, program
from .site import Site

PACKAGE = Path("/var/lib/roundcube/public_html")
SCHEMA = Path("/usr/share/roundcube/SQL/sqlite.initial.sql")
DEFAULTS = Path("/etc/roundcube")


class PrivateWebmail:
    """Roundcube for the mail servers of site.listen, on 127.0.0.1."""

    def __init__(self, folder: str | Path, site: Site, port: int | None = None):
        self.folder = Path(folder).absolute()
        self.port = port or free_ports(1)[0]
        self.site = private_site(site, self.folder)
        self.log_path = self.folder / "log" / "php.log"
        self._child = Child("Roundcube", self.log_path)
        self._prepare()

    def _prepare(self) -> None:
        if not PACKAGE.exists():
            raise ProgramError("roundcube-core is not installed")
        emit(["webmail"], self.site, self.folder)
        # Roundcube takes the whole folder from elsewhere, with what comes in the package.
        for name in ("defaults.inc.php", "mimetypes.php"):
            link = self.config_path / name
            link.unlink(missing_ok=True)
            link.symlink_to(DEFAULTS / name)
        webmail = self.site.webmail
        for path in (webmail.log_dir, webmail.temp_dir):
            Path(path).mkdir(parents=True, exist_ok=True)
        database = Path(webmail.database)
        if not database.exists():
            with closing(sqlite3.connect(database)) as connection:
                connection.executescript(SCHEMA.read_text())

    @property
    def config_path(self) -> Path:
        return self.folder / "etc" / "roundcube"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> Self:
        server = [program("php"), "-S", f"127.0.0.1:{self.port}", "-t", str(PACKAGE)]
        command = ["env", f"ROUNDCUBE_CONFIG_DIR={self.config_path}", *server]
        self._child.start(command, lambda: takes_connections([self.port]))
        return self

    def stop(self) -> None:
        self._child.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_) -> None:
        self.stop()


def private_site(site: Site, folder: Path) -> Site:
    """The same site with Roundcube's files below one folder, and its servers on this machine."""
    webmail = replace(
        site.webmail,
        server="127.0.0.1",
        database=str(folder / "webmail.sqlite"),
        log_dir=str(folder / "log"),
        temp_dir=str(folder / "temp"),
    )
    return replace(site, webmail=webmail)
