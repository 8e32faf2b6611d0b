"""Courier of one's own on the emitted files: authdaemond, IMAP and POP3, with and without TLS.

Its paths are built in, so it runs in a namespace where /etc/courier, /run/courier and
/var/lib/courier are folders below ours. The commands are those of Debian's start scripts, without
the daemon around them: every process is our child, and writes its log into our folder.
"""

import shutil
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from .children import takes_connections
from .emit import emit
from .namespace import NamespaceChild, Put, command_with, need_namespaces
from .private_slapd import answers
from .programs import ProgramError, program, run
from .site import Site

PLACES = ("etc/courier", "run/courier", "var/lib/courier")
SOCKET = "run/courier/authdaemon/socket"
PATH = "PATH=/usr/sbin:/usr/bin:/sbin:/bin"

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
SERVERS = {
    "imap": ("usr/lib/courier/courier/imaplogin", "usr/bin/imapd"),
    "pop3": ("usr/lib/courier/courier/courierpop3login", "usr/lib/courier/courier/courierpop3d"),
}


class PrivateCourier:
    """Courier below a folder, on the ports of site.listen; at the end of the block it stops.

    software is where courier-imap and courier-pop are: "/", or a folder they were unpacked in, for
    they cannot be installed beside Dovecot. mailboxes is a folder that stands at site.mail_home,
    people are more lines of passwd(5), and puts are more of ours in the system's places.
    """

    def __init__(
        self,
        folder: str | Path,
        site: Site,
        *,
        software: str | Path = "/",
        mailboxes: Path | None = None,
        people: str = "",
        puts: Sequence[Put] = (),
    ):
        self.folder = Path(folder).absolute()
        self.site = site
        self.puts = [Put(self.folder / place, f"/{place}") for place in PLACES]
        self.puts += [*self._software(Path(software)), *self._mail_home(mailboxes)]
        self.puts += [self._users(people), *puts]
        self._running = ExitStack()
        need_namespaces()
        need_software(Path(software))
        self._prepare()

    def _software(self, unpacked: Path) -> list[Put]:
        """The mail user must reach the programs, wherever they were unpacked."""
        self.software = unpacked
        if unpacked == Path("/"):
            return []
        self.software = self.folder / "root" / "software"
        self.software.mkdir(parents=True, exist_ok=True)
        return [Put(unpacked, str(self.software))]

    def _mail_home(self, mailboxes: Path | None) -> list[Put]:
        """mail_home need not exist on this machine: the folder at its root is ours too."""
        if mailboxes is None:
            return []
        top = Path(*Path(self.site.mail_home).parts[:2])
        ours = self.folder / "root" / top.name
        (ours / Path(self.site.mail_home).relative_to(top)).mkdir(parents=True, exist_ok=True)
        return [Put(ours, str(top)), Put(mailboxes, self.site.mail_home)]

    def _users(self, people: str) -> Put:
        """The mail user has a name, as on a server: what watches the folders asks for it."""
        ours = self.folder / "root" / "passwd"
        ours.parent.mkdir(parents=True, exist_ok=True)
        unix, uid, gid = self.site.unix, self.site.mail_uid, self.site.mail_gid
        line = f"{unix.user}:x:{uid}:{gid}::{unix.home}:/usr/sbin/nologin\n"
        ours.write_text(Path("/etc/passwd").read_text() + line + people)
        return Put(ours, "/etc/passwd")

    def _prepare(self) -> None:
        emit(["courier"], self.site, self.folder)
        for place in (*PLACES, str(Path(SOCKET).parent), "log"):
            (self.folder / place).mkdir(parents=True, exist_ok=True)
        for cache in ("couriersslimapcache", "couriersslpop3cache"):
            file = self.folder / "var/lib/courier" / cache
            file.touch(0o600)
            shutil.chown(file, "courier", "courier")
        self.run("sh", str(self.folder / "usr/local/sbin/courier-pem.sh"))

    @property
    def socket_path(self) -> Path:
        """Where authdaemond answers. (On a server only root and the group courier get there.)"""
        return self.folder / SOCKET

    def run(self, *command: str, stdin: str | None = None) -> str:
        """Run a program to its end where it sees what the servers see."""
        words = command_with(self.puts, [program(command[0]), *command[1:]])
        return run(*words, stdin=stdin)

    def run_as(self, uid: int, gid: int, *command: str, stdin: str | None = None) -> str:
        """Run it as somebody, who may ask authdaemond."""
        ids = [f"--reuid={uid}", f"--regid={gid}", "--groups=courier"]
        return self.run("setpriv", *ids, "--", *command, stdin=stdin)

    def make_maildirs(self) -> str:
        """What courier-maildirs.timer does each minute."""
        script = self.folder / "usr/local/sbin/courier-maildirs.sh"
        return self.run_as(self.site.mail_uid, self.site.mail_gid, "sh", str(script))

    def start(self) -> Self:
        """Start authdaemond and the listeners; each answers before the next one starts."""
        with ExitStack() as stack:
            self._start(stack, "authdaemond", AUTHDAEMOND, [], self._authdaemond_answers)
            for name, words in LISTENERS.items():
                port = getattr(self.site.listen, name)
                server = self._server(name.removesuffix("s"))
                self._start(stack, name, words, server, lambda port=port: takes_connections([port]))
            self._running = stack.pop_all()
        return self

    def _authdaemond_answers(self) -> bool:
        return answers(socket.AF_UNIX, str(self.socket_path))

    def _server(self, protocol: str) -> list[str]:
        return [str(self.software / path) for path in SERVERS[protocol]]

    def _start(
        self,
        stack: ExitStack,
        name: str,
        words: str,
        arguments: Sequence[str],
        ready: Callable[[], bool],
    ) -> None:
        # As in Debian's scripts, the settings are the environment, and nothing else is in it.
        inside = [program("env"), "-i", PATH, program("sh"), "-c", f"set -a; {words}", "sh"]
        child = NamespaceChild(f"Courier's {name}", self.log_path(name))
        stack.callback(child.stop)
        child.start(command_with(self.puts, [*inside, *arguments]), ready)

    def log_path(self, name: str) -> Path:
        """What authdaemond, imap, imaps, pop3 or pop3s says."""
        return self.folder / "log" / f"{name}.log"

    def stop(self) -> None:
        self._running.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_) -> None:
        self.stop()


def need_software(where: Path) -> None:
    """A ProgramError where the servers are not."""
    for path in (path for paths in SERVERS.values() for path in paths):
        if not (where / path).exists():
            raise ProgramError(f"{where / path} is not there; script/courier unpacks it")
