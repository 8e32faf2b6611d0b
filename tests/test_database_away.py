"""The panel's own database cannot be written: pages say so, and never that it was the browser."""

import sqlite3

import pytest
from django.db import connection

from tests.world import word
from vmail_admin.directory.sessions import SEEN

AWAY = "database does not answer"


@pytest.fixture
def locked(world):
    """Somebody else is writing, for longer than anybody waits."""
    connection.ensure_connection()
    connection.cursor().execute("PRAGMA busy_timeout=100")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)

    def lock():
        other.execute("BEGIN IMMEDIATE")

    yield lock
    other.close()
    connection.close()


def test_a_session_that_cannot_be_saved_is_no_mistake_of_the_browsers(pia, locked):
    pia.raise_request_exception = False
    session = pia.session
    session[SEEN] = 0
    session.save()
    locked()

    page = pia.get("/domains/example.test/")

    assert page.status_code == 503
    assert AWAY in page.content.decode()


def test_nobody_is_signed_in_then_and_the_log_says_it_in_one_line(stranger, locked, caplog):
    stranger.raise_request_exception = False
    locked()
    page = stranger.post("/sign-in/", {"login": "pia@example.test", "password": word("pia")})

    assert page.status_code == 503
    assert AWAY in page.content.decode()
    warnings = [record for record in caplog.records if record.levelname == "WARNING"]
    assert "the database does not answer" in warnings[-1].getMessage()
