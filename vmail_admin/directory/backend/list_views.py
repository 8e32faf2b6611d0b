"""One page of a list that slapd has sorted, and goes on with as long as nothing changed.

slapd keeps every list it sorted for a connection until that closes, and shows another page of it
for what the rows of the page cost (draft-ietf-ldapext-ldapv3-vlv-09, 6.1: contextID), where sorting
100,000 anew takes it 20 times as long. It draws each row from the entry as it is now, but their
order and number are those of when it sorted. So before it goes on it is asked whether anything
changed: contextCSN is the time of the last change anywhere, and where that moved, the entries of
the list are asked for one that changed since. What was deleted meanwhile is missing on its page.
"""

import time
from collections import namedtuple
from contextlib import suppress
from functools import partial

import ldap
from django.conf import settings
from ldap.controls.sss import SSSRequestControl
from ldap.controls.vlv import VLVRequestControl, VLVResponseControl

from vmail_admin.directory.backend.searches import ANYTHING, NOTHING, Lookup, equals
from vmail_admin.directory.errors import (
    Busy,
    ConnectionLost,
    Gone,
    NotAllowed,
    NotOffered,
    PastTheEnd,
)
from vmail_admin.directory.tally import counted

LIST_VIEWS = "2.16.840.1.113730.3.4.9"
# slapd holds some 250 bytes a row of every sorted list, until its connection closes.
MOST_ROWS_HELD = 150_000
# slapd answers before it is done with a page, and is "busy" for that moment (seconds; a busy
# machine may take slapd's processor away just then). To sort anew takes longer.
A_MOMENT = (0.002, 0.01, 0.05)

STATE_OF_SERVER = Lookup(settings.DIRECTORY_SUFFIX, ldap.SCOPE_BASE, ANYTHING), ["contextCSN"]

# `of` is (lookup, order); `state` the contextCSN from before it was sorted, None where unknown.
SortedList = namedtuple("SortedList", "of context length state")
# A page that slapd was asked for before it was wanted, and what it answered: rows and controls, or
# an error; None as long as nobody has read it. `window` is (attributes, offset, size).
Ahead = namedtuple("Ahead", "known window message answer")


