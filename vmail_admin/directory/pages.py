"""One page of a queryset: sorted and cut by slapd where it can, a bounded search where not."""

from collections import namedtuple
from dataclasses import dataclass, field

from django.db import connections

from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.errors import PastTheEnd

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
        return max(1, -(-self.total // self.size))

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


def page_of(entries, number, order, size=PAGE_SIZE):
    """Page ``number`` of a queryset, ordered by ``order``, a name in ``model.orders``.

    A number past the end gives the last page. One LDAP search, and two more past the end.
    """
    if connections[ALIAS].has_list_views():
        return _page_of_list_view(entries, number, order, size)
    return _page_of_bounded_search(entries, number, order, size)


def _rule(entries, order):
    sign = "-" if order.startswith("-") else ""
    return sign + entries.model.orders[order.removeprefix("-")].rule


def _page_of_list_view(entries, number, order, size):
    connection = connections[ALIAS]
    lookup, attributes, rule = entries.lookup(), entries.attributes(), _rule(entries, order)

    def rows_of_page(wanted):
        return connection.search_page(lookup, attributes, rule, 1 + (wanted - 1) * size, size)

    try:
        rows, total = rows_of_page(number)
    except PastTheEnd:
        _, total = rows_of_page(1)
        number = max(1, -(-total // size))
        rows, total = rows_of_page(number)
    return Page([entries.entry_of(*row) for row in rows], number, total, size)


def _page_of_bounded_search(entries, number, order, size):
    found, cut = entries.bounded(MOST_WITHOUT_LIST_VIEWS)
    wanted = entries.model.orders[order.removeprefix("-")].field

    def key(entry):
        value = getattr(entry, wanted)
        return (value is not None, value.casefold() if isinstance(value, str) else value)

    found.sort(key=key, reverse=order.startswith("-"))
    number = min(number, max(1, -(-len(found) // size)))
    rows = found[(number - 1) * size : number * size]
    return Page(rows, number, len(found), size, cut)
