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
from script.demo_mail import forget_mail, need_root, show_mail, started_mail
from script.demo_servers import Trouble, started_panel, started_slapd
from script.sample_site import LOGINS


def main():
    options = asked_for()
    stopping = threading.Event()
    # The handler only notes the wish: nothing is started or stopped halfway.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    try:
        if options.mail:
            need_root()
        with only_one(options.folder), ExitStack() as servers:
            need_free_port(options.port)
            prepare(options.folder, options.fresh)
            run(options, servers, stopping)
    except (Trouble, ProgramError) as trouble:
        # Ctrl-C reaches whatever just ran, too; that it failed is then no news.
        if not stopping.is_set():
            sys.exit(f"{trouble}")


def asked_for():
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__.splitlines()[0])
    parser.add_argument("--fresh", action="store_true", help="begin anew with the sample site")
    parser.add_argument("--port", type=int, default=8000, help="serve the panel here (8000)")
    parser.add_argument(
        "--mail", action="store_true", help="start Postfix and Dovecot too; takes root"
    )
    parser.add_argument(
        "--folder", type=Path, help="keep the data here (var/demo, or var/demo-mail with --mail)"
    )
    options = parser.parse_args()
    # Folders of their own: what root has made is closed to a user who starts the demo without mail.
    options.folder = options.folder or Path("var/demo-mail" if options.mail else "var/demo")
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
        forget_mail(folder)
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, exist_ok=True)
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(50))


def run(options, servers, stopping):
    slapd = servers.enter_context(started_slapd(options.folder))
    running, mail, welcome_smtp = [slapd], None, ""
    if options.mail and not stopping.is_set():
        mail, mail_servers = servers.enter_context(started_mail(options.folder, slapd))
        running += mail_servers
        welcome_smtp = f"127.0.0.1:{mail.site.listen.smtp}"
    if stopping.is_set():
        return
    panel = started_panel(options.folder, slapd, options.port, stopping, welcome_smtp)
    running.append(servers.enter_context(panel))
    if not stopping.is_set():
        show_logins(options.port)
        if mail:
            show_mail(mail)
    while not stopping.wait(0.3):
        for server in running:
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
