"""Two answers for machines: the process is alive; the panel can serve a page."""

import time

import pytest
from django.test import Client

from tests.frozen import frozen
from tests.slapd_log import Counted
from vmail_admin.running import health


@pytest.fixture(autouse=True)
def asked_anew():
    health._last["at"] = float("-inf")
    yield
    health._last["at"] = float("-inf")


def test_a_stranger_hears_that_the_process_is_alive_and_slapd_hears_nothing(world, stranger):
    with Counted(world.slapd) as asked:
        answer = stranger.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert (str(asked), asked.connections) == ("nothing", 0)


def test_a_stranger_hears_that_the_panel_is_ready(stranger):
    answer = stranger.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "directory": "ok", "database": "ok"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_neither_makes_a_session_or_may_be_kept(stranger, path):
    answer = stranger.get(path)

    assert answer.cookies == {}
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_load_balancer_asks_in_clear_and_by_a_number(settings, path):
    settings.SECURE_SSL_REDIRECT = True

    assert Client().get(path, headers={"host": "192.0.2.7:8000"}).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_they_leave_no_line_in_the_log(stranger, caplog, path):
    stranger.get(path)

    assert caplog.records == []


def test_whoever_asks_all_the_time_does_not_keep_slapd_busy(world, stranger):
    with Counted(world.slapd) as asked:
        for _ in range(20):
            stranger.get("/readyz")

    assert asked.connections <= 2


def test_without_slapd_the_process_is_alive_and_not_ready(world, stranger):
    world.slapd.stop()
    try:
        assert stranger.get("/healthz").status_code == 200
        answer = stranger.get("/readyz")
    finally:
        world.slapd.start()

    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "directory": "does not answer", "database": "ok"}


def test_a_frozen_slapd_is_not_waited_for(world, stranger):
    with frozen(world.slapd):
        began = time.monotonic()
        answer = stranger.get("/readyz")
        waited = time.monotonic() - began

    assert answer.status_code == 503
    assert waited < 5  # as every page; who balances load waits no longer


def test_the_numbers_are_for_nobody_unless_they_are_switched_on(stranger, rita):
    assert stranger.get("/metrics").status_code == rita.get("/metrics").status_code == 404
