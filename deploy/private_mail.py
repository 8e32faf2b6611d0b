"""Mail servers of one's own on the emitted files: for the demo, the tests and the checks.

They run below one folder on loopback ports and touch nothing of the system's.
Only paths, ports and addresses differ from the site's own files. Nothing
leaves the machine: mail for elsewhere lands in the folder `elsewhere`.

It takes root, as Postfix and Dovecot give each part of themselves a user of
its own; no namespace and no privilege of a container beyond that.
"""

import pwd
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Self

from .children import Child, free_ports, takes_connections
from .private_dovecot import PrivateDovecot
from .private_files import make_folder, need_root, open_folder, self_signed
from .private_postfix import PrivatePostfix
from .site import Site

# Who connects from here is trusted by Postfix; 127.0.0.1 is a stranger, as on the Internet.
TRUSTED = "127.0.0.2"
PORTS = ("smtp", "submission", "submissions", "imap", "imaps", "pop3", "pop3s", "sieve")


class PrivateMail:
    """Postfix, and Dovecot where the site has it, in front of the slapds in `uris`.

    `ports` names those that shall be known beforehand, by their names in [listen]; the others are
    free ones. `site` is the site as emitted; `certificate` is what clients trust.
    """

    def __init__(
        self,
        folder: str | Path,
        site: Site,
        uris: Iterable[str],
        ports: Mapping[str, int] | None = None,
    ):
        self.folder = Path(folder).absolute()
        need_root("A mail server")
        open_folder(self.folder)
        elsewhere, *free = free_ports(len(PORTS) + 1)
        known = dict(zip(PORTS, free, strict=True)) | dict(ports or {})
        self.site = private_network(private_paths(site, self.folder), uris, known, elsewhere)
        self.certificate = Path(self.site.tls.certificate)
        self.elsewhere = self.folder / "elsewhere"
        self._prepare()
        self._sink = Child("smtp-sink", self.folder / "log" / "smtp-sink.log")
        self.postfix = PrivatePostfix(self.folder, self.site)
        dovecot = self.site.imap == "dovecot"
        self.dovecot = PrivateDovecot(self.folder, self.site) if dovecot else None
        self._running = ExitStack()

    def _prepare(self) -> None:
        home, owner = Path(self.site.mail_home), (self.site.mail_uid, self.site.mail_gid)
        self_signed(self.site)
        make_folder(self.folder / "log", 0o755)
        make_folder(home.parent, 0o750, *owner)
        make_folder(home, 0o700, *owner)
        make_folder(self.elsewhere, 0o700, pwd.getpwnam("nobody").pw_uid)

    def start(self) -> Self:
        with ExitStack() as stack:
            stack.callback(self._sink.stop)
            self._start_sink()
            for server in filter(None, (self.dovecot, self.postfix)):
                stack.callback(server.stop)
                server.start()
            self._running = stack.pop_all()
        return self

    def _start_sink(self) -> None:
        """smtp-sink takes what would leave the machine, and puts each mail in a file."""
        port = self.site.postfix.relay_port
        template = str(self.elsewhere / "%Y%m%d%H%M.")
        command = ["smtp-sink", "-u", "nobody", "-d", template, f"127.0.0.1:{port}", "20"]
        self._sink.start(command, lambda: takes_connections([port]))

    @property
    def pids(self) -> list[int]:
        """The first process of each server; while it runs, the number of its process group too."""
        servers = (self._sink, self.dovecot, self.postfix)
        return [server.pid for server in servers if server and server.pid]

    def stop(self) -> None:
        self._running.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_) -> None:
        self.stop()


def private_paths(site: Site, folder: Path) -> Site:
    """The same site with everything the mail servers read or write below one folder."""
    etc, var = folder / "etc", folder / "var"
    return replace(
        site,
        mail_home=str(folder / "mail" / "domains"),
        tls=replace(
            site.tls,
            certificate=str(folder / "tls" / "cert.pem"),
            key=str(folder / "tls" / "key.pem"),
            ca=str(folder / "tls" / "cert.pem"),
        ),
        postfix=replace(
            site.postfix,
            config_dir=str(etc / "postfix"),
            aliases=str(etc / "aliases"),
            procmailrc=str(etc / "procmailrc"),
            queue_dir=str(var / "spool" / "postfix"),
            data_dir=str(var / "lib" / "postfix"),
            log_file=str(folder / "log" / "postfix.log"),
        ),
        dovecot=replace(
            site.dovecot,
            config_dir=str(etc / "dovecot"),
            run_dir=str(folder / "run" / "dovecot"),
            state_dir=str(var / "lib" / "dovecot"),
            homes=str(folder / "mail" / "homes"),
            log_file=str(folder / "log" / "dovecot.log"),
        ),
    )


def private_network(
    site: Site, uris: Iterable[str], ports: Mapping[str, int], elsewhere: int
) -> Site:
    """The same site on loopback ports, with nothing that reaches the Internet."""
    return replace(
        site,
        directory=replace(site.directory, uris=tuple(uris), start_tls=False),
        listen=replace(site.listen, addresses=("127.0.0.1",), **ports),
        postfix=replace(
            site.postfix,
            networks=(f"{TRUSTED}/32",),
            relay_host="127.0.0.1",
            relay_port=elsewhere,
        ),
        dovecot=replace(site.dovecot, slow_guessing=False),
    )
