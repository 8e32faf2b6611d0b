"""Postfix of one's own, below a folder."""

import pwd
from pathlib import Path

from .children import Child, greets
from .private_files import make_folder, need_root, self_signed, warnings_of, write_files
from .programs import ProgramError, program, run, run_quietly
from .site import Site

USER = "postfix"


class PrivatePostfix:
    """Postfix on the emitted files of a site whose paths and ports are private."""

    def __init__(self, folder: Path, site: Site):
        need_root("Postfix")
        self.site = site
        self.config_dir = site.postfix.config_dir
        self.log_path = Path(site.postfix.log_file)
        self._master = Child("Postfix", self.log_path)
        self._prepare(folder)

    def _prepare(self, folder: Path) -> None:
        write_files("postfix", self.site, folder, group=USER)
        self_signed(self.site)
        make_folder(Path(self.site.postfix.queue_dir), 0o755)
        make_folder(Path(self.site.postfix.data_dir), 0o700, uid=pwd.getpwnam(USER).pw_uid)
        make_folder(self.log_path.parent, 0o755)
        aliases = f"{self.site.postfix.table_type}:{self.site.postfix.aliases}"
        self.tool("postalias", aliases)
        if said := self.check():
            raise ProgramError(f"Postfix is not content with its files:\n{said}")

    def tool(self, name: str, *arguments: str) -> str:
        """What one of Postfix's programs says about this instance."""
        return run(name, "-c", self.config_dir, *arguments)

    def check(self) -> str:
        """What Postfix finds wrong with its files: nothing, if all is well."""
        words = self.tool("postfix", "check").splitlines()
        # Debian 13's says what it copies for servers in a chroot, whether there are any or not.
        found = [line for line in words if not line.startswith("updating /")]
        return "\n".join(filter(None, [*found, warnings_of(self.tool("postconf", "-n"))]))

    def look_up(self, table: str, key: str) -> str | None:
        """What one of the look-ups answers, as postmap -q does; None where it finds nothing."""
        file = f"ldap:{self.config_dir}/ldap/{table}.cf"
        command = [program("postmap"), "-c", self.config_dir, "-q", key, file]
        done = run_quietly(command, None)
        if done.returncode and done.stdout:
            raise ProgramError(f"postmap failed: {done.stdout.strip()}")
        return None if done.returncode else done.stdout.rstrip("\n")

    @property
    def pid(self) -> int | None:
        return self._master.pid

    def start(self) -> None:
        smtp = self.site.listen.smtp
        # As "postfix start-fg" does, less the shell in between that would outlive us.
        folder = self.tool("postconf", "-h", "daemon_directory").strip()
        command = [f"{folder}/master", "-c", self.config_dir, "-s"]
        self._master.start(command, lambda: greets(smtp, b"220"))

    def reload(self) -> None:
        """Forget what processes remember of earlier answers."""
        self.tool("postfix", "reload")

    def flush(self) -> None:
        """Try again at once to deliver what waits in the queue."""
        self.tool("postqueue", "-f")

    def stop(self) -> None:
        self._master.stop()
