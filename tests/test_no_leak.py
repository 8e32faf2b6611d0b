"""The password of a person is in no store, no cookie, no log and no error page."""

import base64
import logging
from html import escape
from urllib.parse import quote

import pytest
from django.db import connections
from django.test import Client
from django.views.debug import get_default_exception_reporter_filter

from tests.settings import FOLDER
from tests.world import ALICE, PIA
from vmail_admin.signing_in.models import Session

OLD, NEW = "swordfish & tuna 9173", "halibut & plaice 8264"
WRONG = "mackerel & cod 7355"
PAGE = "/accounts/alice@example.test/password/"


def spellings(password):
    raw = password.encode()
    yield raw
    yield quote(password).encode()
    yield escape(password).encode()
    yield raw.hex().encode()
    # Base64 of a text that the password stands in looks one of three ways.
    for before in range(3):
        text = base64.b64encode(b"-" * before + raw)
        yield text[4 if before else 0 : len(text) // 4 * 4 - 4]


def found_in(text):
    raw = text if isinstance(text, bytes) else text.encode()
    words = {word: list(spellings(word)) for word in (OLD, NEW, WRONG)}
    return [word for word, some in words.items() if any(spelling in raw for spelling in some)]


def test_the_search_would_find_it():
    in_base64 = base64.b64encode(f"xy{OLD}z".encode()).decode()
    for text in (OLD, quote(OLD), f"<b>{escape(OLD)}</b>", in_base64):
        assert found_in(text) == [OLD]


@pytest.fixture
def pia(world, sign_in):
    root = world.root()
    root.passwd_s(PIA, None, OLD)
    root.unbind_s()
    return sign_in("pia@example.test", OLD)


def a_day_of(pia, world):
    """What a postmaster does, and what goes wrong meanwhile. Every answer, as it came."""
    yield pia.get("/domains/example.test/")
    yield pia.post(PAGE, {"new_password": "short"})
    yield pia.post(PAGE, {"new_password": NEW + "\x00"})
    yield pia.post("/me/password/", {"old_password": WRONG, "new_password": NEW})
    yield pia.post("/me/password/", {"old_password": OLD, "new_password": "short"})
    yield Client().post("/sign-in/", {"login": "pia@example.test", "password": WRONG})
    yield Client().post("/sign-in/", {"login": "", "password": WRONG})
    yield Client().post("/sign-in/", {"login": "a\x00", "password": WRONG})
    yield Client(enforce_csrf_checks=True).post("/sign-in/", {"password": WRONG})
    world.slapd.stop()
    yield pia.get("/domains/example.test/")
    yield pia.post("/me/password/", {"old_password": OLD, "new_password": NEW})
    yield Client().post("/sign-in/", {"login": "pia@example.test", "password": OLD})
    world.slapd.start()
    yield pia.post("/me/password/", {"old_password": OLD, "new_password": NEW})
    yield pia.get("/domains/example.test/")
    world.change(ALICE, accountActive="FALSE")
    yield pia.post("/sign-out/")


def test_a_day_leaves_it_nowhere(pia, world, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("ldapdb").setLevel(logging.DEBUG)
    answers = list(a_day_of(pia, world))

    for answer in answers:
        # The one that was too short to be one, and what slapd refused, come back to who typed it.
        assert found_in(answer.content) in ([], [NEW])
        assert found_in(str(answer.headers)) == found_in(str(answer.cookies)) == []
    assert found_in(caplog.text) == []
    assert found_in(world.slapd.log_path.read_bytes()) == []
    assert found_in("".join(capfd.readouterr())) == []


def test_the_store_of_sessions_holds_it_in_no_file(pia):
    pia.get("/domains/example.test/")
    pia.post("/me/password/", {"old_password": OLD, "new_password": NEW})
    connections["default"].close()
    files = sorted(FOLDER.glob("panel.sqlite3*"))

    assert Session.objects.count()
    assert [file.name for file in files if found_in(file.read_bytes())] == []
    with_wal = {file.name for file in FOLDER.glob("panel.sqlite3*")}
    assert "panel.sqlite3" in with_wal


def test_no_cookie_holds_it(pia):
    pia.get("/domains/example.test/")

    assert found_in(str(pia.cookies)) == []
    for morsel in pia.cookies.values():
        assert found_in(base64.urlsafe_b64decode(morsel.value.encode() + b"===")) == []


# --- when the panel itself fails


@pytest.fixture
def broken(settings, panel_at):
    """The panel fails inside every bind, and shows Django's error page for it."""
    settings.DEBUG = True
    panel_at(timeout="four")
    client = Client(raise_request_exception=False)
    yield client
    get_default_exception_reporter_filter.cache_clear()


def sign_in_fails(client):
    return client.post("/sign-in/", {"login": "pia@example.test", "password": OLD})


def test_an_error_page_shows_where_but_not_with_what(broken):
    page = sign_in_fails(broken)
    text = page.content.decode()

    assert page.status_code == 500
    assert "TypeError" in text
    assert "directory/person.py" in text
    assert found_in(text) == []


def test_djangos_own_error_page_would_show_it(broken, settings):
    settings.DEFAULT_EXCEPTION_REPORTER_FILTER = "django.views.debug.SafeExceptionReporterFilter"
    get_default_exception_reporter_filter.cache_clear()

    assert found_in(sign_in_fails(broken).content.decode()) == [OLD]


def test_an_error_page_does_not_show_the_other_half_either(pia, settings, panel_at):
    settings.DEBUG = True
    pia.raise_request_exception = False
    cookies = [pia.cookies[name].value for name in ("vmail_key", "vmail_session", "vmail_csrf")]
    panel_at(timeout="four")
    page = pia.get("/domains/example.test/")

    assert page.status_code == 500
    assert [value for value in cookies if value in page.content.decode()] == []


def test_a_traceback_in_the_log_does_not_show_it(broken, caplog):
    sign_in_fails(broken)

    assert "Traceback" in caplog.text
    assert found_in(caplog.text) == []


def test_a_change_of_password_that_fails_shows_neither(pia, settings, panel_at):
    settings.DEBUG = True
    pia.raise_request_exception = False
    panel_at(timeout="four")
    page = pia.post("/me/password/", {"old_password": OLD, "new_password": NEW})

    assert page.status_code == 500
    assert found_in(page.content) == []
