"""A page of a list: sorted and cut by slapd, or here where it cannot, with the same answer."""

from itertools import chain

import pytest
from django.db import connections

from accounts.models import Address, MailAccount
from domains.models import VirtualDomain
from tests.crowd import add_crowd
from tests.slapd_log import Counted
from tests.world import PIA, RITA, word
from vmail_admin.directory.identity import Identity, acting_as
from vmail_admin.directory.pages import page_number, page_of

PEOPLE = 40  # and three accounts of the cast
TOTAL = 43


@pytest.fixture
def crowd(world):
    add_crowd(world, PEOPLE)


@pytest.fixture
def pia(world):
    with acting_as(Identity(PIA, word("pia"))):
        yield


@pytest.fixture(params=["slapd", "panel"])
def sorted_by(request, world):
    """The test runs twice: slapd sorts, and the panel sorts."""
    connections["directory"]._knows_list_views = request.param == "slapd"
    yield request.param
    connections["directory"].forget_list_views()


def accounts():
    return MailAccount.objects.in_domain("example.test")


def mails(page):
    return [row.mail for row in page.rows]


def every_page(order, size=10):
    """The mails of each page, in the panel's own way to get them."""
    first = page_of(accounts(), 1, order, size)
    pages = range(1, first.pages + 1)
    return [mails(page_of(accounts(), number, order, size)) for number in pages]


@pytest.mark.parametrize(
    "order", [sign + name for name in ("address", "name", "changed") for sign in ("", "-")]
)
def test_slapd_and_the_panel_sort_alike(crowd, pia, order):
    sorted_there = every_page(order)
    connections["directory"]._knows_list_views = False
    sorted_here = every_page(order)
    connections["directory"].forget_list_views()

    assert len(sorted_there) == 5
    assert set(chain.from_iterable(sorted_there)) == {account.mail for account in accounts()}
    if order.endswith("name"):
        # Those without a name have no order among themselves.
        missing = {account.mail for account in accounts() if not account.full_name}
        sorted_there = without(missing, sorted_there)
        sorted_here = without(missing, sorted_here)
    assert sorted_here == sorted_there


def without(missing, pages):
    return [["no name" if mail in missing else mail for mail in page] for page in pages]


def test_a_page_past_the_end_is_the_last_one(crowd, pia, sorted_by):
    page = page_of(accounts(), 4000, "address", 10)

    assert (page.number, page.total, page.pages) == (5, TOTAL, 5)
    assert mails(page) == every_page("address")[-1] != []
    assert page.has_previous
    assert not page.has_next
    assert (page.first, page.last) == (41, TOTAL)


@pytest.mark.parametrize("number", [1, 7])
def test_an_empty_list_is_one_empty_page(pia, sorted_by, number):
    page = page_of(accounts().filter(mail="nobody@example.test"), number, "address")

    assert (page.rows, page.total, page.number, page.pages) == ([], 0, 1, 1)
    assert (page.first, page.last) == (0, 0)
    assert not page.has_next
    assert not page.has_previous


@pytest.mark.parametrize("domain", ["other.test", "nowhere.test"])
def test_a_list_of_another_domain_is_empty(pia, sorted_by, domain):
    assert page_of(MailAccount.objects.in_domain(domain), 1, "address").rows == []


def test_the_domains_of_the_site(world, sorted_by):
    with acting_as(Identity(RITA, word("rita"))):
        page = page_of(VirtualDomain.objects.all(), 1, "-name")

    assert [row.name for row in page.rows] == ["other.test", "example.test", "asleep.test"]


NO_NUMBERS = ["", "0", "-3", "x", "1e9", "\u0663", "9" * 99]


@pytest.mark.parametrize(
    ("text", "number"), [("1", 1), ("17", 17), *((text, 1) for text in NO_NUMBERS)]
)
def test_the_number_in_a_url_is_a_number_or_the_first_page(text, number):
    assert page_number(text) == number


@pytest.mark.parametrize("size", [5, 40])
def test_a_page_is_one_search_however_long_the_list_and_the_page(crowd, pia, world, size):
    page_of(accounts(), 1, "address")
    with Counted(world.slapd) as asked:
        page_of(accounts(), 2, "address", size)

    assert str(asked) == "2 SRCH"  # whether anything changed, and the page


def test_a_short_list_is_not_tried_for_where_a_long_one_is_sorted_already(crowd, pia, world):
    def cost(number):
        with Counted(world.slapd) as asked:
            assert page_of(accounts(), number, "address", 10, few=True).total == TOTAL
        return str(asked)

    connections["directory"].whoami()
    assert connections["directory"].has_list_views()
    assert cost(1) == "3 SRCH"  # what fits on a page, whether anything changed, and the page
    assert cost(1) == cost(2) == "2 SRCH"


def test_only_what_a_row_shows_is_asked_for(pia, world, sorted_by):
    connections["directory"].whoami()
    begin = world.slapd.log_path.stat().st_size
    page_of(Address.objects.in_domain("example.test"), 1, "address")
    log = world.slapd.log_path.read_text()[begin:]

    assert set(log.rpartition("SRCH attr=")[2].splitlines()[0].split()) == {
        *("cn", "accountActive", "delete", "maildrop", "quota", "lastChange"),
        "structuralObjectClass",
    }


def test_a_connection_is_renewed_before_slapd_runs_out_of_lists_for_it(crowd, pia):
    for _ in range(12):
        assert len(page_of(accounts(), 1, "address", 10).rows) == 10
