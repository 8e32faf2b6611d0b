"""What a page says after a change, the way back from it, and what is not even offered."""

import json

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from vmail_admin.directory.errors import NotAllowed

LONGEST_WAY = 600  # characters of a URL; it travels in a cookie, as all messages do


def done(request: HttpRequest, sentence, undo_url=None, **fields):
    """A message; with ``undo_url``, beside it a button that posts ``fields`` there.

    Messages travel in a signed cookie, so nobody but the panel makes such a button.
    """
    undo = json.dumps({"url": undo_url, "fields": list(fields.items())}) if undo_url else ""
    messages.success(request, sentence, extra_tags=undo)


def done_with_undo(request, sentence, back, batch=None):
    """A message with Undo beside it: the journal takes back what this request changed.

    ``batch``: what was told of changes, where that is not the request's own name.
    """
    done(request, sentence, reverse("journal-undo"), batch=batch or request.batch, next=back)


def way_back(request, default):
    """Where the person came from, as the form says; only ever a page of this panel."""
    wanted = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    short = len(wanted) <= LONGEST_WAY
    return wanted if inside and short and wanted.startswith("/") else default


def offer(request, allowed, sentence=NotAllowed.sentence):
    """A form that could only lead to a refusal is not shown.

    What is sent all the same goes to slapd, which decides.
    """
    if not allowed and request.method != "POST":
        raise NotAllowed(sentence)
