"""The journal's own database keeps it, whoever asks with the panel's own role: all in plain SQL."""

# ruff: noqa: S608 (every word of these statements is this file's own)

import os
import secrets
import sqlite3
import subprocess
import sys
from contextlib import closing

import psycopg
import pytest

from tests.served import PROJECT

COLUMNS = (
    *("began", "state", "operation", "kind", "what", "entry", "domain", "dn", "who", "who_dn"),
    *("place", "batch", "why", "version", "steps", "before", "after", "facts"),
)
OPEN, MADE = 0, 1
LONG_AGO, LATELY = "2020-01-01 00:00:00", "2999-01-01 00:00:00"
KEPT, YOUNG, FLOOR = "stays as it is", "until its time is over", "last 23 hours"


class Kept:
    """A database that the panel's own migrations made. ``asked`` raises what it refuses."""

    def __init__(self, environment, connect, refusal):
        plain = {name: one for name, one in os.environ.items() if not name.startswith("VMAIL_")}
        key = {"VMAIL_SECRET_KEY": secrets.token_urlsafe(50)}
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=PROJECT,
            env={**plain, **key, "DJANGO_SETTINGS_MODULE": "vmail_admin.settings", **environment},
            check=True,
        )
        self.connect, self.refusal = connect, refusal

    def asked(self, sql, *values):
        with closing(self.connect()) as connection:
            cursor = connection.cursor()
            cursor.execute(sql.replace("?", "%s") if self.is_postgresql else sql, values)
            return cursor.fetchall() if cursor.description else None

    @property
    def is_postgresql(self):
        return self.refusal is psycopg.errors.RaiseException

    def add(self, began, state):
        values = ["x"] * len(COLUMNS)
        values[:2] = began, state
        names, marks = ", ".join(COLUMNS), ", ".join("?" * len(COLUMNS))
        self.asked(f"INSERT INTO journal_row ({names}) VALUES ({marks})", *values)
        [(number,)] = self.asked("SELECT max(id) FROM journal_row")
        return number

    def rows(self):
        return self.asked("SELECT * FROM journal_row ORDER BY id")


def on_sqlite(folder):
    def connect():
        return sqlite3.connect(folder / "panel.sqlite3", isolation_level=None)

    return Kept({"VMAIL_STATE_DIR": str(folder)}, connect, sqlite3.IntegrityError)


def on_postgresql(postgres):
    """As docs/scaling.md makes it: a role without other rights, and a database that it owns."""
    name = f"panel_{secrets.token_hex(4)}"
    with postgres.asked("postgres") as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'secret'")
        connection.execute(f"CREATE DATABASE {name} OWNER {name}")
    place = {"host": "127.0.0.1", "port": postgres.port, "user": name, "password": "secret"}

    def connect():
        return psycopg.connect(**place, dbname=name, autocommit=True)

    url = f"postgresql://{name}:secret@127.0.0.1:{postgres.port}/{name}"
    return Kept({"DATABASE_URL": url}, connect, psycopg.errors.RaiseException)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kept(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept")
    if request.param == "sqlite":
        return on_sqlite(folder)
    return on_postgresql(request.getfixturevalue("postgres"))


@pytest.fixture
def settled(kept):
    return kept.add(LATELY, MADE)


def refused(kept, why, sql, *values):
    before = kept.rows()
    with pytest.raises(kept.refusal, match=why):
        kept.asked(sql, *values)
    assert kept.rows() == before


@pytest.mark.parametrize("column", [*COLUMNS, "id", "about", "ended"])
def test_no_column_of_a_settled_row_changes(kept, settled, column):
    # Another number, date or text: none of these values is there before.
    value = {"began": "NULL", "ended": f"'{LONG_AGO}'", "state": "4", "id": "id + 1000"}
    new = value.get(column, "7" if column == "about" else "'forged'")

    refused(kept, KEPT, f"UPDATE journal_row SET {column} = {new} WHERE id = ?", settled)


def test_what_an_open_row_is_about_does_not_change_while_it_is_settled(kept):
    number = kept.add(LATELY, OPEN)
    for column in ("dn", "who_dn", "steps"):
        refused(kept, KEPT, f"UPDATE journal_row SET {column} = 'forged' WHERE id = ?", number)

    kept.asked("UPDATE journal_row SET state = 2, after = '{}' WHERE id = ?", number)
    refused(kept, KEPT, "UPDATE journal_row SET state = 0 WHERE id = ?", number)


def test_no_row_is_deleted_before_its_time(kept, settled):
    refused(kept, YOUNG, "DELETE FROM journal_row WHERE id = ?", settled)
    refused(kept, YOUNG, "DELETE FROM journal_row")


def test_its_time_cannot_be_made_shorter_than_a_day(kept, settled):
    kept.asked("DELETE FROM journal_retention")
    now = "now()" if kept.is_postgresql else "datetime('now')"
    for until in (f"'{LATELY}'", now):
        refused(kept, FLOOR, f"INSERT INTO journal_retention VALUES (1, {until})")
    kept.asked(f"INSERT INTO journal_retention VALUES (1, '{LONG_AGO}')")
    for until in (f"'{LATELY}'", now):
        refused(kept, FLOOR, f"UPDATE journal_retention SET until = {until}")

    refused(kept, YOUNG, "DELETE FROM journal_row WHERE id = ?", settled)


def test_what_is_old_enough_goes(kept):
    number = kept.add("2019-01-01 00:00:00", MADE)
    kept.asked("DELETE FROM journal_retention")
    kept.asked(f"INSERT INTO journal_retention VALUES (1, '{LONG_AGO}')")
    kept.asked("DELETE FROM journal_row WHERE id = ?", number)

    assert number not in [row[0] for row in kept.rows()]


def test_nothing_else_takes_a_row_away_or_puts_another_in_its_place(kept, settled):
    if kept.is_postgresql:
        refused(kept, YOUNG, "TRUNCATE journal_row")
        refused(kept, YOUNG, "TRUNCATE journal_row, journal_retention CASCADE")
        return
    names = ", ".join(("id", *COLUMNS))
    marks = ", ".join("?" * (1 + len(COLUMNS)))
    values = (settled, LATELY, MADE, *["forged"] * (len(COLUMNS) - 2))
    refused(kept, KEPT, f"INSERT OR REPLACE INTO journal_row ({names}) VALUES ({marks})", *values)
    refused(kept, KEPT, "UPDATE OR REPLACE journal_row SET id = ?", settled)
