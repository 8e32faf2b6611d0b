"""The two servers of the demo: a private slapd on the emitted files, and the panel in gunicorn."""

import http.client
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django
from django.core.management import call_command

from deploy.private_slapd import PrivateSlapd
from script.sample_site import load_sample, sample_site

PATIENCE = 30  # seconds for the panel's first answer
GOODBYE = 8  # seconds for it to end; gunicorn gives its workers 5


class Trouble(Exception):
    """The demo cannot go on; its text is for the person in front of it."""


@dataclass
class Server:
    """A running child: where it can be asked, and what it wrote."""

    name: str
    address: str
    pid: int
    log: Path
    ldap_uri: str = ""  # for those who cannot reach a socket of ours

    def need_alive(self):
        # WNOWAIT: whoever started it may still ask how it ended.
        if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            raise Trouble(f"{self.name} ended by itself. Its last words:\n{last_words(self.log)}")


def last_words(log):
    return "\n".join(log.read_text(errors="replace").splitlines()[-10:])


@contextmanager
def started_slapd(folder):
    """slapd on the data of the last demo, or on the sample site when there is none."""
    slapd = PrivateSlapd(folder / "slapd", sample_site())
    loaded = folder / "loaded"
    if not loaded.exists():
        print("Loading the sample site", flush=True)
        # Half of it may be there, from a start that was interrupted.
        slapd.clear()
        load_sample(slapd)
        loaded.touch()
    print(f"Starting slapd on {slapd.ldap_uri}", flush=True)
    with slapd:
        yield Server("slapd", slapd.ldapi_uri, slapd.pid, slapd.log_path, slapd.ldap_uri)


@contextmanager
def started_panel(folder, slapd, port, stopping, welcome_smtp=""):
    """gunicorn with the panel, once it answers."""
    print("Preparing the panel's database and static files", flush=True)
    prepare_panel(folder, slapd, welcome_smtp)
    print("Starting the panel", flush=True)
    log = folder / "gunicorn.log"
    with log.open("a") as output:
        # In a session of its own: the terminal's Ctrl-C is for the demo, which then asks politely.
        gunicorn = subprocess.Popen(
            gunicorn_command(port),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    panel = Server("The panel", f"127.0.0.1:{port}", gunicorn.pid, log)
    try:
        wait_for_answer(panel, stopping)
        yield panel
    finally:
        end(gunicorn)


def prepare_panel(folder, slapd, welcome_smtp):
    """What an administrator does by hand, in this process: Django is slow to start."""
    configure(os.environ, folder.resolve(), slapd.address)
    os.environ["VMAIL_WELCOME_SMTP"] = welcome_smtp
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def configure(environment, folder, directory_uri):
    """The panel's settings, and nothing of a panel configured elsewhere in this shell."""
    for name in [one for one in environment if one.startswith("VMAIL_")]:
        del environment[name]
    environment.update(
        DJANGO_SETTINGS_MODULE="vmail_admin.settings",
        VMAIL_SECRET_KEY_FILE=str(folder / "secret.key"),
        VMAIL_STATE_DIR=str(folder),
        VMAIL_HOSTS="localhost,127.0.0.1",
        VMAIL_HTTPS="no",
        VMAIL_DIRECTORY_URI=directory_uri,
    )


def gunicorn_command(port):
    return [
        *(sys.executable, "-m", "gunicorn", "vmail_admin.wsgi:application"),
        *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
        *("--config", "python:vmail_admin.running.gunicorn"),
        *("--workers", "2", "--threads", "100", "--graceful-timeout", "5"),
        *("--access-logfile", "-", "--no-control-socket", "--preload"),
    ]


def wait_for_answer(panel, stopping):
    """Until the sign-in page comes, or somebody wants to stop."""
    until = time.monotonic() + PATIENCE
    while not stopping.wait(0.1):
        panel.need_alive()
        if (status := answer_of(panel.address)) == 200:
            return
        if status or time.monotonic() > until:
            answer = f"answers {status}" if status else "does not answer"
            raise Trouble(f"The panel {answer}. Its last words:\n{last_words(panel.log)}")


def answer_of(address):
    """The status of the sign-in page, or None while nobody listens."""
    visit = http.client.HTTPConnection(address, timeout=5)
    try:
        visit.request("GET", "/sign-in/")
        return visit.getresponse().status
    except OSError:
        return None
    finally:
        visit.close()


def end(process):
    process.terminate()
    try:
        process.wait(GOODBYE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
