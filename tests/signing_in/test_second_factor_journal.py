"""Whatever becomes of a second factor stands in the journal: who, from where, and no secret."""

import json
import os

import pytest
from django.db import connection

from tests.command_line.saying import called
from tests.signing_in.phones import (
    LOGINS,
    OWN,
    OWN_SET_UP,
    SET_UP,
    Phone,
    codes_on,
    given,
    secret_on,
    with_password,
)
from tests.world import PIA, RITA, word
from vmail_admin.journal.models import Row, State
from vmail_admin.journal.words import plain
from vmail_admin.signing_in import factor as factors

UNIX_USER = f"gidNumber={os.getegid()}+uidNumber={os.geteuid()},cn=peercred,cn=external,cn=auth"


@pytest.fixture
def demanded(settings):
    settings.SECOND_FACTOR = "postmasters"


def last():
    row = Row.objects.newest_first().first()
    assert (row.operation, row.kind, row.state) == ("factor", "factor", State.MADE)
    return row


def test_a_first_one_at_the_door_is_told_with_who_when_and_from_where(world, demanded):
    client = with_password("pia")
    phone = Phone(secret_on(client.get(SET_UP)))
    page = client.post(SET_UP, {"code": phone.code()}, REMOTE_ADDR="192.0.2.7")

    row = last()
    assert plain(row) == "set up the second factor of pia@example.test"
    assert (row.who, row.who_dn, row.dn) == ("pia@example.test", PIA, PIA)
    assert (row.domain, row.place) == ("example.test", "192.0.2.7")
    assert Row.objects.count() == 1
    tells_nothing(phone.secret, *codes_on(page))


def tells_nothing(*secrets):
    rows = json.dumps(list(Row.objects.values()), default=str)
    assert len(secrets) > 1
    assert not any(one in rows or one.replace("-", "") in rows for one in secrets)


def test_another_device_new_recovery_codes_and_the_end_are_told_apart(phone, pia_signed_in):
    new = Phone(secret_on(pia_signed_in.get(OWN_SET_UP)))
    fields = {"password": word("pia"), "code": new.code(), "old_code": phone.code()}
    first = pia_signed_in.post(OWN_SET_UP, fields)
    again = pia_signed_in.post(OWN, {"do": "codes", "code": new.code(1)})
    left = codes_on(again)[0]
    assert pia_signed_in.post(OWN, {"do": "off", "code": left}).status_code == 302

    rows = Row.objects.filter(kind="factor").order_by("id")
    assert [plain(row) for row in rows][1:] == [
        "changed the second factor of pia@example.test",
        "made new recovery codes for pia@example.test",
        "took away the second factor of pia@example.test",
    ]
    assert {row.who_dn for row in rows} == {PIA}
    tells_nothing(new.secret, *codes_on(first), *codes_on(again))


def test_the_command_tells_who_ran_it(world):
    given(RITA, "rita")
    said = called("second_factor", "remove", "rita", "--why", "the phone fell into the sea")

    assert (said.code, said.out) == (0, "rita has no second factor any more.\n")

    row = last()
    assert plain(row) == "took away the second factor of rita"
    assert (row.who, row.who_dn, row.place) == ("", UNIX_USER, "command line")
    assert row.why == "the phone fell into the sea"


def test_site_admins_read_it_and_find_it_among_the_passwords(world, rita):
    given(PIA, LOGINS["pia"])
    called("second_factor", "remove", "pia@example.test")

    html = rita.get("/journal/?kind=passwords").content.decode()
    assert "the server itself" in html
    assert "took away the second factor of" in html
    assert "command line" in html


@pytest.fixture
def no_rows(world):
    """The journal takes nothing; the other tables of the panel do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER no_rows BEFORE INSERT ON journal_row "
            "BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER no_rows")


def test_without_a_row_nothing_changes(phone, no_rows):
    before = factors.factor_of(PIA)
    said = called("second_factor", "remove", "pia@example.test")

    assert said.code == 4
    assert "cannot write its journal" in said.err
    assert factors.factor_of(PIA).sealed == before.sealed
    assert before.recovery_codes.count() == factors.CODES


def test_at_the_door_nobody_is_let_in_without_a_row(world, demanded, no_rows):
    client = with_password("pia")
    phone = Phone(secret_on(client.get(SET_UP)))
    answer = client.post(SET_UP, {"code": phone.code()})

    assert answer.status_code == 503
    assert "cannot write its journal" in answer.content.decode()
    assert factors.factor_of(PIA) is None
    assert client.get("/domains/example.test/").status_code == 302


def test_without_a_change_there_is_no_row(phone):
    rows = Row.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER stays BEFORE DELETE ON signing_in_factor "
            "BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    try:
        said = called("second_factor", "remove", "pia@example.test")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER stays")

    assert (said.code, "database does not answer: no" in said.err) == (4, True)
    assert Row.objects.count() == rows
    assert factors.factor_of(PIA)


def test_a_dry_run_changes_nothing_and_keeps_no_row(phone):
    rows = Row.objects.count()
    said = called("second_factor", "remove", "pia@example.test", "--dry-run", "--json")

    assert said.code == 0
    assert said.rows == [{"name": "pia@example.test"}]
    assert said.document["said"] == ["Tried: pia@example.test has no second factor any more."]
    assert factors.factor_of(PIA)
    assert Row.objects.count() == rows
