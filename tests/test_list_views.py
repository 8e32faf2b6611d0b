"""slapd goes on with a list it has sorted, as long as it would be sorted just so today."""

import pytest
from django.db import connections

from accounts.models import MailAccount
from tests.crowd import add_crowd
from tests.slapd_log import Counted
from tests.world import EXAMPLE, OTHER, PIA, as_sent, word
from vmail_admin.directory.backend.kept import KEPT
from vmail_admin.directory.backend.list_views import MOST_ROWS_HELD
from vmail_admin.directory.identity import Identity, acting_as
from vmail_admin.directory.pages import ask_ahead, page_of

PEOPLE = 40  # and three accounts of the cast


@pytest.fixture
def directory(world):
    add_crowd(world, PEOPLE)
    with acting_as(Identity(PIA, word("pia"))):
        yield connections["directory"]


def page(number=1, order="address", domain="example.test"):
    return page_of(MailAccount.objects.in_domain(domain), number, order, 10)


def page_wanted(number=1):
    return MailAccount.objects.in_domain("example.test"), number, "address", 10


def mails(shown):
    return [row.mail for row in shown.rows]


@pytest.fixture
def back_again(world, monkeypatch):
    """Somebody at one click after the other, on a connection that is kept."""
    add_crowd(world, PEOPLE)
    monkeypatch.setitem(connections["directory"].settings_dict["OPTIONS"], "keep_bound", 60)
    yield lambda: acting_as(Identity(PIA, word("pia")))
    KEPT.clear()


def add_account(world, mail):
    """One more, by the hand of somebody else."""
    local_part = mail.partition("@")[0]
    root, entry = world.root(), world.entry(PIA, "*")
    entry |= {"mail": [mail], "mailbox": [f"example.test/{local_part}/"]}
    root.add_s(f"mail={mail},{EXAMPLE}", [(k, as_sent(v)) for k, v in entry.items()])
    root.unbind_s()


def sorted_so_far(directory):
    return len(directory._sorted_lists)


def test_the_pages_of_a_list_are_sorted_once(directory):
    everybody = [mail for number in range(1, 6) for mail in mails(page(number))]

    assert everybody == sorted(everybody)
    assert len(everybody) == len(set(everybody)) == 43
    assert mails(page(1)) == everybody[:10]
    assert sorted_so_far(directory) == 1


def test_another_order_and_another_search_are_lists_of_their_own(directory):
    page(order="address"), page(order="-address"), page(order="name")

    assert sorted_so_far(directory) == 3


def test_who_was_added_meanwhile_is_shown(directory, world):
    page()
    add_account(world, "0.new@example.test")

    shown = page()
    assert (mails(shown)[0], shown.total) == ("0.new@example.test", 44)
    assert sorted_so_far(directory) == 2


def test_a_new_name_moves_an_entry(directory, world):
    first = mails(page(order="name"))[0]
    world.change(f"mail={first},{EXAMPLE}", cn=["zzz"])

    assert first not in mails(page(order="name"))


def test_who_was_deleted_is_not_shown(directory, world):
    first, second = mails(page())[:2]
    world.delete(f"mail={first},{EXAMPLE}")

    assert mails(page())[0] == second


def test_a_row_shows_what_its_entry_is_now(directory, world):
    first = page().rows[0]
    world.change(first.dn, accountActive=["FALSE"])

    assert not page().rows[0].active


def test_a_change_elsewhere_costs_no_sort(directory, world):
    page()
    world.change(OTHER, description=["changed"])

    assert page().total == 43
    assert sorted_so_far(directory) == 1


def test_where_slapd_does_not_say_when_it_changed_it_sorts_each_time(directory, monkeypatch):
    monkeypatch.setattr(directory, "_state_of_server", lambda: None)
    page(), page()

    assert sorted_so_far(directory) == 2


def test_a_list_of_a_lost_connection_is_sorted_anew(directory):
    page()
    directory.drop()

    assert page(2).total == 43
    assert sorted_so_far(directory) == 1


