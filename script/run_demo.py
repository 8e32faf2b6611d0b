"""Runs the panel on a private slapd until it is told to stop; script/demo prepares the machine.

Everything it makes lies below one folder. Both servers are children of this
process: on Ctrl-C, and when one of them ends, it stops what is left and ends.
"""

import argparse
import fcntl
import secrets
import shutil
import signal
import socket
import sys
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path

from deploy.programs import ProgramError
from script.demo_servers import Trouble, started_panel, started_slapd
from script.sample_site import LOGINS


def main():
    options = asked_for()
    stopping = threading.Event()
    # The handler only notes the wish: nothing is started or stopped halfway.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    try:
        with only_one(options.folder), ExitStack() as servers:
            need_free_port(options.port)
            prepare(options.folder, options.fresh)
            run(options.folder, options.port, servers, stopping)
    except (Trouble, ProgramError) as trouble:
        # Ctrl-C reaches whatever just ran, too; that it failed is then no news.
        if not stopping.is_set():
            sys.exit(f"{trouble}")


def asked_for():
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__.splitlines()[0])
    parser.add_argument("--fresh", action="store_true", help="begin anew with the sample site")
    parser.add_argument("--port", type=int, default=8000, help="serve the panel here (8000)")
    parser.add_argument(
        "--folder", type=Path, default=Path("var/demo"), help="keep the data here (var/demo)"
    )
    options = parser.parse_args()
    if not 1 <= options.port <= 65535:
        parser.error("a port is a number from 1 to 65535")
    return options


@contextmanager
def only_one(folder):
    """Two demos on one database would spoil it. The lock is beside the folder, for --fresh."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble("The demo of this folder is running already.") from None
        yield


def need_free_port(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Trouble(f"Port {port} is root's. Choose one from 1024 on.") from None
        except OSError:
            raise Trouble(
                f"Port {port} is taken. Choose another: script/demo --port {port + 1}"
            ) from None


def prepare(folder, fresh):
    key = folder / "secret.key"
    if folder.exists() and not key.exists() and any(folder.iterdir()):
        raise Trouble(f"{folder} holds something else than a demo. It is left alone.")
    if fresh and folder.exists():
        print("Removing the data of the last demo", flush=True)
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, exist_ok=True)
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(50))


def run(folder, port, servers, stopping):
    slapd = servers.enter_context(started_slapd(folder))
    if stopping.is_set():
        return
    panel = servers.enter_context(started_panel(folder, slapd, port, stopping))
    if not stopping.is_set():
        show_logins(port)
    while not stopping.wait(0.3):
        for server in (slapd, panel):
            server.need_alive()
    print("\nStopping", flush=True)


def show_logins(port):
    print(f"\nThe panel is open at http://127.0.0.1:{port}/  Ctrl-C stops it.\n")
    rows = [("Role", "Sign in as", "Password"), *LOGINS]
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(size) for cell, size in zip(row, wide, strict=True))
        print("  " + "  ".join(cells).rstrip())
    print(flush=True)


if __name__ == "__main__":
    main()
