"""The journal of the site, of a domain and of oneself, and the way back from a change."""

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from vmail_admin.feedback import done, done_with_undo, way_back
from vmail_admin.forms import search_of
from vmail_admin.journal.export import as_csv
from vmail_admin.journal.finding import PERIODS, page_of_rows, wish_of, wished
from vmail_admin.journal.kinds import GROUPS
from vmail_admin.journal.models import Row
from vmail_admin.journal.readers import (
    all_rows,
    known_now,
    may_read,
    own_rows,
    rows_of_domain,
)
from vmail_admin.journal.reasons import ReasonForm, give_reason
from vmail_admin.journal.settling import settle
from vmail_admin.journal.undo import undo_rows, undoable_of
from vmail_admin.journal.words import labels_hidden, lines_of


class Place:
    """A domain by its name, as the crumbs and the bar of a page want it."""

    def __init__(self, name):
        self.name = name


def journal(request):
    return shown(request, all_rows(request), {"heading": "Journal", "scope": "site"})


def domain_journal(request, domain_name):
    rows = rows_of_domain(request, domain_name)
    context = {"heading": "Journal", "scope": "domain", "domain": Place(domain_name)}
    hidden = frozenset() if known_now(request).is_site_admin else {"where"}
    return shown(request, rows, context, hidden)


def my_journal(request):
    context = {"heading": "What happened to my address", "scope": "own"}
    return shown(request, own_rows(request), context, {"where", "reason", *labels_hidden()})


def shown(request, rows, context, hidden=frozenset()):
    own = context["scope"] == "own"
    if not own:
        settle(rows)
    wish = wish_of(request, search_of(request))
    found = wished(rows, wish)
    if request.GET.get("as") == "csv":
        return as_csv(found, "journal.csv", hidden=hidden)
    page = page_of_rows(found, wish)
    context |= {
        "page": page,
        "lines": lines_of(page.rows, known_now(request), own=own),
        "wish": wish,
        "search": wish.search,
        "groups": [(word, label) for word, (label, _) in GROUPS.items()],
        "periods": PERIODS.items(),
        "open_rows": 0 if own else rows.unfinished().count(),
    }
    return render(request, "journal/journal.html", context)


@require_POST
def undo(request):
    """Takes back one row, or what was done together: what belongs to somebody else is not found."""
    asked, back = list(asked_for(request)), way_back(request, reverse("home"))
    rows = [row for row in asked if may_read(request, row)]
    if not rows:
        if asked or not request.POST.get("batch"):
            raise Http404
        messages.info(request, "Nothing was changed, so there is nothing to take back.")
        return redirect(back)
    outcome = undo_rows(rows)
    for _, why in outcome.refused[:3]:
        messages.warning(request, f"Not taken back: {why}")
    if outcome.rows:
        done_with_undo(request, sentence_of(outcome), back)
    elif not outcome.refused:
        messages.warning(request, "This was taken back already.")
    row = outcome.rows[0] if outcome.rows else rows[0]
    anchor = quote(row.entry, safe="@") if back.startswith("/domains/") else ""
    return redirect(f"{back}#{anchor}" if anchor and "#" not in back else back)


def asked_for(request):
    number, batch = request.POST.get("row", ""), request.POST.get("batch", "")
    if number.isascii() and number.isdecimal() and len(number) < 19:
        return Row.objects.made().filter(pk=int(number))
    # PostgreSQL takes no NUL in a text.
    return undoable_of(batch) if batch.isprintable() else []


def sentence_of(outcome):
    if len(outcome.rows) > 1:
        return f"{len(outcome.rows)} changes are taken back."
    return " ".join(outcome.sentences)


@require_POST
def reason(request):
    """Says afterwards why something was done."""
    row = get_object_or_404(Row.objects.made(), pk=whole_number(request.POST.get("row", "")))
    if not may_read(request, row):
        raise Http404
    back = way_back(request, reverse("home"))
    form = ReasonForm(request.POST)
    if form.is_valid() and form.cleaned_data["why"]:
        give_reason(request, row, form.cleaned_data["why"])
        done(request, "The reason is kept.")
    else:
        messages.warning(request, "A reason is one line of at most 200 characters.")
    return redirect(back)


def whole_number(text):
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
