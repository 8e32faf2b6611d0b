"""An account without a password: told where it is certain, and only there."""

import pytest
from django.db import connections

from accounts.models import MailAccount
from tests.older import manager, older, older_slapd  # noqa: F401 (fixtures)
from tests.slapd_log import Counted
from tests.world import EXAMPLE, PIA, word
from vmail_admin.directory.errors import OutcomeUnknown
from vmail_admin.directory.identity import Identity, acting_as

LIST, NEW = "/domains/example.test/", "/domains/example.test/accounts/new/"
NORA, CARD = f"mail=nora@example.test,{EXAMPLE}", "/accounts/nora@example.test/"
BADGE, NOTICE = "no password yet</span>", "This account has no password yet."


def added(client, choice="none", **fields):
    fields = {"local_part": "nora", "full_name": "", "password_choice": choice, **fields}
    return client.post(NEW, fields)


def told(client):
    """Where it is told: on the list, in a search of the server, on the page of the account."""
    pages = [(LIST, BADGE), ("/find/?search=nora", BADGE), (CARD, NOTICE)]
    return [words in client.get(path).content.decode() for path, words in pages]


def test_one_that_was_added_without_says_so_and_leads_to_the_remedy(pia, world):
    assert added(pia).status_code == 302

    assert told(pia) == [True] * 3
    assert f'<a href="{CARD}password/">Give it a password</a>' in pia.get(CARD).content.decode()
    assert pia.get(LIST).content.decode().count(BADGE) == 1


def test_it_is_still_told_after_an_edit_and_a_switch(pia, world):
    added(pia)
    pia.post(CARD, {"full_name": "Nora", "quota": "", "description": ""})
    pia.post(f"{CARD}switch/", {"flag": "active", "to": "off"})

    assert told(pia) == [True] * 3


def test_with_a_password_it_is_not_told_any_more(pia, world):
    added(pia)
    pia.post(f"{CARD}password/", {"new_password": "a word for Nora"})

    assert world.accepts(NORA, "a word for Nora")
    assert told(pia) == [False] * 3


def test_nor_where_somebody_gave_it_one_elsewhere(pia, world):
    added(pia)
    root = world.root()
    root.passwd_s(NORA, None, "a word for Nora")
    root.unbind_s()

    assert told(pia) == [False] * 3


def test_nobody_is_said_to_have_none_whom_another_program_added(pia, world):
    """As slapadd leaves them: a password, and no date that slapd knows."""
    for client_page in (LIST, "/find/?search=alice", "/accounts/alice@example.test/"):
        assert BADGE not in pia.get(client_page).content.decode()


def test_where_slapd_keeps_no_dates_nobody_knows(older, manager):  # noqa: F811
    added(manager)

    assert older.value(NORA, "mail") == "nora@example.test"
    assert told(manager) == [False] * 3


@pytest.fixture
def cut_off(world, monkeypatch):
    """slapd's answer to the password is lost, after the account was added."""
    wrapper = type(connections["directory"])

    def lost(self, dn, old, new):
        raise OutcomeUnknown(OutcomeUnknown.sentence)

    monkeypatch.setattr(wrapper, "change_password", lost)


def test_one_that_was_cut_off_before_its_password_says_so(pia, cut_off, world):
    assert added(pia, "generate").status_code == 503

    assert world.entry(NORA)["mail"] == ["nora@example.test"]
    assert told(pia) == [True] * 3


def test_who_is_marked_for_deletion_needs_none(pia, world):
    added(pia)
    pia.post(f"{CARD}retire/")

    assert told(pia) == [False] * 3


def test_it_costs_one_search_where_there_is_somebody_to_ask_about(pia, world):
    with Counted(world.slapd) as before:
        pia.get(LIST)
    for name in ("nora", "nils", "noah"):
        added(pia, local_part=name)
    with Counted(world.slapd) as after:
        pia.get(LIST)

    assert after.kinds["SRCH"] == before.kinds["SRCH"] + 1


def test_a_password_that_the_panel_gave_counts_whatever_slapd_says(pia, world):
    added(pia, "generate")
    with acting_as(Identity(PIA, word("pia"))):
        assert MailAccount.objects.of("nora@example.test").get().password_changed

    assert told(pia) == [False] * 3
