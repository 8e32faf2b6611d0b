"""Of several servers, people read from the one that took their last change, for a while.

Another may have it a moment later only. The session remembers where that was, for a copy of the
panel on another machine may answer the next click.
"""

import time

from django.db import connections

from vmail_admin.directory.backend.router import ALIAS

SERVER, UNTIL = "server", "server_until"
FOR = 10  # seconds; a change is on the other servers after some milliseconds, if they are well


def preferred(session):
    """The server to read from, or "" where any will do."""
    if not connections[ALIAS].is_one_of_several() or session.get(UNTIL, 0) < time.time():
        return ""
    return session.get(SERVER, "")


def remember(session, identity):
    """At the end of a request: whether it changed something, and where."""
    several = connections[ALIAS].is_one_of_several()
    if several and identity.wrote_to and not session.is_empty():
        session[SERVER], session[UNTIL] = identity.wrote_to, int(time.time()) + FOR
