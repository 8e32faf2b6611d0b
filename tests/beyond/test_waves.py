"""Many changes at once, where a copy refers them elsewhere and is lost in the middle of it."""

import pytest
from django.db import connections

from tests.beyond.copies import CATCHING_UP, found, root_of, within
from tests.wire import ADD, Wire, kind_of
from tests.world import EXAMPLE, PIA, word
from vmail_admin.directory.backend.servers import SERVERS
from vmail_admin.directory.errors import OutcomeUnknown
from vmail_admin.directory.identity import Identity, acting_as

ADDED = 0x69  # the tag of an answer to an addition (RFC 4511, 4.7)
MANY, HEARD = 60, 55  # one wave and a part of the next


class CutWire(Wire):
    """Lets so many answers to additions pass when all of them are sent, and is cut."""

    left = HEARD

    def answer_passes(self, answer, doomed):
        if kind_of(answer) == ADDED:
            within(CATCHING_UP, lambda: self.passed.count(ADD) >= MANY)
            self.left -= 1
        return self.left >= 0


@pytest.fixture
def wire_to_copy(alike, panel_at):
    wire = CutWire(alike.three.port)
    SERVERS.forget()
    panel_at(f"{wire.uri} {alike.one.ldap_uri}")
    yield wire
    connections["directory"].close()
    SERVERS.forget()
    wire.close()


def an_alias(number):
    mail = f"wave{number}@example.test"
    entry = {"objectClass": "JammMailAlias", "mail": mail, "lastChange": "1"}
    entry |= {"maildrop": "pia@example.test", "accountActive": "TRUE"}
    return f"mail={mail},{EXAMPLE}", [(name, [value.encode()]) for name, value in entry.items()]


def test_what_was_sent_to_its_provider_is_known(alike, wire_to_copy):
    """An answer on the new connection belongs to what was sent there, whatever the old one owed."""
    with acting_as(Identity(PIA, word("pia"))):
        outcomes = connections["directory"].add_many(map(an_alias, range(MANY)))
    there = {dn for dn, _ in found(alike.one, "(mail=wave*@example.test)", "mail")}
    root = root_of(alike.one)
    for dn in there:
        root.delete_s(dn)
    root.unbind_s()

    made = {an_alias(number)[0] for number, one in enumerate(outcomes) if one is None}
    assert len(outcomes) == MANY
    assert {type(one) for one in outcomes} == {type(None), OutcomeUnknown}
    assert made == there
    assert within(CATCHING_UP, alike.are_alike)
