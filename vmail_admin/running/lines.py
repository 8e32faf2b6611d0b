"""Every line of the log carries the name of the request it is about."""

import logging
import time
from contextlib import contextmanager
from contextvars import ContextVar

from vmail_admin.running.database import is_down

QUIET = 60  # seconds
LONGEST_HOST = 150  # characters of what a stranger sent

_request = ContextVar("request_in_the_log", default="-")


@contextmanager
def about(request_id):
    """Inside this block, what is logged is about this request."""
    token = _request.set(request_id)
    try:
        yield
    finally:
        _request.reset(token)


class WithRequest(logging.Filter):
    """Gives each record its ``request``: 16 hex digits, or "-" outside of all requests.

    What Django says of a request that failed comes when it is over, and holds the request itself.
    """

    def filter(self, record):
        failed = getattr(record, "request", None)
        # Another handler may have come first, and put a name there already.
        name = failed if isinstance(failed, str) else getattr(failed, "id", "-")
        record.request = name if name != "-" else _request.get()
        return True


class WithoutTheObvious(logging.Filter):
    """Drops Django's traceback where a database is away: ``pages`` says that in one line."""

    def filter(self, record):
        return not (record.exc_info and is_down(record.exc_info[1]))


class WithoutPaths(logging.Filter):
    """What Django says of a request that failed names the view, and no path: it holds addresses."""

    def filter(self, record):
        if request := getattr(record, "request", None):
            found = request.resolver_match
            reason = record.getMessage().partition(":")[0]
            record.msg, record.args = f"{reason}: {found.view_name if found else '-'}", None
        return True


class ForeignHosts(logging.Filter):
    """One warning a minute, in each process, of requests that name another host than VMAIL_HOSTS.

    Anybody can send as many as they like. Where it is the panel's own name that is missing there,
    one line is enough to see it.
    """

    until = float("-inf")

    def filter(self, record):
        if time.monotonic() < self.until:
            return False
        self.until = time.monotonic() + QUIET
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        said = record.getMessage().partition(". You may need")[0]
        record.msg, record.args = f"{said[:LONGEST_HOST]}: not one of VMAIL_HOSTS", None
        record.exc_info = None
        return True
