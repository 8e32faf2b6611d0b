"""What a page says after a change, the way back from it, and what is not even offered."""

import json

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from vmail_admin.directory.errors import NotAllowed

LONGEST_WAY = 600  # characters of a URL; it travels in a cookie, as all messages do


def done(request: HttpRequest, sentence, undo_url=None, reason_at="", **fields):
    """A message; with ``undo_url``, beside it a button that posts ``fields`` there.

    ``reason_at``: the page where a reason can be given for it, which a link then leads to. Messages
    travel in a signed cookie, so nobody but the panel makes such a button.
    """
    told = {"url": undo_url, "fields": list(fields.items())}
    if reason_at:
        told["reason"] = f"{reason_at}#reason"
    messages.success(request, sentence, extra_tags=json.dumps(told) if undo_url else "")


def done_with_undo(request, sentence, back, batch=None, reason_at=""):
    """A message with Undo beside it: the journal takes back what this request changed.

    ``batch``: what was told of changes, where that is not the request's own name. ``reason_at`` as
    in ``done``; on that very page nothing has to lead there.
    """
    fields = {"batch": batch or request.batch, "next": back}
    elsewhere = "" if back.partition("?")[0] == reason_at else reason_at
    done(request, sentence, reverse("journal-undo"), elsewhere, **fields)


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