def test_the_next_page_is_not_sorted_anew_because_slapd_is_not_done_with_the_last(directory, world):
    page()
    with Counted(world.slapd) as asked:
        for number in range(400):
            page(number % 4 + 1)

    assert str(asked) == "800 SRCH"
    assert sorted_so_far(directory) == 1


def test_a_connection_is_renewed_before_slapd_runs_out_of_lists_for_it(directory):
    for number in range(12):
        assert len(page(order=["address", "-address", "name", "-name", "changed"][number % 5]).rows)
    assert sorted_so_far(directory) <= 4


def test_a_connection_with_long_lists_is_not_kept(directory):
    page()
    assert directory.may_rest()
    [known] = directory._sorted_lists
    directory._sorted_lists = (known._replace(length=MOST_ROWS_HELD + 1),)

    assert not directory.may_rest()


def test_who_comes_back_goes_on_with_the_same_list(back_again, world):
    with back_again():
        page()
    with Counted(world.slapd) as asked, back_again():
        # The own entry, the own domain, and whether anything changed: in one round trip.
        assert page(2).total == 43

    assert str(asked) == "4 SRCH"


def test_a_page_asked_ahead_is_read_later(back_again, world):
    with back_again():
        there = mails(page(2))
    with Counted(world.slapd) as asked, back_again():
        ask_ahead(*page_wanted(2))
        own = MailAccount.objects.entry_of("pia@example.test")
        assert mails(page(2)) == there

    assert own.mail == "pia@example.test"
    assert str(asked) == "5 SRCH"
    assert KEPT.count() == 1


def test_of_a_list_that_changed_nothing_is_asked_ahead(back_again, world):
    with back_again():
        first, second = mails(page())[:2]
    world.delete(f"mail={first},{EXAMPLE}")

    with back_again():
        ask_ahead(*page_wanted())
        assert mails(page())[0] == second


def test_another_page_than_was_asked_ahead_is_the_one_that_is_read(back_again):
    with back_again():
        pages = [mails(page(number)) for number in (1, 2)]
    with back_again():
        ask_ahead(*page_wanted(1))
        assert mails(page(2)) == pages[1]


def test_what_was_asked_ahead_and_is_not_wanted_then_is_in_nobodys_way(back_again):
    with back_again():
        there = mails(page())
    with back_again():
        ask_ahead(*page_wanted())
        assert MailAccount.objects.entry_of("nobody@example.test") is None
    assert KEPT.count() == 1

    with back_again():
        assert mails(page()) == there


def test_where_nobody_reads_what_was_asked_ahead_the_connection_ends(back_again):
    with back_again():
        page()
    with back_again():
        ask_ahead(*page_wanted())

    assert KEPT.count() == 0


@pytest.mark.parametrize("reads", [False, True])
def test_a_page_asked_ahead_over_a_lost_connection_is_asked_anew(wire, back_again, reads):
    with back_again():
        there = mails(page())
    with back_again():
        ask_ahead(*page_wanted())
        wire.cut()
        if reads:
            assert MailAccount.objects.entry_of("pia@example.test").mail == "pia@example.test"
        assert mails(page()) == there


def test_a_page_past_the_end_can_be_asked_ahead(back_again):
    with back_again():
        page()
    with back_again():
        ask_ahead(*page_wanted(99))
        assert (page(99).number, page(99).total) == (5, 43)


def test_who_comes_back_sees_what_others_did_meanwhile(back_again, world):
    with back_again():
        first, second = mails(page())[:2]
    world.delete(f"mail={first},{EXAMPLE}")

    with back_again():
        assert mails(page())[0] == second


def test_who_comes_back_sees_what_they_did_themselves(back_again):
    with back_again():
        page()
    with back_again():
        MailAccount(mail="0.new@example.test", full_name="New").save()
        assert mails(page())[0] == "0.new@example.test"
