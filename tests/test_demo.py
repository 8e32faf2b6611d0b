"""The demo, started as script/demo starts it: one command, and nothing is left of it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.private_slapd import free_port

PROJECT = Path(__file__).parent.parent
READY = "The panel is open"
SOON = 60


class Demo:
    """A demo on a port of its own, and what it has said so far."""

    def __init__(self, folder, *options):
        self.port = free_port()
        self.said = []
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "script.run_demo"),
                *("--port", str(self.port), "--folder", str(folder), *options),
            ],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def read_until(self, word):
        for line in self.process.stdout:
            self.said.append(line)
            if word in line:
                return
        pytest.fail("The demo ended early:\n" + "".join(self.said))

    def end(self):
        """What is left to say, and how it ended."""
        with self.process.stdout as rest:
            self.said.append(rest.read())
        return self.process.wait(SOON)

    @property
    def text(self):
        return "".join(self.said)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture
def demo(folder):
    demos = []

    def start(*options):
        demos.append(Demo(folder, *options))
        demos[-1].read_until(READY)
        return demos[-1]

    yield start
    for one in demos:
        if one.process.poll() is None:
            one.process.terminate()
            one.process.wait(SOON)
        one.process.stdout.close()


def family_of(pid):
    """The processes a process has started, and those they have started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for child in children for one in (child, *family_of(child))]


def lives(pid):
    return Path(f"/proc/{pid}").exists()


def status_of_sign_in(port):
    visit = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    visit.request("GET", "/sign-in/")
    status = visit.getresponse().status
    visit.close()
    return status


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_it_shows_the_logins_and_leaves_no_process(demo, ending):
    one = demo("--fresh")
    family = family_of(one.process.pid)
    assert len(family) >= 4, "slapd, gunicorn and its two workers"
    assert status_of_sign_in(one.port) == 200

    one.process.send_signal(ending)

    assert one.end() == 0
    assert "Loading the sample site" in one.text
    assert "demo-postmaster" in one.text
    assert not any(map(lives, family))


def test_the_next_start_is_quick_and_keeps_the_data_to_itself(demo, folder):
    before = time.monotonic()
    one = demo()

    # Two seconds, on a machine with nothing else to do.
    assert time.monotonic() - before < 20
    assert "Loading the sample site" not in one.text
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "secret.key").stat().st_mode & 0o777 == 0o600

    second = Demo(folder)

    assert second.end() == 1
    assert "running already" in second.text


def test_when_slapd_ends_the_demo_says_so_and_ends(demo):
    one = demo()
    family = family_of(one.process.pid)
    slapd = next(pid for pid in family if "slapd" in Path(f"/proc/{pid}/comm").read_text())

    os.kill(slapd, signal.SIGKILL)

    assert one.end() == 1
    assert "slapd ended by itself" in one.text
    assert not any(map(lives, family))


def test_a_taken_port_is_a_sentence(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        one = Demo(folder, "--port", str(port))
        assert one.end() == 1

    assert one.text == f"Port {port} is taken. Choose another: script/demo --port {port + 1}\n"


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear Ingrid")

    one = Demo(tmp_path, "--fresh")

    assert one.end() == 1
    assert "left alone" in one.text
    assert (tmp_path / "letter.txt").exists()
