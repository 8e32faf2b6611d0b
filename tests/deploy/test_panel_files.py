"""The panel behind nginx, started as its unit says, from the emitted files alone."""

import http.client
import os
import secrets
import shlex
import ssl
import stat
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.check_panel import check_panel, nginx_below, panel_below
from deploy.check_servers.checks import State, answers
from deploy.check_servers.every import SYSTEMS
from deploy.check_servers.target import Target
from deploy.children import Child, takes_connections
from deploy.emit import emit, rendered
from deploy.private_slapd import PrivateSlapd
from deploy.programs import program, run
from deploy.site import Directory, Panel, Passwords, Site, SiteError

HSTS = "max-age=31536000; includeSubDomains; preload"


def texts(site):
    return {file.path: file.text for file in rendered("panel", site)}


def test_systemd_and_nginx_have_no_complaint():
    assert check_panel(Site()) == ["systemd-analyze and nginx have no complaint"]


def test_systemd_is_heard_when_a_directive_is_misspelt(tmp_path):
    site = panel_below(Site(), tmp_path)
    emit(["panel"], site, tmp_path)
    unit = tmp_path / "etc/systemd/system/vmail-admin.service"
    unit.write_text(unit.read_text().replace("ProtectHome=", "ProtectHomes="))

    assert "ProtectHomes" in run("systemd-analyze", "verify", "--man=no", str(unit))


def test_the_settings_are_for_root_and_the_panel_alone():
    modes = {file.path: file.mode for file in rendered("panel", Site())}

    assert modes["etc/vmail-admin/panel.env"] == 0o640


def test_the_settings_follow_the_facts():
    site = Site(
        suffix="o=acme",
        panel=Panel(host="panel.acme.test"),
        passwords=Passwords(min_length=14),
        directory=Directory(uris=("ldaps://a.acme.test", "ldaps://b.acme.test"), ca="/etc/ca.pem"),
    )
    assert {
        "VMAIL_HOSTS=panel.acme.test",
        "VMAIL_DIRECTORY_SUFFIX=o=acme",
        "VMAIL_DIRECTORY_URI=ldaps://a.acme.test ldaps://b.acme.test",
        "VMAIL_DIRECTORY_CA_FILE=/etc/ca.pem",
        "VMAIL_PASSWORD_MIN_LENGTH=14",
    } <= set(texts(site)["etc/vmail-admin/panel.env"].splitlines())


def test_on_postgresql_the_url_is_handed_over_as_the_key_is_and_no_file_is_made():
    emitted = texts(Site(panel=Panel(database="postgresql")))
    unit = emitted["etc/systemd/system/vmail-admin.service"].splitlines()

    assert "LoadCredential=database-url:/etc/vmail-admin/database-url" in unit
    assert "Environment=DATABASE_URL_FILE=%d/database-url" in unit
    assert "panel.sqlite3" not in emitted["etc/tmpfiles.d/vmail-admin.conf"]
    assert "DATABASE_URL" not in "".join(texts(Site()).values())
    assert check_panel(Site(panel=Panel(database="postgresql")))


def test_systemd_makes_the_user_and_the_folders(tmp_path):
    emit(["panel"], Site(), tmp_path)
    (tmp_path / "etc/group").write_text("root:x:0:\nadm:x:4:\n")
    (tmp_path / "etc/passwd").write_text("root:x:0:0::/root:/bin/sh\nwww-data:x:33:4::/:/bin/sh\n")

    run("systemd-sysusers", f"--root={tmp_path}", "vmail-admin.conf")
    run("systemd-tmpfiles", "--create", f"--root={tmp_path}", "vmail-admin.conf")

    assert "\nvmail-admin:" in (tmp_path / "etc/passwd").read_text()
    state = tmp_path / "var/lib/vmail-admin"
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in [state, *state.iterdir()]}
    assert modes == {"vmail-admin": 0o711, "static": 0o755, "panel.sqlite3": 0o600}


def test_logrotate_reads_its_file(tmp_path):
    emit(["panel"], replace(Site(), panel=Panel(log_dir=str(tmp_path))), tmp_path)
    rules = tmp_path / "etc/logrotate.d/vmail-admin"

    said = run("logrotate", "--debug", f"--state={tmp_path}/state", str(rules))

    assert "error" not in said.lower()
    assert "(14 rotations)" in said


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"host": "panel"}, "panel.host"),
        ({"user": "root user"}, "panel.user"),
        ({"folder": "opt/panel"}, "panel.folder"),
        ({"tls_key": "/etc/key.pem"}, "panel.tls_certificate"),
        ({"tls_certificate": "/etc/cert.pem"}, "panel.tls_key"),
        ({"http_port": 443}, "panel.https_port"),
        ({"workers": 0}, "panel.workers"),
        ({"database": "mysql"}, "panel.database"),
        ({"second_factor": "users"}, "panel.second_factor"),
        ({"metrics": "127.0.0.1"}, "panel.metrics"),
        ({"metrics": ["192.0.2.7/24"]}, "panel.metrics"),
        ({"metrics": ["127.0.0.1\nX=1"]}, "panel.metrics"),
    ],
)
def test_a_wrong_fact_is_an_error_with_its_key(table, key):
    with pytest.raises(SiteError) as error:
        Site.from_table({"panel": table})
    assert error.value.key == key


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
        time.sleep(1.1)  # an answer of /readyz is good for a second
        assert states(served) == [(State.PASS, ""), (State.FAIL, "directory: no answer")]
    finally:
        slapd.start()


def test_only_who_is_named_reads_the_numbers_through_nginx(served):
    served.ask("/sign-in/")
    text = served.ask("/metrics", X_Forwarded_For="192.0.2.9").body.decode()

    assert 'vmail_requests_total{status="200",view="sign-in"}' in text
    assert "/metrics" not in (served.folder / "log/access.log").read_text()


def test_the_log_names_what_was_asked(served):
    log = served.folder / "log/access.log"
    end = time.monotonic() + 30
    while "GET /sign-in/" not in log.read_text() and time.monotonic() < end:
        time.sleep(0.05)

    assert "GET /sign-in/" in log.read_text()
