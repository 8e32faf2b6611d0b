"""The two servers of the demo: a private slapd on the emitted files, and the panel in gunicorn."""

import http.client
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

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
        yield Server("slapd", slapd.ldapi_uri, slapd.pid, slapd.log_path)


@contextmanager
def started_panel(folder, slapd, port, stopping):
    """gunicorn with the panel, once it answers."""
    print("Preparing the panel's database and static files", flush=True)
    environment = panel_environment(folder, slapd)
    for command in (["migrate"], ["collectstatic", "--no-input"]):
        manage(environment, *command)
    print("Starting the panel", flush=True)
    log = folder / "gunicorn.log"
    with log.open("a") as output:
        # In a session of its own: the terminal's Ctrl-C is for the demo, which then asks politely.
        gunicorn = subprocess.Popen(
            gunicorn_command(port),
            env=environment,
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


def panel_environment(folder, slapd):
    """The panel's settings, and nothing of a panel configured elsewhere in this shell."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("VMAIL_")}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "vmail_admin.settings",
        "VMAIL_SECRET_KEY_FILE": str(folder.resolve() / "secret.key"),
        "VMAIL_STATE_DIR": str(folder.resolve()),
        "VMAIL_HOSTS": "localhost,127.0.0.1",
        "VMAIL_HTTPS": "no",
        "VMAIL_DIRECTORY_URI": slapd.address,
    }


def manage(environment, *command):
    done = subprocess.run(
        [sys.executable, "manage.py", *command, "--verbosity=0"],
        env=environment,
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    if done.returncode:
        raise Trouble(f"manage.py {command[0]} failed:\n{done.stdout}{done.stderr}")


def gunicorn_command(port):
    return [
        *(sys.executable, "-m", "gunicorn", "vmail_admin.wsgi:application"),
        *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
        *("--workers", "2", "--threads", "4", "--graceful-timeout", "5"),
        *("--access-logfile", "-", "--no-control-socket"),
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
