"""A download whose source goes away is broken off, or an error page where that was known before."""

import pytest
from django.db import OperationalError, connection

from tests.journal.test_pages import rows
from vmail_admin.directory.errors import ConnectionLost
from vmail_admin.journal import export
from vmail_admin.running.downloads import whole_or_broken

JOURNAL = "/domains/example.test/journal/?as=csv"


def lost(error):
    yield "half"
    raise error


@pytest.mark.parametrize("error", [OperationalError("gone"), ConnectionLost("gone")])
def test_what_is_lost_in_the_middle_does_not_end_in_good_order(error, caplog):
    pieces = whole_or_broken(lost(error))

    assert next(pieces) == "half"
    with pytest.raises(ConnectionResetError) as broken:
        next(pieces)
    assert broken.value.__context__ is None
    [record] = caplog.records
    assert record.levelname == "WARNING"
    assert not record.exc_info


def test_a_mistake_of_ours_stays_one():
    pieces = whole_or_broken(lost(ZeroDivisionError()))

    assert next(pieces) == "half"
    with pytest.raises(ZeroDivisionError):
        next(pieces)


def test_what_is_away_from_the_start_is_an_error_page_and_no_empty_table(pia, monkeypatch):
    pia.raise_request_exception = False
    monkeypatch.setattr(export, "table", lambda rows, hidden: lost(OperationalError("gone")))

    assert pia.get(JOURNAL).status_code == 503


def test_a_journal_that_goes_away_in_the_middle_breaks_off(pia, world, monkeypatch):
    rows(5)
    monkeypatch.setattr(export, "AT_ONCE", 2)
    answer = pia.get(JOURNAL)
    assert answer.status_code == 200
    pieces = iter(answer.streaming_content)
    next(pieces)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_row RENAME TO journal_gone")
    try:
        with pytest.raises(ConnectionResetError):
            list(pieces)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE journal_gone RENAME TO journal_row")
