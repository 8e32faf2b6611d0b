"""How the backend searches: whole, bounded, counted, and one sorted page."""

from collections import namedtuple

import ldap
from ldap.controls.sss import SSSRequestControl
from ldap.controls.vlv import VLVRequestControl
from ldap.filter import escape_filter_chars

from vmail_admin.directory.errors import ConnectionLost, Gone, NotAnswering, TooMany, asked
from vmail_admin.directory.identity import current

Lookup = namedtuple("Lookup", "base scope filterstr")

LIST_VIEWS = "2.16.840.1.113730.3.4.9"  # draft-ietf-ldapext-ldapv3-vlv
NOTHING = "1.1"  # RFC 4511, 4.5.1.8: no attribute


class Searches:
    """Part of the database wrapper. A search changes nothing, so a lost one is sent once more."""

    # slapd keeps a sorted list for every list view, until the connection closes.
    _sorted_lists = 0
    _knows_list_views = None

    def holds_sorted_lists(self):
        return self._sorted_lists > 0

    def forget_sorted_lists(self):
        self._sorted_lists = 0

    def _search(self, lookup, attributes, **options):
        try:
            answer = self._ask_search(lookup, attributes, **options)
        except ConnectionLost:
            answer = self._ask_search(lookup, attributes, **options)
        return answer

    def _ask_search(self, lookup, attributes, controls=None):
        self.ensure_connection()
        message = self._send_search(lookup, attributes, controls)
        try:
            _, found, _, answered = self._answer(message, current())
        except NotAnswering:
            self.drop()
            raise
        return rows_of(found), answered

    def _send_search(self, lookup, attributes, controls=None, limit=0):
        try:
            return asked(
                self.connection.search_ext,
                lookup.base,
                lookup.scope,
                lookup.filterstr,
                attributes,
                serverctrls=controls,
                sizelimit=limit,
            )
        except NotAnswering:
            self.drop()
            raise

    def search_s(self, base, scope, filterstr="(objectClass=*)", attrlist=None):
        """Everything that matches, as a list of (DN, attributes); [] where the base is not."""
        try:
            rows, _ = self._search(Lookup(base, scope, filterstr), attrlist)
        except Gone:
            return []
        return rows

    def search_bounded(self, lookup, attributes, limit):
        """The first ``limit`` matches in slapd's own order, and whether there are more."""
        self.ensure_connection()
        message = self._send_search(lookup, attributes, limit=limit)
        return self._first_rows(message)

    def _first_rows(self, message):
        """Reads entry by entry, for python-ldap throws a whole answer away at a size limit."""
        rows = []
        try:
            while True:
                kind, found, _, _ = asked(
                    self.connection.result3, message, all=0, timeout=self._wait()
                )
                if kind == ldap.RES_SEARCH_RESULT:
                    return rows, False
                rows += rows_of(found)
        except TooMany:
            return rows, True
        except Gone:
            return [], False
        except NotAnswering:
            self.drop()
            raise

    def _wait(self):
        return current().seconds_left(self._timeout())

    def search_many(self, lookups, attributes, limit):
        """Several bounded searches in one round trip: sent together, then read one by one.

        ``attributes`` has a list for each. Answers (rows, whether there are more) for each.
        """
        self.ensure_connection()
        messages = [
            self._send_search(lookup, wanted, limit=limit)
            for lookup, wanted in zip(lookups, attributes, strict=True)
        ]
        return [self._first_rows(message) for message in messages]

    def has_list_views(self):
        """Whether slapd sorts and cuts lists itself (its sssvlv overlay). Asked once a thread."""
        if self._knows_list_views is None:
            root = Lookup("", ldap.SCOPE_BASE, "(objectClass=*)")
            rows, _ = self._search(root, ["supportedControl"])
            controls = rows[0][1].get("supportedControl", []) if rows else []
            self._knows_list_views = LIST_VIEWS.encode() in controls
        return self._knows_list_views

    def search_page(self, lookup, attributes, order, offset, size):
        """Rows ``offset`` (from 1) to ``offset + size - 1`` of the sorted list, and its length.

        ``order`` is an attribute with its ordering rule, "-" before it for descending (RFC 2891).
        """
        self.ensure_connection()
        if self._sorted_lists >= self.settings_dict["OPTIONS"].get("sorted_lists", 4):
            self.drop()
        self.ensure_connection()
        self._sorted_lists += 1
        view = VLVRequestControl(True, 0, size - 1, offset=offset, content_count=0)
        rows, controls = self._search(
            lookup, attributes, controls=[SSSRequestControl(True, ordering_rules=[order]), view]
        )
        total = next(one.contentCount for one in controls if hasattr(one, "contentCount"))
        return rows, total


def equals(attribute, value):
    """A filter for one value, escaped (RFC 4515). Querysets build every other filter."""
    return f"({attribute}={escape_filter_chars(value)})"


def rows_of(found):
    """Entries only: a referral has no DN."""
    return [(dn, attributes) for dn, attributes in found if dn is not None]
