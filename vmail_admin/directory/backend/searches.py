"""How the backend searches: whole, bounded, several at once, and one sorted page."""

from collections import namedtuple

import ldap
from ldap.controls.sss import SSSRequestControl
from ldap.controls.vlv import VLVRequestControl, VLVResponseControl
from ldap.filter import escape_filter_chars

from vmail_admin.directory.errors import ConnectionLost, Gone, NotOffered, TooMany, asked
from vmail_admin.directory.tally import counted

Lookup = namedtuple("Lookup", "base scope filterstr")

LIST_VIEWS = "2.16.840.1.113730.3.4.9"  # draft-ietf-ldapext-ldapv3-vlv
NOTHING = "1.1"  # RFC 4511, 4.5.1.8: no attribute
# slapd holds some 200 bytes a row of every sorted list, until its connection closes.
MOST_ROWS_HELD = 50_000
ANYTHING = "(&)"  # RFC 4526: true of every entry, whatever may be read of it
NO_ENTRY = "(|)"  # and true of none


class Searches:
    """Part of the database wrapper. A search changes nothing, so a lost one is sent once more."""

    # slapd keeps a sorted list for every list view, until the connection closes.
    _sorted_lists = 0
    _sorted_rows = 0
    _knows_list_views = None

    def may_rest(self):
        """Whether slapd holds little enough for this connection, so that it may stay open."""
        return self._sorted_lists < self._most_lists() and self._sorted_rows <= MOST_ROWS_HELD

    def note_sorted_rows(self, count):
        self._sorted_rows += count

    def _most_lists(self):
        return self.settings_dict["OPTIONS"]["sorted_lists"]

    def forget_sorted_lists(self):
        self._sorted_lists = self._sorted_rows = 0

    def search_s(self, base, scope, filterstr=ANYTHING, attrlist=None):
        """Everything that matches, as a list of (DN, attributes); [] where the base is not."""
        try:
            rows, _ = self._search(Lookup(base, scope, filterstr), attrlist)
        except Gone:
            return []
        return rows

    def search_bounded(self, lookup, attributes, limit):
        """The first ``limit`` matches in slapd's own order, and whether there are more."""
        [answer] = self.search_many([lookup], [attributes], limit)
        return answer

    def search_many(self, lookups, attributes, limit):
        """Several bounded searches in one round trip: sent together, then read one by one.

        ``attributes`` has a list for each. Answers (rows, whether there are more) for each.
        """
        return self._twice(self.search_many_once, lookups, attributes, limit)

    def search_many_once(self, lookups, attributes, limit):
        with self.whole(), counted("search", len(lookups)):
            messages = [
                self._send_search(lookup, wanted, limit=limit)
                for lookup, wanted in zip(lookups, attributes, strict=True)
            ]
            return [self._first_rows(message) for message in messages]

    def _first_rows(self, message):
        """Reads entry by entry, for python-ldap throws a whole answer away at a size limit."""
        rows = []
        try:
            while True:
                kind, found, *_ = self._result(message, all=0)
                if kind == ldap.RES_SEARCH_RESULT:
                    return rows, False
                rows += rows_of(found)
        except TooMany:
            return rows, True
        except Gone:
            return [], False

    def _twice(self, search, *values):
        """A connection may break while it is used; where none can be made, once is enough."""
        self.ensure_connection()
        try:
            return search(*values)
        except ConnectionLost:
            return search(*values)

    def _search(self, lookup, attributes, controls=None):
        return self._twice(self._search_once, lookup, attributes, controls)

    def _search_once(self, lookup, attributes, controls):
        with self.whole(), counted("search"):
            message = self._send_search(lookup, attributes, controls)
            _, found, _, answered, *_ = self._result(message)
        return rows_of(found), answered

    def _send_search(self, lookup, attributes, controls=None, limit=0):
        search, place = self.connection.search_ext, (lookup.base, lookup.scope, lookup.filterstr)
        return asked(search, *place, attributes, serverctrls=controls, sizelimit=limit)

    def has_list_views(self):
        """Whether slapd sorts and cuts lists itself (its sssvlv overlay). Asked once a thread."""
        if self._knows_list_views is None:
            [(_, root)] = self.search_s("", ldap.SCOPE_BASE, ANYTHING, ["supportedControl"])
            self._knows_list_views = LIST_VIEWS.encode() in root.get("supportedControl", [])
        return self._knows_list_views

    def forget_list_views(self):
        """slapd is another than it was: it is asked again."""
        self._knows_list_views = None

    def search_page(self, lookup, attributes, order, offset, size):
        """Rows ``offset`` (from 1) to ``offset + size - 1`` of the sorted list, and its length.

        ``order`` is an attribute with its ordering rule, "-" before it for descending (RFC 2891).
        Raises PastTheEnd, Busy, NotOffered.
        """
        if self._sorted_lists >= self._most_lists():
            self.drop()
        self.ensure_connection()
        self._sorted_lists += 1
        sort = SSSRequestControl(True, ordering_rules=[order])
        view = VLVRequestControl(True, 0, size - 1, offset=offset, content_count=0)
        try:
            rows, controls = self._search(lookup, attributes, [sort, view])
        except Gone:
            return [], 0
        for one in controls:
            if isinstance(one, VLVResponseControl):
                self.note_sorted_rows(one.contentCount)
                return rows, one.contentCount
        raise NotOffered(NotOffered.sentence)


def equals(attribute, value):
    """A filter for one value, escaped (RFC 4515). Querysets build every other filter."""
    return NO_ENTRY if is_nowhere(value) else f"({attribute}={escape_filter_chars(value)})"


def is_nowhere(value):
    """Whether no entry holds this. slapd reads an address up to a NUL, and would find others."""
    return any(ord(letter) < 32 or ord(letter) == 127 for letter in value)


def rows_of(found):
    """Entries only: a referral has no DN."""
    return [(dn, attributes) for dn, attributes, *_ in found if dn is not None]
