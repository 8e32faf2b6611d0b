"""Every line of the log carries the name of the request it is about."""

import logging
from contextlib import contextmanager
from contextvars import ContextVar

from vmail_admin.running.database import is_down

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
    """Gives each record its ``request``: 16 hex digits, or "-" outside of all requests."""

    def filter(self, record):
        record.request = _request.get()
        return True


class WithoutTheObvious(logging.Filter):
    """Drops Django's traceback where a database is away: ``pages`` says that in one line."""

    def filter(self, record):
        return not (record.exc_info and is_down(record.exc_info[1]))
