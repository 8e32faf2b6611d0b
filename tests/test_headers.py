"""What every answer tells the browser: load nothing foreign, frame nothing, remember https."""

import os
import re
import secrets
import subprocess
import sys

import pytest
from django.conf import settings as panel
from django.test import Client

from tests.served import PROJECT
from tests.walk import FOR_MACHINES, every_url
from tests.world import word
from vmail_admin.feedback import way_back

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
)


def test_every_answer_carries_them(kept, rita):
    for name, path in every_url().items():
        if name in FOR_MACHINES:
            continue  # no browser shows these; tests/test_health.py has their headers
        answer = rita.get(path)
        assert {header: answer.headers.get(header) for header in HEADERS} == HEADERS, name


@pytest.mark.parametrize("path", ["/nowhere/", "/accounts/nobody@nowhere.test/", "/sign-in/"])
def test_so_do_pages_for_strangers_and_for_what_is_not_there(stranger, path):
    answer = stranger.get(path)

    assert {header: answer.headers.get(header) for header in HEADERS} == HEADERS


def test_so_does_a_failure(settings, panel_at):
    panel_at(timeout="four")
    client = Client(raise_request_exception=False)
    answer = client.post("/sign-in/", {"login": "rita", "password": word("rita")})

    assert answer.status_code == 500
    assert answer.headers["Content-Security-Policy"] == POLICY


def test_no_page_holds_what_the_policy_forbids(kept, rita):
    for name, path in every_url().items():
        answer = rita.get(path)
        if answer.headers["Content-Type"].startswith("text/html"):
            assert INLINE.findall(answer.content.decode()) == [], name


def test_pages_of_a_person_stay_in_no_cache(pia):
    for path in ("/domains/example.test/", "/me/", "/accounts/alice@example.test/"):
        assert "no-store" in pia.get(path).headers["Cache-Control"]


# --- over https, as everywhere but in the demo


@pytest.fixture
def https(tmp_path):
    """A process of its own, with the settings of a real site."""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "vmail_admin.settings",
        "VMAIL_SECRET_KEY": secrets.token_urlsafe(50),
        "VMAIL_STATE_DIR": str(tmp_path),
        "VMAIL_HTTPS": "yes",
        "VMAIL_HOSTS": "panel.example",
    }

    def run(*words):
        return subprocess.run(
            [sys.executable, *words],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )

    return run


def test_djangos_own_check_of_a_deployment_finds_nothing(https):
    done = https("manage.py", "check", "--deploy")

    assert done.stdout.strip() == "System check identified no issues (0 silenced)."
    assert done.stderr == ""


ASK = """
import django; django.setup()
from django.core.management import call_command
from django.test import Client
call_command("collectstatic", interactive=False, verbosity=0)
for secure in (False, True):
    answer = Client(headers={"host": "panel.example"}).get("/sign-in/", secure=secure)
    print(answer.status_code, answer.headers.get("Location"))
print(answer.headers["Strict-Transport-Security"])
print([bool(morsel["secure"]) for morsel in answer.cookies.values()])
print(Client(headers={"host": "evil.example"}).get("/sign-in/", secure=True).status_code)
"""


def test_https_is_all_there_is(https):
    assert https("-c", ASK).stdout.splitlines() == [
        "301 https://panel.example/sign-in/",
        "200 None",
        "max-age=31536000; includeSubDomains; preload",
        "[True]",
        "400",
    ]


def test_sessions_are_kept_in_a_database_that_reads_beside_a_writer(world):
    from django.db import connection

    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA secure_delete").fetchone() == (1,)
    assert panel.SESSION_ENGINE == "vmail_admin.signing_in.store"


# --- the way back, and the theme


@pytest.mark.parametrize(
    "next_page",
    [
        *("https://evil.example/", "//evil.example/", "/\\evil.example", "http:evil.example"),
        *("javascript:alert(1)", "\x00/", "///evil.example", "evil.example", "", "/" * 3000),
    ],
)
def test_the_way_back_never_leads_out(rf, next_page):
    assert way_back(rf.post("/", {"next": next_page}), "/home/") == "/home/"


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_a_theme_is_remembered_by_the_browser(stranger, choice):
    answer = stranger.post("/theme/", {"choice": choice, "next": "/sign-in/"})

    assert answer.url == "/sign-in/"
    assert answer.cookies["vmail_theme"]["httponly"]
    assert f'data-theme="{choice}"' in stranger.get("/sign-in/").content.decode()


def test_the_systems_theme_is_no_choice(stranger):
    stranger.post("/theme/", {"choice": "dark"})
    stranger.post("/theme/", {"choice": "system"})

    assert "data-theme=" not in stranger.get("/sign-in/").content.decode()
    stranger.post("/theme/", {"choice": "<script>"})
    assert "data-theme=" not in stranger.get("/sign-in/").content.decode()
