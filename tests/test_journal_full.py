"""The journal takes no further row in the middle of an act: what was done by then is told."""

from contextlib import contextmanager

import pytest
from django.db import connection

from tests.command_line.saying import speaker
from tests.pages import errors_of
from tests.world import ALEX, ALICE, EXAMPLE, word

NEW = "correct horse battery staple"
NORA = f"mail=nora@example.test,{EXAMPLE}"


@pytest.fixture
def full(world):
    """Inside the block no row is added for which the SQL condition holds."""

    @contextmanager
    def block(condition):
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TRIGGER journal_full BEFORE INSERT ON journal_row WHEN NEW.{condition} "
                "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER journal_full")

    return block


def test_a_new_password_is_shown_though_its_date_is_not_written(pia, world, full):
    with full("kind = 'dated'"):
        page = pia.post("/accounts/alice@example.test/password/", {"new_password": NEW})

    assert world.accepts(ALICE, NEW)
    assert page.status_code == 200
    assert NEW in page.content.decode()


def test_who_changes_their_own_stays_signed_in(sign_in, world, full):
    alice = sign_in("alice@example.test", word("alice"))
    with full("kind = 'dated'"):
        alice.post("/me/password/", {"old_password": word("alice"), "new_password": NEW})

    assert world.accepts(ALICE, NEW)
    assert alice.get("/me/").status_code == 200


def test_a_password_that_is_taken_away_is_gone(pia, world, full):
    with full("kind = 'dated'"):
        page = pia.post("/aliases/alex@example.test/lock/")

    assert not world.accepts(ALEX, word("alex"))
    assert page.status_code == 302


def test_a_new_account_without_its_password_is_taken_back(pia, world, full):
    fields = {"local_part": "nora", "password_choice": "generate"}
    with full("kind = 'password'"):
        page = pia.post("/domains/example.test/accounts/new/", fields)

    assert "cannot write its journal" in errors_of(page, "password")
    assert world.entry(NORA) is None


def test_an_import_that_stops_says_the_passwords_it_made(world, full, tmp_path, monkeypatch):
    monkeypatch.setattr("accounts.management.commands.import.AT_ONCE", 1)
    (tmp_path / "in.csv").write_text("address\nnora\nole\n")
    pia_says = speaker("pia@example.test", monkeypatch)

    with full("entry = 'ole@example.test'"):
        said = pia_says("import", "example.test", str(tmp_path / "in.csv"), "--json")

    assert said.code == 4
    [row] = said.rows
    assert world.accepts(NORA, row["password"])
