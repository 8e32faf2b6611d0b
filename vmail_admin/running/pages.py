"""What a request becomes that nothing else caught."""

import logging
import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import Error
from django.http import HttpResponse
from django.shortcuts import render

from vmail_admin.running.database import is_down

log = logging.getLogger(__name__)

TOO_LARGE = (
    f"This is more than {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024} MB, the most that "
    "can be sent at once. Nothing was changed."
)
AWAY = "The panel's own database does not answer at the moment."
UNSURE = f"{AWAY} Look whether your last change was saved before you repeat it."


def not_understood(request, exception):
    reason = TOO_LARGE if isinstance(exception, RequestDataTooBig) else ""
    return shown(request, "400.html", 400, reason=reason)


def failed(request):
    """The page for a mistake of ours, and another where only the database is away."""
    error = sys.exc_info()[1]
    if not is_down(error):
        return shown(request, "500.html", 500)
    log.warning("%s: the database does not answer: %s", request.method, type(error).__name__)
    reason = AWAY if request.method in ("GET", "HEAD") else UNSURE
    return shown(request, "503.html", 503, reason=reason)


def shown(request, template, status, **context):
    """Also where the frame of the page needs what is just not there."""
    try:
        return render(request, template, context, status=status)
    except Error:
        words = f"{context.get('reason', AWAY)}\nIf you ask for help, name this: {request.id}\n"
        return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
