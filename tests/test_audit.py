"""A known hole in a locked version stops script/test; that nobody answers does not."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.served import PROJECT

HOLE = {
    "id": "PYSEC-2026-1",
    "schema_version": "1.4.0",
    "summary": "A hole",
    "affected": [
        {
            "package": {"name": "idna", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"fixed": "99.1"}]}],
        }
    ],
}


class Advisories(BaseHTTPRequestHandler):
    """Speaks as api.osv.dev does (https://google.github.io/osv.dev/post-v1-query/)."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        holed = asked["package"]["name"] in self.server.holed
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"vulns": [HOLE]} if holed else {}).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def advisories():
    with ThreadingHTTPServer(("127.0.0.1", 0), Advisories) as server:
        server.holed = set()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def audit(port):
    command = [sys.executable, "-m", "script.audit", "requirements.lock"]
    command += ["--osv-url", f"http://127.0.0.1:{port}/v1/query"]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_no_known_hole_passes(advisories):
    done = audit(advisories.server_port)

    assert (done.returncode, done.stderr) == (0, "")
    assert "packages of requirements.lock have no known hole" in done.stdout


def test_a_known_hole_fails_and_says_which_version_mends_it(advisories):
    advisories.holed.add("idna")
    done = audit(advisories.server_port)

    assert done.returncode == 1
    assert "idna" in done.stdout
    assert "PYSEC-2026-1, mended in 99.1" in done.stdout


def test_no_answer_is_a_sentence(advisories):
    closed = advisories.server_port
    advisories.shutdown()
    advisories.server_close()
    done = audit(closed)

    assert done.returncode == 0
    assert done.stdout.startswith("Nobody says here")
