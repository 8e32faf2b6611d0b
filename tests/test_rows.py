"""Rows of lists are drawn once for the same values, and anew as soon as one of them differs."""

import datetime as dt

import pytest
from django.template.loader import get_template
from django.utils import timezone

from accounts.models import Shown as Address
from domains.models import Shown as Domain
from tests.world import ALICE
from vmail_admin.templatetags.panel import drawn_row, since

ACCOUNT = Address(
    *("account", "alice@example.test", "Alice Ames", "1 GB", True, False, ""),
    *(False, False, True, True, ()),
)
ALIAS = ACCOUNT._replace(kind="alias", quota="", destinations=("pia@example.test",))
DOMAIN = Domain("xn--bcher-kva.test", "Books", True, False, False, True, True, 3, 4)
OTHERS = {
    "address_row.html": [
        *((ACCOUNT, name, True) for name in ("to_be_deleted", "is_postmaster", "has_no_password")),
        *((ACCOUNT, name, False) for name in ("active", "takes_password", "pick")),
        (ACCOUNT, "pick", None),
        (ACCOUNT, "kind", "alias"),
        (ACCOUNT, "mail", "alina@example.test"),
        (ACCOUNT, "full_name", "Alice Arden"),
        (ACCOUNT, "quota", "2 GB"),
        (ACCOUNT, "special", "abuse"),
        (ALIAS, "destinations", ("pia@example.test", "bob@example.test")),
    ],
    "domain_row.html": [
        *((DOMAIN, name, True) for name in ("to_be_deleted", "unfinished")),
        *((DOMAIN, name, False) for name in ("active", "may_edit_accounts", "may_appoint")),
        (DOMAIN, "name", "books.test"),
        (DOMAIN, "description", "Papers"),
        (DOMAIN, "accounts", 5),
        (DOMAIN, "aliases", 5),
    ],
}
CASES = [(template, *one) for template, some in OTHERS.items() for one in some]


def drawn(template, row, changed="yesterday"):
    return drawn_row(get_template(template, using="rows").template, row, changed)


@pytest.mark.parametrize(("template", "row", "name", "value"), CASES)
def test_another_value_makes_another_row(template, row, name, value):
    before = drawn(template, row)

    assert drawn(template, row._replace(**{name: value})) != before
    assert drawn(template, row, changed="today") != before
    assert drawn(template, row) == before


def test_nothing_of_a_row_is_left_untried():
    for shown, template in ((Address, "address_row.html"), (Domain, "domain_row.html")):
        assert {name for _, name, _ in OTHERS[template]} >= set(shown._fields)


def test_a_row_is_drawn_once():
    drawn("address_row.html", ACCOUNT)
    before = drawn_row.cache_info()
    drawn("address_row.html", ACCOUNT._replace())

    assert drawn_row.cache_info().hits == before.hits + 1
    assert drawn_row.cache_info().misses == before.misses


def test_a_row_grows_older():
    now = timezone.localtime()
    said = [since(now - dt.timedelta(minutes=ago), now) for ago in (5, 6, 60 * 24 * 3)]

    assert len(set(said)) == 3


def test_what_somebody_else_changed_stands_in_the_list(pia, world):
    assert "Alice Arden" in pia.get("/domains/example.test/").content.decode()
    world.change(ALICE, cn=["Alice <b>Other"])

    page = pia.get("/domains/example.test/").content.decode()
    assert "Alice &lt;b&gt;Other" in page
    assert "Alice Arden" not in page