class ListViews:
    """Part of the database wrapper."""

    _sorted_lists = ()  # that slapd holds for this connection
    _server_state = None  # what it said of itself when this person came back, until it is used
    _ahead = None
    _knows_list_views = None

    def may_rest(self):
        """Whether all was read, and slapd holds little enough, so that this may stay open."""
        rows = sum(one.length for one in self._sorted_lists)
        is_little = not self._holds_most_lists() and rows <= MOST_ROWS_HELD
        return is_little and (self._ahead is None or self._ahead.answer is not None)

    def _holds_most_lists(self):
        return len(self._sorted_lists) >= self.settings_dict["OPTIONS"]["sorted_lists"]

    def forget_sorted_lists(self):
        self._sorted_lists, self._ahead = (), None
        self.forget_server_state()

    def holds_sorted(self, lookup, order):
        """Whether slapd has sorted just that for this connection."""
        self.ensure_connection()
        return any(one.of == (lookup, order) for one in self._sorted_lists)

    def has_list_views(self):
        """Whether slapd sorts and cuts lists itself (its sssvlv overlay). Asked once a thread."""
        if self._knows_list_views is None:
            [(_, root)] = self.search_s("", ldap.SCOPE_BASE, ANYTHING, ["supportedControl"])
            self._knows_list_views = LIST_VIEWS.encode() in root.get("supportedControl", [])
        return self._knows_list_views

    def forget_list_views(self):
        """slapd is another than it was: it is asked again."""
        self._knows_list_views = None

    def ask_ahead(self, lookup, attributes, order, offset, size):
        """Asks for a page of a list that is sorted already, and leaves it to search_page to use.

        slapd draws its rows while it answers something else. Of any other list it asks nothing, and
        what it refuses is said when the page is wanted.
        """
        if not self.holds_sorted(lookup, order):
            return
        state = self._state_of_server()
        try:
            known = self._known_list((lookup, order), state)
        except NotAllowed:
            known = None
        if known is None:
            self._server_state = state
            return
        with self.whole(), counted("search"):
            message = self._send_search(lookup, attributes, view_of(known, offset, size))
        self._ahead = Ahead(known, (attributes, offset, size), message, None)

    def read_ahead(self):
        """Reads what was asked ahead, which comes before any other answer.

        python-ldap hands out no controls of an answer that came in while another was awaited.
        """
        if self._ahead is None or self._ahead.answer is not None:
            return
        ahead, self._ahead = self._ahead, None
        try:
            answer = self._answer_to(ahead.message)
        except (Busy, Gone, NotAllowed, NotOffered, PastTheEnd) as error:
            answer = error
        self._ahead = ahead._replace(answer=answer)

    def search_page(self, lookup, attributes, order, offset, size):
        """Rows ``offset`` (from 1) to ``offset + size - 1`` of the sorted list, and its length.

        ``order`` is an attribute with its ordering rule, "-" before it for descending (RFC 2891).
        Raises PastTheEnd, Busy, NotOffered.
        """
        self.ensure_connection()
        of, window = (lookup, order), (attributes, offset, size)
        with suppress(Busy, ConnectionLost):
            if answer := self._taken_ahead(of, window):
                return answer
        state = self._state_of_server()
        known = self._known_list(of, state)
        if known and (shown := self._go_on_with(known, window)):
            return shown
        if self._holds_most_lists():
            self.drop()
        return self._search_view(SortedList(of, None, 0, state), *window)

    def _go_on_with(self, known, window):
        """A page of a list that slapd has sorted; None where it stays busy with the last one."""
        for pause in A_MOMENT:
            try:
                return self._search_view(known, *window)
            except Busy:
                time.sleep(pause)
        return None

    def _taken_ahead(self, of, window):
        """The page that was asked ahead, if it was this one; else None. Raises what slapd says."""
        with self.whole(), counted("search", 0):
            self.read_ahead()
        ahead, self._ahead = self._ahead, None
        if ahead is None or (ahead.known.of, ahead.window) != (of, window):
            return None
        return self._shown(ahead.known, partial(told, ahead.answer))

    def _search_view(self, wanted, attributes, offset, size):
        controls = view_of(wanted, offset, size)
        return self._shown(wanted, partial(self._search, wanted.of[0], attributes, controls))

    def _shown(self, wanted, ask):
        try:
            rows, controls = ask()
        except Gone:
            return [], 0
        except PastTheEnd:
            if wanted not in self._sorted_lists:  # slapd sorted it all the same, and holds it
                self._sorted_lists = (*self._sorted_lists, wanted)
            raise
        shown = next((one for one in controls if isinstance(one, VLVResponseControl)), None)
        if shown is None:
            raise NotOffered(NotOffered.sentence)
        if shown.contextID != wanted.context:
            made = wanted._replace(context=shown.contextID, length=shown.contentCount)
            self._sorted_lists = (*self._sorted_lists, made)
        return rows, shown.contentCount

    # --- whether a sorted list is still what it was

    def server_state_wanted(self):
        """What to ask when this person comes back, if lists may be gone on with."""
        return [STATE_OF_SERVER] if any(one.state for one in self._sorted_lists) else []

    def note_server_state(self, found):
        self._server_state = state_of_server(found)

    def forget_server_state(self):
        """Before every change: what was said is no longer true after it."""
        self._server_state = None

    def _state_of_server(self):
        """The times of the last changes, one of each server that takes changes; or None.

        What was said at the start of this request is as good, for the first list of a page.
        """
        state, self._server_state = self._server_state, None
        if state is None:
            rows, _ = self.search_bounded(*STATE_OF_SERVER, limit=1)
            state = state_of_server([values for _, values in rows])
        return state

    def _known_list(self, of, state):
        """The youngest list of this search and order, if it would be sorted just so today."""
        known = next((one for one in reversed(self._sorted_lists) if one.of == of), None)
        if known is None or not (known.context and known.state and state):
            return None
        if known.state != state and self._any_changed(of[0], since=known.state[0].decode()):
            return None
        return known

    def _any_changed(self, lookup, since):
        later = f"(&(entryCSN>={since})(!{equals('entryCSN', since)}))"
        rows, more = self.search_bounded(lookup._replace(filterstr=later), [NOTHING], limit=1)
        return bool(rows or more)


def told(answer):
    if isinstance(answer, Exception):
        raise answer
    return answer


def view_of(wanted, offset, size):
    """The controls that ask for this window of a list, or of a known one."""
    return [
        SSSRequestControl(True, ordering_rules=[wanted.of[1]]),
        VLVRequestControl(
            True,
            before_count=0,
            after_count=size - 1,
            offset=offset,
            content_count=wanted.length,
            context_id=wanted.context,
        ),
    ]


def state_of_server(found):
    return sorted(found[0].get("contextCSN", ())) or None if found else None
