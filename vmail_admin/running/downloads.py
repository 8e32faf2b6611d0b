"""A download is written while it is read: what breaks off in the middle must not look whole."""

import errno
import logging

from django.db import DatabaseError, InterfaceError

log = logging.getLogger(__name__)


def whole_or_broken(pieces):
    """The same pieces. Where their source goes away meanwhile, the answer breaks off unfinished.

    A database is meant, or slapd. It is too late for an error page by then, and an orderly end
    would pass half for all of it. gunicorn takes this error for a connection that is lost.
    """
    try:
        yield from pieces
    except (DatabaseError, InterfaceError) as error:
        log.warning("A download broke off: %s", type(error).__name__)
    else:
        return
    raise ConnectionResetError(errno.ECONNRESET, "the download broke off")
