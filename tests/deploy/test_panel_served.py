"""The panel behind nginx, started as its unit says, from the emitted files alone."""

import http.client
import os
import secrets
import shlex
import ssl
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.check_panel import nginx_below, panel_below
from deploy.check_servers.checks import State, answers
from deploy.check_servers.every import SYSTEMS
from deploy.check_servers.target import Target
from deploy.children import Child, takes_connections
from deploy.emit import emit
from deploy.private_slapd import PrivateSlapd
from deploy.programs import program
from deploy.site import Directory, Panel, Site
from tests.beyond.copies import within

HSTS = "max-age=31536000; includeSubDomains; preload"
PATIENCE = 30  # seconds for what comes in its own time


def words_of(unit, directive):
    """The commands of a unit, as systemd splits them."""
    lines = unit.read_text().splitlines()
    return [shlex.split(line.partition("=")[2]) for line in lines if line.startswith(directive)]


def environment_of(folder):
    """What systemd would give the panel."""
    lines = (folder / "etc/vmail-admin/panel.env").read_text().splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    key = folder / "secret-key"
    key.write_text(secrets.token_urlsafe(50))
    return {"PATH": os.environ["PATH"], "VMAIL_SECRET_KEY_FILE": str(key), **dict(pairs)}


class Served:
    """nginx on loopback, and gunicorn behind it."""

    def __init__(self, site, folder):
        self.site = site
        self.folder = folder

    def ask(self, path, method="GET", secure=True, **headers):
        host, panel = self.site.web_host, self.site.panel
        if secure:
            trust = ssl.create_default_context(cafile=self.site.tls.certificate)
            connection = http.client.HTTPSConnection("localhost", panel.https_port, context=trust)
        else:
            connection = http.client.HTTPConnection("localhost", panel.http_port)
        with closing(connection):
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers={"Host": host} | names)
            answer = connection.getresponse()
            answer.body = answer.read()
            return answer


@pytest.fixture(scope="module")
def slapd(tmp_path_factory):
    slapd = PrivateSlapd(tmp_path_factory.mktemp("slapd"), Site(), fast=True)
    slapd.load(slapd.base_ldif)
    with slapd:
        yield slapd


@pytest.fixture(scope="module")
def served(tmp_path_factory, slapd):
    folder = tmp_path_factory.mktemp("panel")
    here = Site(directory=Directory(uris=(slapd.ldap_uri,)), panel=Panel(metrics=("127.0.0.1",)))
    site = panel_below(here, folder)
    emit(["panel"], site, folder)
    unit = folder / "etc/systemd/system/vmail-admin.service"
    given = environment_of(folder)
    for command in words_of(unit, "ExecStartPre="):
        subprocess.run(command, env=given, cwd=site.panel.folder, check=True, capture_output=True)
    gunicorn = Child("gunicorn", folder / "gunicorn.log")
    nginx = Child("nginx", folder / "nginx.log")
    passed = [word for name in given for word in ("-E", f"{name}={given[name]}")]
    [start] = words_of(unit, "ExecStart=")
    socket = Path(site.panel.socket)
    activate = ["systemd-socket-activate", "-l", str(socket), *passed]
    try:
        gunicorn.start(
            ["env", f"--chdir={site.panel.folder}", *activate, *start], ready=socket.exists
        )
        ports = [site.panel.http_port, site.panel.https_port]
        command = [program("nginx"), "-p", str(folder), "-c", str(nginx_below(folder))]
        # The folders of tests are closed to nginx's own user.
        as_me = "user root; " if os.geteuid() == 0 else ""
        words = [*command, "-g", f"{as_me}daemon off;"]
        nginx.start(words, ready=lambda: takes_connections(ports))
        yield Served(site, folder)
    finally:
        nginx.stop()
        gunicorn.stop()


def test_a_browser_is_sent_on_to_https(served):
    answer = served.ask("/domains/?page=2", secure=False)

    port = served.site.panel.https_port
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{served.site.web_host}:{port}/domains/?page=2"


def test_the_panel_answers_over_https_and_knows_it(served):
    answer = served.ask("/sign-in/")

    assert answer.status == 200
    assert answer.headers.get_all("Strict-Transport-Security") == [HSTS]
    assert "Secure" in answer.headers["Set-Cookie"]


def test_djangos_own_check_of_a_deployment_finds_nothing(served):
    """With the settings as emitted, and not a word besides."""
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        cwd=served.site.panel.folder,
        env=environment_of(served.folder),
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "System check identified no issues (0 silenced)."
    assert done.stderr == ""


def test_what_a_browser_says_about_its_way_is_not_believed(served):
    answer = served.ask("/sign-in/", X_Forwarded_Proto="http", X_Forwarded_Host="evil.test")

    assert answer.status == 200


def test_another_name_is_refused(served):
    assert served.ask("/sign-in/", Host="evil.test").status == 400


def test_nginx_serves_the_static_files_for_a_year(served):
    page = served.ask("/sign-in/").body.decode()
    sheet = next(part for part in page.split('"') if part.startswith("/static/css/"))

    answer = served.ask(sheet, Accept_Encoding="gzip")

    assert answer.status == 200
    assert answer.headers["Server"] == "nginx"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Strict-Transport-Security"] == HSTS


def test_pages_are_not_compressed_whatever_debians_nginx_would_do(served):
    """Their length would tell what stands in them."""
    answer = served.ask("/sign-in/?next=/domains/", Accept_Encoding="gzip, br")

    assert answer.status == 200
    assert "Content-Encoding" not in answer.headers


def test_the_database_of_sessions_is_not_served(served):
    assert served.ask("/static/../panel.sqlite3").status in (400, 404)
    assert served.ask("/static/%2e%2e/panel.sqlite3").status in (302, 400, 404)


def test_guessing_passwords_is_slowed_down(served):
    answers = [served.ask("/sign-in/", method="POST").status for _ in range(30)]

    assert 429 in answers
    assert served.ask("/sign-in/").status == 200


def target_of(served):
    tls = replace(served.site.tls, ca=served.site.tls.certificate)
    return Target(site=replace(served.site, tls=tls), address="localhost")


def states(served):
    return [(one.state, one.detail) for one in answers(SYSTEMS["panel"], target_of(served))]


def test_check_servers_asks_the_panel_whether_it_is_ready(served, slapd):
    assert states(served) == [(State.PASS, "")] * 2
    slapd.stop()
    try:
        # An answer of /readyz is good for a second.
        away = [(State.PASS, ""), (State.FAIL, "directory: no answer")]
        assert within(PATIENCE, lambda: states(served) == away)
    finally:
        slapd.start()


def test_only_who_is_named_reads_the_numbers_through_nginx(served):
    served.ask("/sign-in/")
    text = served.ask("/metrics", X_Forwarded_For="192.0.2.9").body.decode()

    assert 'vmail_requests_total{status="200",view="sign-in"}' in text
    assert "/metrics" not in (served.folder / "log/access.log").read_text()


def test_the_log_names_what_was_asked(served):
    log = served.folder / "log/access.log"

    assert within(PATIENCE, lambda: "GET /sign-in/" in log.read_text())
