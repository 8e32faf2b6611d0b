"""How the backend searches: whole, bounded, and several at once."""

from collections import namedtuple

import ldap
from ldap.filter import escape_filter_chars

from vmail_admin.directory.errors import ConnectionLost, Gone, TooMany, asked
from vmail_admin.directory.tally import counted

Lookup = namedtuple("Lookup", "base scope filterstr")

NOTHING = "1.1"  # RFC 4511, 4.5.1.8: no attribute
ANYTHING = "(&)"  # RFC 4526: true of every entry, whatever may be read of it
NO_ENTRY = "(|)"  # and true of none


class Searches:
    """Part of the database wrapper. A search changes nothing, so a lost one is sent once more."""

    def search_s(self, base, scope, filterstr=ANYTHING, attrlist=None):
        """Everything that matches, as a list of (DN, attributes); [] where the base is not."""
        try:
            rows, _ = self._search(Lookup(base, scope, filterstr), attrlist)
        except Gone:
            return []
        return rows

    def search_bounded(self, lookup, attributes, limit, seconds=-1):
        """The first ``limit`` matches in slapd's own order, and whether there are more.

        ``seconds``: how long slapd may look for them (RFC 4511, 4.5.1.5); -1: as long as it takes.
        """
        [answer] = self.search_many([lookup], [attributes], limit, seconds)
        return answer

    def search_many(self, lookups, attributes, limit, seconds=-1):
        """Several bounded searches in one round trip: sent together, then read one by one.

        ``attributes`` has a list for each. Answers (rows, whether there are more) for each.
        """
        return self._twice(self.search_many_once, lookups, attributes, limit, seconds)

    def search_many_once(self, lookups, attributes, limit, seconds=-1):
        with self.whole(), counted("search", len(lookups)):
            messages = [
                self._send_search(lookup, wanted, limit=limit, seconds=seconds)
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

    def search_streamed(self, lookup, attributes):
        """Each (DN, attributes) as it comes. Whoever stops early ends the connection."""
        with self.whole(), counted("search"):
            message = self._send_search(lookup, attributes)
            while True:
                kind, found, *_ = self._result(message, all=0)
                if kind == ldap.RES_SEARCH_RESULT:
                    return
                yield from rows_of(found)

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
            return self._answer_to(self._send_search(lookup, attributes, controls))

    def _answer_to(self, message):
        _, found, _, answered, *_ = self._result(message)
        return rows_of(found), answered

    def _send_search(self, lookup, attributes, controls=None, limit=0, seconds=-1):
        search, place = self.connection.search_ext, (lookup.base, lookup.scope, lookup.filterstr)
        bounds = {"sizelimit": limit, "timeout": seconds}
        return asked(search, *place, attributes, serverctrls=controls, **bounds)


def equals(attribute, value):
    """A filter for one value, escaped (RFC 4515). Querysets build every other filter."""
    return NO_ENTRY if is_nowhere(value) else f"({attribute}={escape_filter_chars(value)})"


def is_nowhere(value):
    """Whether no entry holds this. slapd reads an address up to a NUL, and would find others."""
    return any(ord(letter) < 32 or ord(letter) == 127 for letter in value)


def rows_of(found):
    """Entries only: a referral has no DN."""
    return [(dn, attributes) for dn, attributes, *_ in found if dn is not None]
