"""A replica among the servers: it is read from, and changes go to its provider."""

import pytest

from tests.beyond.copies import CATCHING_UP, found, killed, within
from tests.served import Served
from tests.slapd_log import Counted
from tests.world import word

ALICE = "/accounts/alice@example.test/"


@pytest.fixture
def browser_of(copies, alike, tmp_path):
    """Somebody's browser on a panel that is told of these servers."""
    panels = []

    def signed_in(*slapds):
        panel = Served(tmp_path / str(len(panels)), copies.uris(*slapds), workers=1)
        panels.append(panel)
        return panel.__enter__().browser().sign_in("pia@example.test", word("pia"))

    yield signed_in
    for panel in panels:
        panel.__exit__()


def rename_alice(browser, name):
    return browser.post(ALICE, full_name=name, quota="", description="")


def test_with_the_replica_first_reads_stay_there_and_changes_go_to_the_provider(alike, browser_of):
    browser = browser_of(alike.three, alike.one)
    with Counted(alike.one) as provider:
        browser.get("/domains/example.test/")
    assert provider.kinds["SRCH"] == 0

    assert rename_alice(browser, "Alice By Referral").status == 302
    # She is read from where she was changed, at once.
    with Counted(alike.three) as replica:
        assert "Alice By Referral" in browser.get("/domains/example.test/").text
    assert replica.kinds["SRCH"] == 0
    assert within(CATCHING_UP, alike.are_alike)


def test_with_only_the_replica_left_one_reads_and_is_told_that_nothing_was_changed(
    alike, browser_of
):
    browser = browser_of(alike.one, alike.three)
    with killed(alike.one):
        assert browser.get("/domains/example.test/").status == 200
        # The first learns it from the replica; whoever comes later is told the same.
        answers = [rename_alice(browser, "Alice Nowhere") for _ in range(3)]
        answers.append(browser.post(f"{ALICE}switch/", flag="active", to="off"))

    for answer in answers:
        assert answer.status == 503
        assert "can be read but not changed" in answer.text
        assert "Nothing was changed" in answer.text
    assert found(alike.three, "(cn=Alice Nowhere)", "cn") == []
