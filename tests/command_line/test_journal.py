"""What the command says of changes whose end nobody knows yet."""

import pytest
from django.db import connections

from accounts.models import MailAccount
from tests.wire import MODIFY
from tests.world import PIA, word
from vmail_admin.directory.errors import OutcomeUnknown
from vmail_admin.directory.identity import Identity, acting_as

LIST = ("journal", "list", "example.test")


def test_what_was_never_answered_is_told_and_found_out(pia_says, wire, panel_at, settings):
    with acting_as(Identity(PIA, word("pia"))):
        connections["directory"].whoami()
        wire.lose(MODIFY, "answer")
        with pytest.raises(OutcomeUnknown):
            MailAccount.objects.of("alice@example.test").get().switch(False)
    panel_at()
    # It may still be on its way.
    assert pia_says(*LIST).out.splitlines()[1].endswith("\tunfinished")

    settings.JOURNAL_GRACE = 0
    assert pia_says(*LIST).out.splitlines()[1].endswith("\tmade")


def test_a_domain_and_an_address_are_known_in_either_spelling(rita_says, world):
    assert rita_says("domain", "add", "bücher.test").code == 0

    for name in ("bücher.test", "abuse@BÜCHER.test"):
        said = rita_says("journal", "list", name, "--json")
        assert (said.code, {row["kind"] for row in said.rows} >= {"created"}) == (0, True)


def test_what_root_did_has_a_name_on_the_button_that_takes_it_back(root_says, rita):
    assert root_says("domain", "edit", "example.test", "--note", "seen by root").code == 0

    page = rita.get("/domains/example.test/journal/").content.decode()
    assert "what the server itself did to example.test" in page
