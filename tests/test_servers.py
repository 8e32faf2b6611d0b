"""Which of several servers is asked first, by what is known of them."""

import socket

import pytest

from vmail_admin.directory.backend import servers
from vmail_admin.directory.backend.servers import Servers

ONE, TWO, THREE = "ldap://127.0.0.1:1", "ldap://127.0.0.1:2", "ldap://127.0.0.1:3"
ALL = [ONE, TWO, THREE]
OPTIONS = {"start_tls": False, "ca_file": ""}


@pytest.fixture
def known(monkeypatch):
    """What a process knows; nobody looks after servers that are away."""
    monkeypatch.setattr(Servers, "_look", lambda *values: None)
    return Servers()


def test_without_trouble_the_order_is_the_sites_own(known):
    assert known.in_order(ALL) == known.for_changes(ALL) == ALL


def test_who_does_not_answer_comes_last_and_is_not_forgotten(known):
    known.note_away(ONE, OPTIONS)

    assert known.in_order(ALL) == known.for_changes(ALL) == [TWO, THREE, ONE]
    assert known.away() == 1


def test_who_came_back_stays_behind_for_a_while(known, monkeypatch):
    known.note_away(ONE, OPTIONS)
    known._note_back(ONE, known._away[ONE])
    assert known.in_order(ALL) == [TWO, THREE, ONE]

    later = servers.time.monotonic() + servers.SETTLING + 1
    monkeypatch.setattr(servers.time, "monotonic", lambda: later)
    assert known.in_order(ALL) == ALL


def test_one_reads_where_one_wrote_as_long_as_it_answers(known):
    assert known.in_order(ALL, first=TWO) == [TWO, ONE, THREE]
    # Everybody writes to the same, whatever they prefer to read from.
    assert known.for_changes(ALL) == ALL

    known.note_away(TWO, OPTIONS)
    assert known.in_order(ALL, first=TWO) == [ONE, THREE, TWO]


def test_what_one_prefers_has_to_be_among_them(known):
    assert known.in_order(ALL, first="ldap://elsewhere") == ALL


def test_a_copy_is_read_from_and_takes_no_changes(known):
    known.note_copy(ONE)

    assert known.in_order(ALL) == ALL
    assert known.for_changes(ALL) == [TWO, THREE]


def test_where_there_are_only_copies_they_say_so_themselves(known):
    for uri in ALL:
        known.note_copy(uri)

    assert known.for_changes(ALL) == ALL


def test_a_server_that_takes_no_call_in_time_does_not_answer():
    with socket.create_server(("127.0.0.1", 0)) as door:
        uri = f"ldap://127.0.0.1:{door.getsockname()[1]}"
        assert not servers.answers(uri, OPTIONS, 0.2)
    assert not servers.answers(uri, OPTIONS, 0.2)


def test_any_answer_is_an_answer(world):
    assert servers.answers(world.slapd.ldap_uri, OPTIONS, 2)
    assert servers.one_answers([ONE, world.slapd.ldap_uri], OPTIONS, 2)
    assert not servers.one_answers([ONE, TWO], OPTIONS, 0.5)
