"""A connection bound a moment ago serves the same person again, and nobody else."""

import time
from pathlib import Path

import pytest
from django.db import connections

from tests.beyond.copies import within
from tests.slapd_log import Counted
from tests.world import ALICE, EXAMPLE, OTTO, PIA, RITA, word
from vmail_admin.directory.backend.kept import KEPT
from vmail_admin.directory.backend.list_views import SortedList
from vmail_admin.directory.errors import WrongPassword
from vmail_admin.directory.identity import Identity, acting_as


@pytest.fixture(autouse=True)
def directory(world, monkeypatch):
    """The panel keeps connections, as it does unless it is told not to."""
    directory = connections["directory"]
    monkeypatch.setitem(directory.settings_dict["OPTIONS"], "keep_bound", 60)
    yield directory
    KEPT.clear()


def whoami(directory, dn, password):
    with acting_as(Identity(dn, password)):
        return directory.whoami()


def binds_of(world, directory, dn, password):
    with Counted(world.slapd) as asked:
        assert whoami(directory, dn, password) == f"dn:{dn}"
    return str(asked).partition(" BIND")[0] if "BIND" in str(asked) else "0"


def test_the_same_person_binds_once(world, directory):
    assert binds_of(world, directory, ALICE, word("alice")) == "1"
    assert binds_of(world, directory, ALICE, word("alice")) == "0"


@pytest.mark.parametrize("who", ["pia", "rita"])
def test_signing_in_binds_for_the_next_click_as_well(world, request, who):
    page = "/domains/example.test/"
    login = {"pia": "pia@example.test"}.get(who, who)
    with Counted(world.slapd) as asked:
        client = request.getfixturevalue("sign_in")(login, word(who))
    assert str(asked) == "1 BIND, 3 SRCH"

    with Counted(world.slapd) as asked:
        assert client.get(page).status_code == 200
    assert "BIND" not in str(asked)


def test_another_person_binds(world, directory):
    whoami(directory, ALICE, word("alice"))

    assert binds_of(world, directory, PIA, word("pia")) == "1"


def test_a_kept_connection_opens_for_no_wrong_password(world, directory):
    whoami(directory, ALICE, word("alice"))

    with pytest.raises(WrongPassword):
        whoami(directory, ALICE, "a wrong word")


def test_signing_in_always_asks_slapd(world, alice, sign_in):
    alice.get("/me/")

    with Counted(world.slapd) as asked:
        sign_in("alice@example.test", word("alice"))
    assert str(asked).startswith("1 BIND")


def test_a_password_changed_elsewhere_ends_the_session_at_the_next_click(world, alice):
    assert alice.get("/me/").status_code == 200
    root = world.root()
    root.passwd_s(ALICE, None, "a new word from elsewhere")
    root.unbind_s()

    assert alice.get("/me/").url.startswith("/sign-in/")


def test_switching_the_account_off_ends_the_session_at_the_next_click(world, alice):
    assert alice.get("/me/").status_code == 200
    world.change(ALICE, accountActive="FALSE")

    assert alice.get("/me/").url.startswith("/sign-in/")


@pytest.mark.parametrize("change", [{"accountActive": "FALSE"}, {"delete": "TRUE"}])
def test_suspending_the_domain_ends_the_session_at_the_next_click(world, pia, change):
    assert pia.get("/domains/example.test/").status_code == 200
    world.change(EXAMPLE, **change)

    assert pia.get("/domains/example.test/").url.startswith("/sign-in/")


def test_a_site_admin_who_is_none_any_more_gets_nothing_from_a_kept_connection(world, rita):
    assert b"other.test" in rita.get("/domains/").content
    world.change(f"cn=siteadmins,{RITA.partition(',')[2]}", member=OTTO)

    assert b"other.test" not in rita.get("/domains/").content


def test_slapd_started_anew_is_bound_to_anew(world, directory):
    whoami(directory, ALICE, word("alice"))
    world.slapd.stop()
    world.slapd.start()

    assert whoami(directory, ALICE, word("alice")) == f"dn:{ALICE}"


def test_after_its_time_a_connection_is_not_used_again(world, directory, monkeypatch):
    monkeypatch.setitem(directory.settings_dict["OPTIONS"], "keep_bound", 0.01)
    whoami(directory, ALICE, word("alice"))
    time.sleep(0.02)

    assert binds_of(world, directory, ALICE, word("alice")) == "1"


def test_only_so_many_are_open(world, directory, monkeypatch):
    monkeypatch.setattr(KEPT, "most_open", 2)
    for dn, name in ((ALICE, "alice"), (PIA, "pia"), (OTTO, "otto"), (RITA, "rita")):
        whoami(directory, dn, word(name))

    assert are_open(world, 2)


def test_one_in_use_takes_the_place_of_the_one_kept_longest(world, directory, monkeypatch):
    monkeypatch.setattr(KEPT, "most_open", 2)
    whoami(directory, PIA, word("pia"))
    whoami(directory, ALICE, word("alice"))

    with acting_as(Identity(OTTO, word("otto"))):
        directory.whoami()
        assert are_open(world, 2)
    assert binds_of(world, directory, ALICE, word("alice")) == "0"
    assert binds_of(world, directory, PIA, word("pia")) == "1"


def test_the_longest_lists_that_slapd_holds_go_first(world, directory, monkeypatch):
    monkeypatch.setattr("vmail_admin.directory.backend.kept.MOST_ROWS_HELD", 10)
    monkeypatch.setattr(directory, "forget_sorted_lists", lambda: None)
    for dn, name, rows in ((ALICE, "alice", 4), (PIA, "pia", 9)):
        with acting_as(Identity(dn, word(name))):
            directory.whoami()
            directory._sorted_lists = (SortedList(None, b"", rows, None),)

    assert binds_of(world, directory, ALICE, word("alice")) == "0"
    assert binds_of(world, directory, PIA, word("pia")) == "1"


def test_a_new_password_closes_what_was_bound_with_the_old_one(world, alice):
    alice.get("/me/")
    before, fields = open_connections(world), {"new_password": "a new word for Alice"}

    alice.post("/me/password/", {"old_password": word("alice"), **fields})
    assert are_open(world, before - 1)


def test_signing_out_closes_what_was_kept(world, pia, alice):
    pia.get("/domains/example.test/")
    alice.get("/me/")
    before = open_connections(world)

    pia.post("/sign-out/")
    assert are_open(world, before - 1)


def are_open(world, count):
    """slapd closes its side a moment later."""
    return within(5, lambda: open_connections(world) == count)


def open_connections(world):
    """How many connections slapd has, by what the kernel says of its socket."""
    lines = Path("/proc/net/unix").read_text().splitlines()
    # One line more than that: the socket that slapd listens on.
    return sum(line.endswith(str(world.slapd.socket_path)) for line in lines) - 1
