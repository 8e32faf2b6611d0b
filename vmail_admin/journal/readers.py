"""Who may read which rows. The journal is not in the directory, so this is decided here.

slapd is asked at every page who the person is now: what the session remembers of a dismissed
postmaster opens nothing.
"""

from django.http import Http404

from vmail_admin.directory.errors import NotAllowed
from vmail_admin.directory.person import learnt
from vmail_admin.journal.models import Row

FOR_SITE_ADMINS = "Only the people who run this server may read this."


def known_now(request):
    """The person as slapd shows them at this request: three searches in one round trip."""
    if not hasattr(request, "known_now"):
        request.known_now = learnt(request.person)
    return request.known_now


def all_rows(request):
    if not known_now(request).is_site_admin:
        raise NotAllowed(FOR_SITE_ADMINS)
    return Row.objects.all()


def rows_of_domain(request, domain_name):
    if not looks_after(request, domain_name):
        raise Http404
    return Row.objects.filter(domain=domain_name.lower())


def own_rows(request):
    """What happened to one's own entry."""
    if not known_now(request).has_page:
        raise Http404
    return Row.objects.of(request.person.mail)


def looks_after(request, domain_name):
    person = known_now(request)
    return person.is_site_admin or domain_name.lower() in person.domains


def may_read(request, row):
    """Whether the person sees this row on a page of the journal, or made the change."""
    return row.who_dn == request.person.dn or looks_after(request, row.domain)
