"""Lists: the addresses of one domain, and of the whole server."""

from django.shortcuts import render

from accounts.models import ORDERS, Address
from accounts.passwordless import mark_passwordless
from accounts.querysets import LISTS
from domains.managed import managed_or_404
from domains.unfinished import mark_unfinished
from vmail_admin.directory.names import POSTMASTER
from vmail_admin.directory.pages import PAGE_SIZE, ask_ahead, page_number, page_of
from vmail_admin.directory.querysets import as_rows
from vmail_admin.feedback import offer
from vmail_admin.forms import search_of

SPECIAL = ("postmaster", "abuse", "")  # local parts pinned to the top of a domain's list
FOUND_A_PAGE = 25


def address_list(request, domain_name):
    """Four searches: the domain, its postmaster, what is pinned, and the page of the list."""
    search, sort, kind = wish(request)
    entries = Address.objects.in_domain(domain_name).of_kind(kind).matching(search)
    wanted = {"order": sort, **asked_of(request, search)}
    ask_ahead(entries, **wanted)
    has_pinned = not search and kind != "accounts"
    wanted_beside = as_rows(special(domain_name)) if has_pinned else None
    managed = managed_or_404(request, domain_name, wanted_beside)
    mark_unfinished([managed.domain])
    managed.domain.unfinished = managed.domain.unfinished or managed.postmaster is None
    page = page_of(entries, **wanted, few=bool(search))
    mark_postmasters(page.rows, managed.postmaster)
    mark_passwordless(page.rows)
    pinned = in_their_order(managed.beside)
    if has_pinned:
        page.rows = [row for row in page.rows if not row.special]
    for row in [*page.rows, *pinned]:
        row.takes_password = managed.can.postmasters or row.special != POSTMASTER
    offer_to_pick(page.rows, pinned)
    context = {
        "domain": managed.domain,
        "can": managed.can,
        "page": page,
        "pinned": pinned if page.number == 1 else [],
        "cause": managed.cause_for(request.person, managed.domain),
        "has_catch_all": any(row.special == "catch-all" for row in pinned),
        "search": search,
        "sort": sort,
        "kind": kind,
        "matching": page.total - len(pinned),
    }
    return render(request, "address_list.html", context)


def offer_to_pick(rows, pinned):
    """What every domain should have is not a thing to be done away with by the dozen."""
    for row in rows:
        row.pick = row.special != POSTMASTER
    for row in pinned:
        row.pick = False


def wish(request):
    """What a list's URL asks for. What makes no sense is the ordinary list."""
    sort, kind = request.GET.get("sort", "address"), request.GET.get("kind", "all")
    return (
        search_of(request),
        sort if sort.removeprefix("-") in ORDERS else "address",
        kind if kind in LISTS else "all",
    )


def asked_of(request, search):
    """Which page of the list. Who searches wants the first few, not a long one to read."""
    size = FOUND_A_PAGE if search else PAGE_SIZE
    return {"number": page_number(request.GET.get("page", "")), "size": size}


def special(domain_name):
    mails = [f"{local_part}@{domain_name}" for local_part in SPECIAL]
    return Address.objects.in_domain(domain_name).filter(mail__in=mails)


def in_their_order(rows):
    found = {row.special: row for row in rows}
    return [found[name] for name in ("postmaster", "abuse", "catch-all") if name in found]


def mark_postmasters(rows, postmaster):
    addresses = set(postmaster.addresses()) if postmaster else set()
    for row in rows:
        row.is_postmaster = row.mail.lower() in addresses


def find(request):
    """Any address the person may see, wherever it is. The site admin sees the whole server."""
    offer(request, request.person.is_site_admin or request.person.domains)
    search, sort, _ = wish(request)
    page = None
    if search:
        entries = Address.objects.all().matching(search)
        page = page_of(entries, **asked_of(request, search), order=sort, few=True)
        mark_passwordless(page.rows)
    return render(request, "find.html", {"page": page, "search": search, "sort": sort})
