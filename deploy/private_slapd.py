"""A slapd of one's own on the emitted files: for the demo, the tests and the bench.

It runs as whoever starts it, below one folder, on a unix socket and a loopback
port, and never touches the system's slapd. Whoever started it is its rootdn:
SASL EXTERNAL on the socket needs no password.
"""

import os
import shutil
import socket
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Self
from urllib.parse import quote

from .emit import emit
from .programs import ProgramError, end, program, run
from .site import Site

FORMS = ("conf", "config")
START_SECONDS = 20
STOP_SECONDS = 10
LONGEST_SOCKET_PATH = 107


class PrivateSlapd:
    """slapd below a folder. Load entries, start it, ask it; at the end of the block it stops.

    form says which of the emitted forms it reads: "conf" (slapd.conf) or "config" (cn=config).
    fast does not wait for the disk. log is slapd's own word for what goes to the log file.
    """

    def __init__(
        self,
        folder: str | Path,
        site: Site,
        port: int | None = None,
        *,
        form: str = "conf",
        fast: bool = False,
        log: str = "stats",
    ):
        if form not in FORMS:
            raise ValueError(f"form must be one of {', '.join(FORMS)}")
        self.folder = Path(folder).absolute()
        self.site = private_site(site, self.folder, fast=fast)
        self.port = port or free_port()
        self.form = form
        self.log = log
        self.log_path = self.folder / "log" / "slapd.log"
        self.socket_path = self.folder / "run" / "ldapi"
        self._process: subprocess.Popen | None = None
        self._prepare()

    def _prepare(self) -> None:
        if len(os.fsencode(self.socket_path)) > LONGEST_SOCKET_PATH:
            raise ProgramError(f"{self.folder}: too long a path for a unix socket below it")
        emit(["slapd"], self.site, self.folder)
        for one in (self.log_path.parent, self.socket_path.parent, self.site.slapd.data_dir):
            Path(one).mkdir(parents=True, exist_ok=True)
        # Anybody who reaches the socket may speak to slapd; only the owner reaches it.
        self.folder.chmod(0o700)
        if self.form == "config":
            self._fill_config_folder()

    def _fill_config_folder(self) -> None:
        folder = self.config_path
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        ldif = Path(self.site.slapd.config_dir) / "slapd.ldif"
        run("slapadd", "-n", "0", "-F", str(folder), "-l", str(ldif))

    @property
    def config_path(self) -> Path:
        """slapd.conf, or the folder of cn=config."""
        name = "slapd.conf" if self.form == "conf" else "slapd.d"
        return Path(self.site.slapd.config_dir) / name

    @property
    def config_arguments(self) -> list[str]:
        """How slapd and its tools are told about it."""
        return ["-f" if self.form == "conf" else "-F", str(self.config_path)]

    @property
    def ldapi_uri(self) -> str:
        return f"ldapi://{quote(str(self.socket_path), safe='')}"

    @property
    def ldap_uri(self) -> str:
        return f"ldap://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def base_ldif(self) -> str:
        """The tree before there is a domain in it."""
        return (Path(self.site.slapd.config_dir) / "base.ldif").read_text()

    @property
    def has_data(self) -> bool:
        """Whether an earlier run left a database here."""
        return (Path(self.site.slapd.data_dir) / "data.mdb").exists()

    def load(self, ldif: str, *, quick: bool = False) -> None:
        """Add entries while slapd is stopped. quick trusts them: for many, made by a program."""
        if self._process:
            raise ProgramError("entries are loaded before slapd starts")
        trust = ["-q"] if quick else []
        run("slapadd", *self.config_arguments, "-b", self.site.suffix, *trust, stdin=ldif)

    def clear(self) -> None:
        """Forget all entries, while slapd is stopped."""
        if self._process:
            raise ProgramError("entries are cleared while slapd is stopped")
        for file in Path(self.site.slapd.data_dir).glob("*.mdb"):
            file.unlink()

    def start(self) -> Self:
        """Start slapd and wait until it takes connections on both listeners."""
        if self._process:
            raise ProgramError("slapd is running already")
        if answers(socket.AF_UNIX, str(self.socket_path)):
            raise ProgramError(f"another slapd{self._pid_in_file()} still uses {self.folder}")
        with self.log_path.open("ab") as log:
            # In a session of its own: a Ctrl-C at the terminal is for whoever will stop it.
            self._process = subprocess.Popen(  # noqa: S603 (a list of words, no shell)
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.stop()
            raise
        return self

    def _command(self) -> list[str]:
        listeners = f"{self.ldapi_uri} {self.ldap_uri}"
        # With -d slapd stays our child. (slapd -V would start a server on port 389.)
        return [program("slapd"), "-d", self.log, "-h", listeners, *self.config_arguments]

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise ProgramError(f"slapd did not start:\n{self.end_of_log()}")
            if answers(socket.AF_UNIX, str(self.socket_path)) and answers(
                socket.AF_INET, ("127.0.0.1", self.port)
            ):
                return
            time.sleep(0.01)
        raise ProgramError(f"slapd does not answer on {self.ldap_uri}:\n{self.end_of_log()}")

    def _pid_in_file(self) -> str:
        file = self.socket_path.parent / "slapd.pid"
        return f" (process {file.read_text().strip()})" if file.exists() else ""

    def end_of_log(self, lines: int = 15) -> str:
        """What slapd said last."""
        if not self.log_path.exists():
            return ""
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-lines:])

    def stop(self) -> None:
        """Stop slapd and wait for its end. Without one running, do nothing."""
        process, self._process = self._process, None
        if process is None:
            return
        end(process, STOP_SECONDS)

    def __enter__(self) -> Self:
        return self if self._process else self.start()

    def __exit__(self, *_) -> None:
        self.stop()


def private_site(site: Site, folder: Path, *, fast: bool = False) -> Site:
    """The same site with slapd's folders below one folder, and its rootdn whoever runs this."""
    me = f"gidNumber={os.getgid()}+uidNumber={os.getuid()},cn=peercred,cn=external,cn=auth"
    slapd = replace(
        site.slapd,
        config_dir=str(folder / "etc/ldap"),
        data_dir=str(folder / "var/lib/ldap"),
        run_dir=str(folder / "run"),
        root_identity=me,
        sync=site.slapd.sync and not fast,
    )
    return replace(site, slapd=slapd)


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex(address) == 0
