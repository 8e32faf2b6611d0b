"""The panel in gunicorn, as a child process, and a browser that keeps cookies."""

import http.client
import os
import re
import secrets
import select
import subprocess
import sys
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from deploy.private_slapd import free_port

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE = 30  # seconds for the first answer
GOODBYE = 30  # seconds to end


class Served:
    """gunicorn with the panel, below a folder. ``environment`` is added to the panel's settings."""

    def __init__(self, folder, directory_uri, workers=2, threads=4, **environment):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "static").mkdir(exist_ok=True)
        self.port = free_port()
        self._browsers = []
        self.log_path = self.folder / "gunicorn.log"
        self.size = ["--workers", str(workers), "--threads", str(threads)]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("VMAIL_")},
            "DJANGO_SETTINGS_MODULE": "tests.probe_settings",
            "VMAIL_SECRET_KEY": secrets.token_urlsafe(50),
            "VMAIL_STATE_DIR": str(self.folder),
            "VMAIL_HOSTS": "127.0.0.1",
            "VMAIL_HTTPS": "no",
            "VMAIL_DIRECTORY_URI": directory_uri,
            **environment,
        }

    def __enter__(self):
        python = sys.executable
        migrate = [python, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=PROJECT, env=self.environment, check=True)
        command = [
            *(python, "-m", "gunicorn", "vmail_admin.wsgi:application", "--preload"),
            *("--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread", *self.size),
            *("--access-logfile", "-", "--no-control-socket", "--graceful-timeout", "3"),
            # Longer than a test under load rests: a browser that sends at the end would be cut off.
            *("--keep-alive", "60"),
            *("--config", "python:vmail_admin.running.gunicorn"),
        ]
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment, stdout=log, stderr=log
            )
        self._wait()
        return self

    def _wait(self):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log_path.read_text()
            try:
                if self.browser().get("/sign-in/").status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self.log_path.read_text())

    def workers(self):
        """The processes that answer, by their numbers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in children.read_text().split()}

    def browser(self):
        """A stranger's, until somebody signs in with it. Closed when the panel ends."""
        self._browsers.append(Browser(self.port))
        return self._browsers[-1]

    def close_browsers(self):
        for browser in self._browsers:
            browser.close()
        self._browsers.clear()

    def __exit__(self, *_):
        self.close_browsers()
        self.process.terminate()
        try:
            self.process.wait(GOODBYE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Answer:
    """What came back: ``status``, ``headers``, ``text`` and how many ``seconds`` it took."""

    def __init__(self, response, began):
        self.status, self.headers = response.status, response.headers
        self.text = response.read().decode(errors="replace")
        self.seconds = time.monotonic() - began


def hung_up(wire):
    """Whether the panel has closed a connection that was idle: browsers look before they send."""
    if wire is None:
        return False
    waiting = select.poll()  # select() takes no descriptor above 1023
    waiting.register(wire, select.POLLIN)
    return bool(waiting.poll(0))


class Browser:
    """One person's browser: one connection, and the cookies of one session."""

    def __init__(self, port):
        self.port = port
        self.cookies = {}
        self._wire = None

    def get(self, path):
        return self._ask("GET", path)

    def post(self, path, **fields):
        if "vmail_csrf" not in self.cookies:
            self.get("/sign-in/")
        body = urlencode({"csrfmiddlewaretoken": self.cookies["vmail_csrf"], **fields})
        return self._ask("POST", path, body)

    def sign_in(self, login, password):
        answer = self.post("/sign-in/", login=login, password=password)
        assert answer.status == 302, answer.text
        return self

    def _ask(self, method, path, body=None):
        began = time.monotonic()
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self._wire is None or hung_up(self._wire.sock):
            self.close()
            self._wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            self._wire.request(method, path, body, headers)
            answer = Answer(self._wire.getresponse(), began)
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        self._take_cookies(answer.headers)
        return answer

    def close(self):
        if self._wire is not None:
            self._wire.close()
        self._wire = None

    def _take_cookies(self, headers):
        for line in headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                if re.search(r"max-age=0", line, re.IGNORECASE):
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
