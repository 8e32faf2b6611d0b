"""The wire to slapd breaks in the middle: what is asked again, what never is, and as whom."""

import pytest
from django.db import connections

from tests.wire import ADD, MODIFY, SEARCH
from tests.world import ALICE, PIA, word
from vmail_admin.directory.errors import ConnectionLost, OutcomeUnknown, WrongPassword
from vmail_admin.directory.identity import Identity, acting_as


@pytest.fixture
def directory(world):
    return connections["directory"]


def alice():
    return acting_as(Identity(ALICE, word("alice")))


def pia():
    return acting_as(Identity(PIA, word("pia")))


def own_entry(directory, dn):
    return directory.search_s(dn, 0, attrlist=["mail"])


def test_a_connection_that_broke_meanwhile_is_made_anew(directory, kept, wire):
    with alice():
        own_entry(directory, ALICE)
    wire.cut()
    with alice():
        assert own_entry(directory, ALICE)


def test_a_search_that_is_lost_is_asked_once_more_as_the_same_person(directory, wire):
    with alice():
        directory.whoami()
        wire.lose(SEARCH, "answer")
        assert own_entry(directory, ALICE)
        assert directory.whoami() == f"dn:{ALICE}"
    assert wire.passed.count(SEARCH) == 2


def test_a_search_that_is_lost_twice_is_given_up(directory, wire):
    with alice():
        wire.lose(SEARCH, "request", times=2)
        with pytest.raises(ConnectionLost):
            own_entry(directory, ALICE)


@pytest.mark.parametrize("lose", ["request", "answer"])
def test_a_change_is_never_sent_twice(directory, wire, lose):
    with pia():
        directory.whoami()
        wire.lose(MODIFY, lose)
        with pytest.raises(OutcomeUnknown):
            directory.modify_s(PIA, [(2, "description", [b"once"])])

    assert wire.passed.count(MODIFY) == {"request": 0, "answer": 1}[lose]


def test_an_entry_whose_answer_was_lost_is_there_once_and_not_already_there(directory, wire, world):
    dn = f"mail=new@example.test,{PIA.partition(',')[2]}"
    entry = {"objectClass": "JammMailAlias", "mail": "new@example.test", "lastChange": "1"}
    entry |= {"maildrop": "pia@example.test", "accountActive": "TRUE"}
    with pia():
        directory.whoami()
        wire.lose(ADD, "answer")
        with pytest.raises(OutcomeUnknown):
            directory.add_s(dn, [(name, [value.encode()]) for name, value in entry.items()])

    assert world.entry(dn)
    assert wire.passed.count(ADD) == 1


def test_after_a_broken_connection_a_wrong_password_brings_nobody_back(directory, kept, wire):
    """What python-ldap's own reconnecting object does: it binds again as who succeeded last."""
    with alice():
        directory.whoami()
    wire.cut()
    with acting_as(Identity(PIA, "wrong")), pytest.raises(WrongPassword):
        directory.whoami()
    with acting_as(Identity(PIA, "wrong")), pytest.raises(WrongPassword):
        directory.whoami()
