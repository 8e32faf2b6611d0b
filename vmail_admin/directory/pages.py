"""One page of a queryset: sorted and cut by slapd where it can, a bounded search where not."""

import logging
import unicodedata
from collections import namedtuple
from dataclasses import dataclass, field

from django.db import connections

from vmail_admin.directory.backend.kept import KEPT
from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.errors import Busy, NotOffered, PastTheEnd

log = logging.getLogger(__name__)

# How a list can be ordered: a field of the model, and the attribute with an ordering rule for it,
# for most attributes of the schema have none of their own.
Order = namedtuple("Order", "field rule")

PAGE_SIZE = 50
MOST_WITHOUT_LIST_VIEWS = 500  # Debian's slapd answers no more to anybody by default


@dataclass
class Page:
    """Rows of a list, and where in the list they are. ``number`` counts from 1."""

    rows: list
    number: int
    total: int
    size: int = PAGE_SIZE
    # Only the first `limit` were looked at: slapd cannot sort, and there are more.
    cut: bool = False
    limit: int = field(default=MOST_WITHOUT_LIST_VIEWS)

    @property
    def pages(self):
        return last_page(self.total, self.size)

    @property
    def has_previous(self):
        return self.number > 1

    @property
    def has_next(self):
        return self.number < self.pages

    @property
    def first(self):
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self):
        return min(self.number * self.size, self.total)


def page_number(text):
    """The number in a page's URL; what is no number is the first page."""
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 8 else 1


def ask_ahead(entries, number, order, size=PAGE_SIZE):
    """Lets slapd draw a page of a list that it has sorted already, until page_of() wants it.

    Whatever else is asked in between is answered beside it. Of any other list nothing is asked.
    """
    lookup, attributes = entries.lookup(), entries.attributes()
    offset = 1 + (number - 1) * size
    connections[ALIAS].ask_ahead(lookup, attributes, _rule(entries, order), offset, size)


def page_of(entries, number, order, size=PAGE_SIZE, few=False):
    """Page ``number`` of a queryset, ordered by ``order``, a name in ``model.orders``.

    A number past the end gives the last page. One LDAP search, and two more past the end. Where
    slapd cannot sort, or has no room for one more list now, a bounded search is sorted here.
    ``few``: so is a list that fits on a page, for slapd holds every list it sorts until the
    connection closes, and has room for a handful. That is tried first: one search more where it
    does not fit, and none where it is known that it does not.
    """
    connection, listed = connections[ALIAS], (entries.lookup(), _rule(entries, order))
    if few and number == 1 and not connection.holds_sorted(*listed):
        page = _only_page(entries, order, size)
        if page:
            return page
    if connection.has_list_views():
        try:
            return _page_of_list_view(entries, listed, number, size)
        except Busy:
            # Connections that rest hold lists too: slapd takes those back, for the next page.
            KEPT.clear()
            log.warning("slapd has no room for one more sorted list: see sssvlv-max")
        except NotOffered:
            connection.forget_list_views()
    return _page_of_bounded_search(entries, number, order, size)


def _only_page(entries, order, size):
    """All there is, if it fits on a page; else None."""
    found, more = entries.bounded(size)
    return None if more else Page(_sorted(found, order), 1, len(found), size)


def _page_of_list_view(entries, listed, number, size):
    (lookup, rule), attributes = listed, entries.attributes()

    def rows_of_page(wanted):
        offset = 1 + (wanted - 1) * size
        return connections[ALIAS].search_page(lookup, attributes, rule, offset, size)

    try:
        rows, total = rows_of_page(number)
    except PastTheEnd:
        _, total = rows_of_page(1)
        rows, total = rows_of_page(last_page(total, size))
    number = min(number, last_page(total, size))
    return Page(entries.entries_of(rows), number, total, size)


def _rule(entries, order):
    """The order in slapd's words."""
    sign = "-" if order.startswith("-") else ""
    return sign + entries.model.orders[order.removeprefix("-")].rule


def _page_of_bounded_search(entries, number, order, size):
    found, cut = entries.bounded(MOST_WITHOUT_LIST_VIEWS)
    found = _sorted(found, order)
    number = min(number, last_page(len(found), size))
    rows = found[(number - 1) * size : number * size]
    return Page(rows, number, len(found), size, cut)


def _sorted(entries, order):
    name = entries[0].orders[order.removeprefix("-")].field if entries else ""
    return sorted(
        entries,
        key=lambda entry: as_sorted(getattr(entry, name)),
        reverse=order.startswith("-"),
    )


def last_page(total, size):
    return max(1, -(-total // size))


def as_sorted(value):
    """A value as slapd compares it: without case, and nothing at all comes last (RFC 2891)."""
    if isinstance(value, str):
        value = unicodedata.normalize("NFKC", value).lower().encode()
    return (not value, value)
