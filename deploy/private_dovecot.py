"""Dovecot of one's own, below a folder."""

import pwd
from pathlib import Path

from .children import Child, takes_connections
from .private_files import make_folder, need_root, self_signed, warnings_of, write_files
from .programs import ProgramError, run
from .site import Site


class PrivateDovecot:
    """Dovecot on the emitted files of a site whose paths and ports are private."""

    def __init__(self, folder: Path, site: Site):
        need_root("Dovecot")
        self.site = site
        self.config = str(Path(site.dovecot.config_dir) / "dovecot.conf")
        self.log_path = Path(site.dovecot.log_file)
        self._master = Child("Dovecot", self.log_path)
        self._prepare(folder)

    def _prepare(self, folder: Path) -> None:
        write_files("dovecot", self.site, folder)
        self_signed(self.site)
        for path in (self.site.dovecot.run_dir, self.site.dovecot.state_dir, self.log_path.parent):
            make_folder(Path(path), 0o755)
        # Dovecot's sockets for Postfix stand in Postfix's queue.
        owner = pwd.getpwnam("postfix").pw_uid
        make_folder(Path(self.site.postfix.queue_dir) / "private", 0o700, owner)
        if said := self.check():
            raise ProgramError(f"Dovecot is not content with its files:\n{said}")

    def check(self) -> str:
        """What Dovecot finds wrong with its files: nothing, if all is well."""
        return warnings_of(self.tool("doveconf", "-n"))

    def tool(self, name: str, *arguments: str) -> str:
        """What one of Dovecot's programs says about this instance."""
        return run(name, "-c", self.config, *arguments)

    @property
    def pid(self) -> int | None:
        return self._master.pid

    def start(self) -> None:
        listen = self.site.listen
        ports = [listen.imap, listen.imaps, listen.sieve]
        command = ["dovecot", "-F", "-c", self.config]
        self._master.start(command, lambda: takes_connections(ports))

    def stop(self) -> None:
        self._master.stop()
