"""One line for each request, a name that leads to it, and no person in it."""

import logging
import re

import pytest
from django.conf import settings
from django.test import Client

from tests.world import word
from vmail_admin.running.lines import WithRequest, about

NAME = re.compile(r"[0-9a-f]{16}")
LINE = re.compile(r"GET address-list status=200 ms=\d+\.\d ldap=(\d+) ldap_ms=\d+\.\d")


@pytest.fixture
def lines(caplog):
    """What the panel writes about requests, formatted as it will stand in the log."""
    caplog.handler.addFilter(WithRequest())
    style = settings.LOGGING["formatters"]["line"]
    caplog.handler.setFormatter(logging.Formatter(style["format"], style=style["style"]))
    caplog.set_level(logging.INFO)

    def written():
        return caplog.text.splitlines()

    return written


def about_requests(lines):
    return [line for line in lines() if " vmail_admin.requests " in line]


def test_a_page_leaves_one_line_with_its_operations_and_times(pia, lines):
    answer = pia.get("/domains/example.test/")

    [line] = about_requests(lines)
    assert f" {answer.headers['X-Request-ID']} " in line
    assert int(LINE.search(line)[1]) >= 4


def test_the_line_names_no_person_and_no_address(pia, lines):
    pia.get("/accounts/alice@example.test/")
    pia.get("/domains/example.test/?search=alice")

    text = "".join(about_requests(lines))
    assert "account-edit" in text
    assert not re.search(r"alice|pia|example\.test", text)


def test_each_request_has_a_name_of_its_own_whatever_the_browser_calls_it(stranger):
    names = [
        stranger.get("/sign-in/", headers={"X-Request-ID": "f" * 16}).headers["X-Request-ID"]
        for _ in range(3)
    ]

    assert all(NAME.fullmatch(name) for name in names)
    assert len({*names, "f" * 16}) == 4


def test_where_there_is_no_page_the_line_says_no_path(pia, lines):
    answer = pia.get("/nowhere/alice@example.test/")

    [line] = about_requests(lines)
    assert "GET - status=404" in line
    assert answer.headers["X-Request-ID"] in answer.content.decode()


def test_an_error_page_shows_the_name_that_the_error_in_the_log_carries(panel_at, world, lines):
    panel_at(timeout="four")
    client = Client(raise_request_exception=False)
    page = client.post("/sign-in/", {"login": "rita", "password": word("rita")})

    name = page.headers["X-Request-ID"]
    assert page.status_code == 500
    assert f"name this: <code>{name}</code>" in page.content.decode()
    assert [line for line in lines() if " ERROR " in line and f" {name} " in line]


@pytest.mark.parametrize(
    ("path", "status"), [("/accounts/carol@other.test/", 404), ("/domains/other.test/edit/", 404)]
)
def test_so_do_refusals(pia, path, status):
    page = pia.get(path)

    assert page.status_code == status
    assert page.headers["X-Request-ID"] in page.content.decode()


def test_a_request_that_is_not_understood_is_answered_in_the_panels_own_words(stranger):
    page = stranger.get("/sign-in/", headers={"host": "evil.test"})

    assert page.status_code == 400
    assert page.headers["X-Request-ID"] in page.content.decode()


def test_a_page_that_failed_is_named_without_its_path(pia, lines, panel_at):
    pia.raise_request_exception = False
    panel_at(timeout="four")
    failed = pia.get("/accounts/alice@example.test/")
    panel_at()
    panel_at("ldapi://%2Fnowhere")
    away = pia.get("/accounts/alice@example.test/")

    assert (failed.status_code, away.status_code) == (500, 503)
    said = [line for line in lines() if " django.request " in line]
    assert "Internal Server Error: account-edit" in said[0]
    assert "Service Unavailable: account-edit" in said[-1]
    assert f" {failed.headers['X-Request-ID']} " in said[0]
    assert f" {away.headers['X-Request-ID']} " in said[-1]
    assert not [line for line in lines() if "alice@" in line]


@pytest.fixture
def hosts(monkeypatch):
    """Nothing was told of foreign hosts yet."""
    [found] = logging.getLogger("django.security.DisallowedHost").filters
    monkeypatch.setattr(found, "until", float("-inf"))
    return found


def test_of_foreign_hosts_there_is_one_quiet_line_a_minute(stranger, lines, hosts):
    asked = ["evil.test", "panel.test:80", "100%d.test", f"{'x' * 300}.test"]
    answers = [stranger.get("/sign-in/", headers={"host": one}) for one in asked]

    assert {answer.status_code for answer in answers} == {400}
    [line] = [line for line in lines() if " django.security.DisallowedHost " in line]
    assert " WARNING " in line
    assert line.endswith("Invalid HTTP_HOST header: 'evil.test': not one of VMAIL_HOSTS")
    assert f" {answers[0].headers['X-Request-ID']} " in line
    assert len(about_requests(lines)) == 4

    hosts.until = 0  # the minute is over
    stranger.get("/sign-in/", headers={"host": "100%d.test" + "x" * 300})
    assert "'100%d.test" in lines()[-2]
    assert len(lines()[-2]) < 300


def test_what_else_is_suspicious_stays_an_error(stranger, lines, hosts):
    fields = {f"field{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert stranger.post("/sign-in/", fields).status_code == 400

    assert [line for line in lines() if " ERROR django.security.TooManyFieldsSent " in line]


def test_outside_of_requests_a_line_has_a_dash():
    record = logging.LogRecord("x", logging.INFO, "", 0, "words", (), None)
    WithRequest().filter(record)
    assert record.request == "-"
    with about("abc"):
        WithRequest().filter(record)
    assert record.request == "abc"


def test_static_files_leave_no_line(stranger, lines):
    stranger.get("/static/css/panel.css")

    assert about_requests(lines) == []
