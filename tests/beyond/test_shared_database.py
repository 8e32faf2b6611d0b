"""Several panels on one PostgreSQL: a person is signed in on all of them, or on none."""

import secrets
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

import psycopg
import pytest

from tests.beyond.copies import within
from tests.frozen import all_frozen
from tests.served import PROJECT, Served
from tests.world import word

LIST = "/domains/example.test/"
THREADS = 4  # of each panel here
ASKERS = 3 * THREADS
KEY = secrets.token_urlsafe(50)


@pytest.fixture(scope="module")
def both(one_world, postgres, tmp_path_factory):
    """Two, as on two machines: they share a key, slapd and PostgreSQL, and no folder."""
    shared = {"DATABASE_URL": postgres.url, "VMAIL_SECRET_KEY": KEY}
    folder, uri = tmp_path_factory.mktemp("panels"), one_world.slapd.ldapi_uri
    (folder / "one/static").mkdir(parents=True)
    (folder / "one/static/panel.css").write_text("p {}")
    with (
        Served(folder / "one", uri, **shared) as one,
        Served(folder / "two", uri, workers=1, **shared) as two,
    ):
        yield one, two


@pytest.fixture
def panels(both, world, postgres):
    yield both
    for panel in both:
        log = panel.log_path.read_text()
        assert postgres.password not in log
        assert postgres.url.split("@")[0] not in log
        assert "Traceback" not in log


def the_same_person(browser, panel):
    """The same cookies, where a load balancer leads to another panel."""
    other = panel.browser()
    other.cookies = dict(browser.cookies)
    return other


def test_who_is_signed_in_on_one_is_on_the_other_and_signs_out_of_both(panels):
    one, two = panels
    pia = one.browser().sign_in("pia@example.test", word("pia"))
    there = the_same_person(pia, two)
    assert there.get(LIST).status == 200

    assert there.post("/sign-out/").status == 302

    assert pia.get(LIST).headers["Location"].startswith("/sign-in/")


def test_a_change_of_ones_own_password_on_one_keeps_one_signed_in_on_the_other(panels, world):
    one, two = panels
    alice = one.browser().sign_in("alice@example.test", word("alice"))
    new = "another word for Alice"
    words = {"old_password": word("alice"), "new_password": new}
    assert alice.post("/me/password/", **words).status == 302

    assert the_same_person(alice, two).get("/me/").status == 200


def test_every_table_of_the_panel_is_made_there_and_none_in_a_file(panels, postgres):
    one, _ = panels
    command = [sys.executable, "manage.py", "migrate", "--check"]
    assert subprocess.run(command, cwd=PROJECT, env=one.environment).returncode == 0
    with postgres.asked() as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = {name for (name,) in tables}
    assert {"journal_row", "signing_in_session", "django_migrations"} <= names
    assert not (one.folder / "panel.sqlite3").exists()


def test_what_is_changed_on_one_stands_in_the_journal_of_the_other(panels):
    one, two = panels
    pia = one.browser().sign_in("pia@example.test", word("pia"))
    fields = {"full_name": "Alice On One", "quota": "", "description": ""}
    assert pia.post("/accounts/alice@example.test/", **fields).status == 302

    page = the_same_person(pia, two).get(f"{LIST}journal/")

    assert page.status == 200
    assert "alice@example.test" in page.text


@pytest.mark.parametrize("sql", ["UPDATE journal_row SET dn = 'x'", "DELETE FROM journal_row"])
def test_postgresql_itself_keeps_the_journal_as_it_is(panels, postgres, sql):
    one, _ = panels
    pia = one.browser().sign_in("pia@example.test", word("pia"))
    pia.post("/accounts/alice@example.test/switch/", flag="active", to="off")

    with postgres.asked() as connection, pytest.raises(psycopg.errors.RaiseException):
        connection.execute(sql)


def test_guesses_on_one_and_on_the_other_add_up(panels):
    guessers = [panel.browser() for panel in panels]
    wrong = {"login": "carol@other.test", "password": "wrong"}
    answers = [guessers[number % 2].post("/sign-in/", **wrong) for number in range(10)]

    assert "Try again in" not in answers[0].text
    assert "Try again in" in answers[-1].text
    assert "Try again in" in guessers[0].post("/sign-in/", **wrong).text


