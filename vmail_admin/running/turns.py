"""So many pages are made at a time; the others wait for their turn.

A thread that waits costs next to nothing. But a hundred people who sign in in the same second would
all wait for slapd at once, each for as long as a hundred slow hashes take, and be told that it does
not answer. In turn they wait as long, and get in: the time that slapd is given for a page begins
with the turn. With it goes a connection to the panel's own database, so few of these stay open.

A turn begins when all of the request is there: a form that trickles in keeps a thread, and no page.
"""

import threading
from contextlib import suppress
from weakref import WeakSet

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.signals import connection_created
from django.http import UnreadablePostError

_lock = threading.Lock()
_opened = WeakSet()  # wrappers of threads that have, or had, a connection to the database


def in_turn(get_response):
    turns = threading.BoundedSemaphore(settings.AT_ONCE)

    def middleware(request):
        wait_for_all_of(request)
        with turns:
            try:
                return get_response(request)
            finally:
                leave_few_open()

    return middleware


def wait_for_all_of(request):
    """Reads a form, as a view would later. Whoever hangs up meanwhile has sent an empty one."""
    with suppress(UnreadablePostError):
        _ = request.POST


def note_opened(connection, **_):
    if connection.alias == DEFAULT_DB_ALIAS:
        with _lock:
            _opened.add(connection)


connection_created.connect(note_opened, dispatch_uid="a turn")


def leave_few_open():
    """Closes this thread's, where as many stay open as are in use at a time."""
    mine = connections[DEFAULT_DB_ALIAS]
    with _lock:
        too_many = sum(one.connection is not None for one in _opened) > settings.AT_ONCE
    if too_many and not mine.in_atomic_block:
        mine.close()
