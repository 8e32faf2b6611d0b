"""Rows whose end nobody knows: what the entry says later is what they say."""

import pytest
from django.db import connections

from accounts.models import MailAccount, MailAlias
from tests.wire import ADD, DELETE, EXTENDED, MODIFY
from tests.world import ALICE, DORA, EXAMPLE, PIA, word
from vmail_admin.directory.errors import OutcomeUnknown
from vmail_admin.directory.identity import Identity, acting_as
from vmail_admin.directory.passwords import change_password
from vmail_admin.journal.models import Row, State

JOURNAL = "/domains/example.test/journal/"


def pia():
    return acting_as(Identity(PIA, word("pia")))


@pytest.fixture
def soon(settings):
    """Nobody waits for an answer that is late."""
    settings.JOURNAL_GRACE = 0
    # The cast came to the stage a moment ago, by the same clock.
    settings.JOURNAL_CLOCKS = 0


def switch():
    MailAccount.objects.of("alice@example.test").get().switch(False)


def add():
    MailAlias(mail="new@example.test", destinations=["alice@example.test"]).save()


def delete():
    MailAlias.objects.of("alex@example.test").get().delete()


def password():
    change_password(DORA, "a new word for Dora")


ACTS = [(switch, MODIFY), (add, ADD), (delete, DELETE), (password, EXTENDED)]
NAMES = ["switch", "add", "delete", "password"]


@pytest.mark.parametrize(("act", "kind"), ACTS, ids=NAMES)
@pytest.mark.parametrize(("lost", "state"), [("answer", State.MADE), ("request", State.LOST)])
def test_an_answer_that_was_lost_is_found_out_on_the_next_page(
    sign_in, wire, panel_at, soon, act, kind, lost, state
):
    with pia():
        connections["directory"].whoami()
        wire.lose(kind, lost)
        with pytest.raises(OutcomeUnknown):
            act()
    assert Row.objects.get().state == State.OPEN

    panel_at()
    reader = sign_in("pia@example.test", word("pia"))
    page = reader.get(JOURNAL)

    assert Row.objects.get().state == state
    assert len(page.context["lines"]) == (state == State.MADE)


def test_until_then_it_is_shown_as_unfinished(sign_in, wire, panel_at):
    with pia():
        connections["directory"].whoami()
        wire.lose(MODIFY, "answer")
        with pytest.raises(OutcomeUnknown):
            switch()
    panel_at()

    page = sign_in("pia@example.test", word("pia")).get(JOURNAL).content.decode()

    assert "1 change without a known end" in " ".join(page.split())
    assert ">unfinished<" in page


def test_before_the_entry_changes_again_it_is_settled(wire, panel_at, soon, world):
    with pia():
        connections["directory"].whoami()
        wire.lose(MODIFY, "answer")
        with pytest.raises(OutcomeUnknown):
            switch()
    panel_at()
    with pia():
        MailAccount.objects.of("alice@example.test").get().switch(True)

    assert list(Row.objects.order_by("id").values_list("state", flat=True)) == [State.MADE] * 2


def test_what_others_changed_meanwhile_leaves_it_open_whether(sign_in, wire, panel_at, soon, world):
    with pia():
        connections["directory"].whoami()
        account = MailAccount.objects.of("alice@example.test").get()
        account.quota = "2000S"
        wire.lose(MODIFY, "answer")
        with pytest.raises(OutcomeUnknown):
            account.save()
    panel_at()
    world.change(ALICE, quota="3000S")

    page = sign_in("pia@example.test", word("pia")).get(JOURNAL)

    assert Row.objects.get().state == State.UNSURE
    assert "not known whether" in page.content.decode()


def test_who_may_not_see_the_domain_settles_nothing(sign_in, wire, panel_at, soon):
    with pia():
        connections["directory"].whoami()
        wire.lose(ADD, "request")
        with pytest.raises(OutcomeUnknown):
            add()
    panel_at()
    assert sign_in("alice@example.test", word("alice")).get(JOURNAL).status_code == 404
    assert sign_in("alice@example.test", word("alice")).get("/me/journal/").status_code == 200

    assert Row.objects.get().state == State.OPEN


def test_a_refusal_needs_no_finding_out(world):
    from vmail_admin.directory.errors import DirectoryAnswer

    carol = f"mail=x@other.test,{EXAMPLE.replace('example', 'other')}"
    with pia(), pytest.raises(Exception) as refusal:
        connections["directory"].delete_s(carol)

    assert isinstance(refusal.value, DirectoryAnswer)
    assert Row.objects.get().state == State.REFUSED