def test_with_postgresql_away_pages_say_so_and_come_back_by_themselves(panels, postgres):
    one, _ = panels
    pia = one.browser().sign_in("pia@example.test", word("pia"))
    stranger = one.browser()
    assert pia.get("/readyz").status == 200
    postgres.stop()
    try:
        page = pia.get(LIST)
        sign_in = stranger.post("/sign-in/", login="pia@example.test", password=word("pia"))
        change = pia.post(f"{LIST}aliases/new/", local_part="x", destinations="a@b.test")
        alive, style = pia.get("/healthz"), pia.get("/static/panel.css")
        assert within(3, lambda: pia.get("/readyz").status == 503)
        ready = pia.get("/readyz").text
    finally:
        postgres.start()

    assert [one.status for one in (page, sign_in, change)] == [503] * 3
    assert "database does not answer" in page.text
    assert page.headers["X-Request-ID"] in page.text
    assert "Look whether your last change was saved" in change.text
    assert (alive.status, style.status) == (200, 200)
    assert '"database": "does not answer"' in ready
    assert postgres.password not in page.text + sign_in.text + change.text + ready
    assert pia.get(LIST).status == 200


def test_the_log_of_postgresql_holds_no_key_of_a_session(panels, postgres):
    one, _ = panels
    pia = one.browser().sign_in("pia@example.test", word("pia"))
    with postgres.asked() as connection, connection.transaction():
        connection.execute("LOCK TABLE signing_in_session IN ACCESS EXCLUSIVE MODE")
        assert pia.get(LIST).status == 503  # PostgreSQL lets nobody wait for ever

    log = (postgres.folder / "postgres.log").read_text()
    assert "STATEMENT:  SELECT * FROM signing_in_session WHERE session_key" in log
    assert pia.cookies["vmail_session"] not in log


def test_with_postgresql_hung_a_load_balancer_is_told_however_often_it_asks(panels, postgres):
    _, two = panels
    pia = two.browser().sign_in("pia@example.test", word("pia"))
    pages = [the_same_person(pia, two) for _ in range(ASKERS)]
    many = ThreadPoolExecutor(ASKERS)
    with many:
        # Each thread of the panel has a connection that is open already: a new one would give up.
        list(many.map(lambda browser: browser.get(LIST), pages))
        with all_frozen(postgres.pids):
            asked = [many.submit(two.browser().get, "/readyz") for _ in range(ASKERS)]
            told = list(islice(as_completed(asked), ASKERS - 1))
            alive = two.browser().get("/healthz")

    assert [answer.result().status for answer in told] == [503] * (ASKERS - 1)
    assert '"database": "does not answer"' in told[0].result().text
    assert alive.status == 200
    assert within(3, lambda: two.browser().get("/readyz").status == 200)


def test_a_restart_of_postgresql_under_load_ends_no_session(panels, postgres):
    pias = [panel.browser().sign_in("pia@example.test", word("pia")) for panel in panels * 3]
    statuses, home = [], threading.Event()

    def work(browser):
        while not home.is_set():
            statuses.append(browser.get(LIST).status)
            time.sleep(0.02)

    people = [threading.Thread(target=work, args=(pia,)) for pia in pias]
    for person in people:
        person.start()
    try:
        for _ in range(2):
            assert within(60, lambda: statuses[-len(pias) :] == [200] * len(pias))
            postgres.stop()
            try:
                assert within(60, lambda: statuses[-1] == 503)
            finally:
                postgres.start()
        assert within(60, lambda: statuses[-len(pias) :] == [200] * len(pias))
    finally:
        home.set()
        for person in people:
            person.join()

    assert set(statuses) == {200, 503}
    assert [pia.get(LIST).status for pia in pias] == [200] * len(pias)


def test_a_batch_that_can_be_none_is_no_mistake_of_ours(panels):
    pia = panels[0].browser().sign_in("pia@example.test", word("pia"))
    pia.get(LIST)

    assert pia.post("/journal/undo/", batch="\0").status == 302


def test_a_cookie_that_can_be_no_key_is_nobodys(panels):
    """A browser writes NUL so, and PostgreSQL takes none in a text."""
    stranger = panels[0].browser()
    stranger.cookies["vmail_session"] = r'"\000abcdefgh"'

    answer = stranger.get(LIST)

    assert (answer.status, answer.headers["Location"].partition("?")[0]) == (302, "/sign-in/")
