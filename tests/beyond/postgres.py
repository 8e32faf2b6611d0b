"""A PostgreSQL of one's own below a folder, never the system's: the cluster and its server."""

import os
import secrets
import shutil
import signal
from pathlib import Path

import psycopg

from deploy.children import Child
from deploy.private_slapd import free_port
from deploy.programs import run

USER = DATABASE = "vmail"


class PrivatePostgres:
    """On a loopback port and behind a password. Root starts it as the user postgres.

    It waits for no disk: what it holds need not outlive the machine.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.port = free_port()
        self.password = f"p%40ss/{secrets.token_hex(8)}"
        self.data = self.folder / "data"
        self._server = Child("postgres", self.folder / "postgres.log")

    @property
    def url(self):
        quoted = self.password.replace("%", "%25").replace("/", "%2F")
        return f"postgresql://{USER}:{quoted}@127.0.0.1:{self.port}/{DATABASE}"

    def __enter__(self):
        self.folder.mkdir(mode=0o711)
        self.data.mkdir(mode=0o700)
        word = self.folder / "word"
        word.write_text(self.password)
        if as_postgres():
            for path in (self.data, word):
                shutil.chown(path, "postgres", "postgres")
        words = ["-D", str(self.data), "-U", USER, "--pwfile", str(word), "--auth=scram-sha-256"]
        run(*as_postgres(), program("initdb"), *words, "--encoding=UTF8", "--no-sync")
        word.unlink()
        self.start()
        with self.asked("postgres") as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        return self

    def start(self):
        words = ["-D", str(self.data), "-p", str(self.port), "-k", "", "-h", "127.0.0.1"]
        command = [*as_postgres(), program("postgres"), *words, "-F", "-N", "60"]
        self._server.start(command, ready=self._answers)

    def stop(self):
        """At once (PostgreSQL's fast shutdown), for panels stay connected."""
        os.kill(self._server.pid, signal.SIGINT)
        self._server.stop()

    @property
    def pids(self):
        """Of the server, and of those that serve a connection each."""
        server = self._server.pid
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        return [server, *map(int, children)]

    def __exit__(self, *_):
        self.stop()

    def asked(self, database=DATABASE):
        """A connection, in which each statement counts at once."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=self.password,
            dbname=database,
            autocommit=True,
            connect_timeout=2,
        )

    def _answers(self):
        try:
            self.asked("postgres").close()
        except psycopg.OperationalError:
            return False
        return True


def program(name):
    """Debian keeps them out of the way, one folder for each version."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


def as_postgres():
    """PostgreSQL does not run as root."""
    if os.geteuid():
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
