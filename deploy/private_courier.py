"""Courier of one's own on the emitted files: authdaemond, IMAP and POP3, with and without TLS.

Its paths are built in, so it runs in a mount namespace where /etc/courier, /run/courier and
/var/lib/courier are folders below ours. The commands are those of Debian's start scripts, without
the daemon around them: every process is our child, and writes its log into our folder.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from .emit import emit
from .namespace import Put, command_with, need_namespaces
from .private_slapd import answers
from .programs import ProgramError, program, run
from .site import Site

START_SECONDS = 20
STOP_SECONDS = 10
PLACES = ("etc/courier", "run/courier", "var/lib/courier")
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
LOGIN = {"imap": "imaplogin", "pop3": "courierpop3login"}

AUTHDAEMOND = ". /etc/courier/authdaemonrc; exec /usr/lib/courier/courier-authlib/authdaemond"
LIMITS = "-maxprocs=$MAXDAEMONS -maxperip=$MAXPERIP $TCPDOPTS"
ACCESS = "-access=$IMAPACCESSFILE.dat"
IMAP = ". /etc/courier/imapd; . /etc/courier/imapd-ssl; umask $IMAP_UMASK; ulimit -v $IMAP_ULIMITD;"
POP3 = ". /etc/courier/pop3d; . /etc/courier/pop3d-ssl;"
OVER_TLS = "$COURIERTLS -server -tcpd -user=courier"
LISTENERS = {
    "imap": f"{IMAP} IMAP_STARTTLS=$IMAPDSTARTTLS;"
    f' exec couriertcpd -address=$ADDRESS {LIMITS} {ACCESS} $PORT "$@" $MAILDIRPATH',
    "imaps": f"{IMAP} IMAP_TLS=1;"
    f' exec couriertcpd -address=$SSLADDRESS {LIMITS} {ACCESS} $SSLPORT {OVER_TLS} "$@"'
    " $MAILDIRPATH",
    "pop3": f'{POP3} exec couriertcpd -address=$ADDRESS {LIMITS} $PORT "$@" $MAILDIRPATH',
    "pop3s": f"{POP3} POP3_TLS=1; POP3_STARTTLS=NO; POP3_TLS_REQUIRED=0;"
    f' exec couriertcpd -address=$SSLADDRESS {LIMITS} $SSLPORT {OVER_TLS} "$@" $MAILDIRPATH',
}


class PrivateCourier:
    """Courier below a folder, on the ports of site.listen; at the end of the block it stops.

    software is where courier-imap and courier-pop are: "/", or a folder they were unpacked in, for
    they cannot be installed beside Dovecot. mailboxes is a folder that stands at site.mail_home,
    and puts are more of ours in the system's places.
    """

    def __init__(
        self,
        folder: str | Path,
        site: Site,
        *,
        software: str | Path = "/",
        mailboxes: Path | None = None,
        puts: Sequence[Put] = (),
    ):
        self.folder = Path(folder).absolute()
        self.site = site
        self.software = Path(software)
        self.puts = [Put(self.folder / place, f"/{place}") for place in PLACES]
        self.puts += [*self._mail_home(mailboxes), *puts]
        self._children: list[subprocess.Popen] = []
        need_namespaces()
        self._prepare()

    def _mail_home(self, mailboxes: Path | None) -> list[Put]:
        """mail_home need not exist on this machine: the folder at its root is ours too."""
        if mailboxes is None:
            return []
        top = Path(*Path(self.site.mail_home).parts[:2])
        ours = self.folder / "root" / top.name
        (ours / Path(self.site.mail_home).relative_to(top)).mkdir(parents=True, exist_ok=True)
        return [Put(ours, str(top)), Put(mailboxes, self.site.mail_home)]

    def _prepare(self) -> None:
        emit(["courier"], self.site, self.folder)
        for place in (*PLACES, "run/courier/authdaemon", "log"):
            (self.folder / place).mkdir(parents=True, exist_ok=True)
        shutil.chown(self.folder / "run/courier/authdaemon", "courier", "courier")
        (self.folder / "run/courier/authdaemon").chmod(0o750)
        for cache in ("couriersslimapcache", "couriersslpop3cache"):
            file = self.folder / "var/lib/courier" / cache
            file.touch(0o600)
            shutil.chown(file, "courier", "courier")
        self.run("sh", str(self.folder / "usr/local/sbin/courier-pem.sh"))

    def run(self, *command: str) -> str:
        """Run a program of Courier to its end, where it sees what the servers see."""
        return run(*command_with(self.puts, [program(command[0]), *command[1:]]))

    def run_as_mail_user(self, *command: str) -> str:
        """Run it as the one that owns the mail and may ask authdaemond."""
        ids = [f"--reuid={self.site.mail_uid}", f"--regid={self.site.mail_gid}"]
        return self.run("setpriv", *ids, "--groups=courier", "--", *command)

    def make_maildirs(self) -> str:
        """What courier-maildirs.timer does each minute."""
        script = self.folder / "usr/local/sbin/courier-maildirs.sh"
        return self.run_as_mail_user("sh", str(script))

    def start(self) -> Self:
        """Start authdaemond and the listeners, and wait until all of them answer."""
        try:
            self._start("authdaemond", AUTHDAEMOND)
            socket_path = self.folder / "run/courier/authdaemon/socket"
            self._wait("authdaemond", socket.AF_UNIX, str(socket_path))
            for name, words in LISTENERS.items():
                self._start(name, words, *self._server(name.removesuffix("s")))
            for name in LISTENERS:
                self._wait(name, socket.AF_INET, ("127.0.0.1", getattr(self.site.listen, name)))
        except BaseException:
            self.stop()
            raise
        return self

    def _server(self, protocol: str) -> list[str]:
        library = self.software / "usr/lib/courier/courier"
        server = library / "courierpop3d" if protocol == "pop3" else self.software / "usr/bin/imapd"
        words = [str(library / LOGIN[protocol]), str(server)]
        if missing := [word for word in words if not Path(word).exists()]:
            raise ProgramError(f"{missing[0]} is not installed")
        return words

    def _start(self, name: str, words: str, *arguments: str) -> None:
        # As in Debian's scripts, the settings are the environment, and nothing else is in it.
        command = [program("sh"), "-c", f"set -a; {words}", "sh", *arguments]
        with self.log_path(name).open("ab") as log:
            child = subprocess.Popen(  # noqa: S603 (a list of words)
                command_with(self.puts, command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"PATH": PATH},
                start_new_session=True,
            )
        self._children.append(child)

    def _wait(self, name: str, family: socket.AddressFamily, address) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if any(child.poll() is not None for child in self._children):
                raise ProgramError(f"Courier did not start:\n{self.end_of_log(name)}")
            if answers(family, address):
                return
            time.sleep(0.01)
        raise ProgramError(f"Courier's {name} does not answer:\n{self.end_of_log(name)}")

    def log_path(self, name: str) -> Path:
        """What authdaemond, imap, imaps, pop3 or pop3s says."""
        return self.folder / "log" / f"{name}.log"

    def end_of_log(self, name: str, lines: int = 15) -> str:
        said = self.log_path(name).read_text(errors="replace")
        return "\n".join(said.splitlines()[-lines:])

    def stop(self) -> None:
        """Stop what was started here, with every session and helper it began."""
        children, self._children = self._children, []
        for child in reversed(children):
            # The child leads a session of its own: the group is it and what it began.
            signal_group(child.pid, signal.SIGTERM)
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                signal_group(child.pid, signal.SIGKILL)
                child.wait()

    def __enter__(self) -> Self:
        return self if self._children else self.start()

    def __exit__(self, *_) -> None:
        self.stop()


def signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
