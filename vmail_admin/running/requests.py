"""Each request has a name of its own, and leaves one line in the log.

The line names the view and no path, for paths hold addresses; and no person. Who asked is in the
web server's own log, and what was changed in the journal.
"""

import logging
import secrets
import time

from django.conf import settings

from vmail_admin.directory.tally import tallied
from vmail_admin.running import lines

log = logging.getLogger("vmail_admin.requests")

HEADER = "X-Request-ID"


def each_request(get_response):
    """Made here and nowhere else: what a browser calls its request is not believed."""
    counted = counting()

    def middleware(request):
        request.id = secrets.token_hex(8)
        began = time.perf_counter()
        with lines.about(request.id), tallied() as tally:
            response = get_response(request)
            response.headers[HEADER] = request.id
            if not request.path_info.startswith(settings.STATIC_URL):
                seconds, view = time.perf_counter() - began, view_of(request)
                log.info(LINE, *line_of(request.method, view, response.status_code, seconds, tally))
                counted(request, view, response.status_code, seconds, tally)
        return response

    return middleware


LINE = "%s %s status=%s ms=%.1f ldap=%s ldap_ms=%.1f"


def line_of(method, view, status, seconds, tally):
    """Times in milliseconds; ``ldap`` is how many operations slapd was asked for."""
    return method, view, status, seconds * 1000, tally.operations, tally.seconds * 1000


def view_of(request):
    """The name of the page, or "-" where there is none at this path."""
    found = request.resolver_match
    return (found.view_name if found else "") or "-"


def counting():
    """What takes the numbers of a request: nothing, unless they are wished for."""
    if not settings.METRICS:
        return lambda *numbers: None
    from vmail_admin.running import metrics

    return metrics.count
