"""The servers of this site, for its administrators: each file as it would be.

The facts come from the file that VMAIL_SITE names. No password is ever read here,
so none can be shown.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from vmail_admin.directory.person import learnt

from .archive import archive
from .emit import SERVICES, rendered
from .facts.secrets import MASK
from .highlight import highlighted
from .holes import holes
from .services import in_order, is_used, told
from .site import Site, SiteError


@dataclass(frozen=True)
class ShownFile:
    path: str
    mode: str
    html: SafeString
    has_secret: bool


def for_site_admins(request):
    """Who is no site administrator any more finds nothing: slapd is asked each time."""
    if not learnt(request.person).is_site_admin:
        raise Http404


def site_to_show():
    """The facts, and what is wrong with them or "". Without a file they are the defaults."""
    if not settings.SITE_FILE:
        return Site(), "none"
    try:
        return Site.to_show(settings.SITE_FILE), ""
    except SiteError as error:
        return None, str(error)


@require_safe
def servers(request):
    for_site_admins(request)
    site, trouble = site_to_show()
    context = {"site": site, "trouble": trouble, "site_file": settings.SITE_FILE}
    if site:
        context["holes"] = holes(site, SERVICES)
        context["services"] = [
            {"name": name, "told": told(name), "used": is_used(name, site)}
            for name in in_order(SERVICES)
        ]
    return render(request, "deploy/servers.html", context)


@require_safe
def server(request, service):
    for_site_admins(request)
    site, trouble = site_to_show()
    if service not in SERVICES:
        raise Http404
    context = {"name": service, "told": told(service), "site_file": settings.SITE_FILE}
    if site:
        context |= {"used": is_used(service, site), "holes": holes(site, [service]), "mask": MASK}
        try:
            context["files"] = [shown(file) for file in rendered(service, site, masked=True)]
        except SiteError as error:
            trouble = str(error)
    return render(request, "deploy/server.html", context | {"site": site, "trouble": trouble})


def shown(file):
    # Pygments escapes what it is given.
    html = mark_safe(highlighted(file.path, file.text))  # noqa: S308
    return ShownFile(f"/{file.path}", f"{file.mode:04o}", html, MASK in file.text)


@require_safe
def servers_archive(request, service=""):
    for_site_admins(request)
    site, _ = site_to_show()
    if site is None or (service and service not in SERVICES):
        raise Http404
    names = [service] if service else [name for name in SERVICES if is_used(name, site)]
    try:
        packed = archive(names, site)
    except SiteError as error:
        messages.error(request, f"There is no archive yet. {error}")
        return redirect("servers")
    name = f"{site.host}-{service or 'servers'}.tar.gz"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(packed, content_type="application/gzip", headers=disposition)
