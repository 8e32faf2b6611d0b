"""What a page says after a change, and the way back from it."""

import json

from django.contrib import messages
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def done(request: HttpRequest, sentence, undo_url=None, **fields):
    """A message; with ``undo_url``, beside it a button that posts ``fields`` there.

    Messages travel in a signed cookie, so nobody but the panel makes such a button.
    """
    undo = json.dumps({"url": undo_url, "fields": list(fields.items())}) if undo_url else ""
    messages.success(request, sentence, extra_tags=undo)


def way_back(request, default):
    """Where the person came from, as the form says; only ever a page of this panel."""
    wanted = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if inside and wanted.startswith("/") else default
