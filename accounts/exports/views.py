"""What a domain holds, or what a search in it finds, as a download."""

from django.http import StreamingHttpResponse

from accounts.exports.ldif import ALL_BUT_PASSWORDS, EVERYTHING, ldif_of
from accounts.exports.tables import csv_answer, rows_of
from accounts.models import AddressInFull
from accounts.views.addresses import wish
from domains.managed import managed_or_404
from domains.models import VirtualDomain
from vmail_admin.directory.errors import NotAllowed
from vmail_admin.directory.identity import acting_as, current
from vmail_admin.running.downloads import whole_or_broken

NOT_THE_HASHES = "Hashes of passwords are for the people who run this server."


def as_oneself(entries, identity):
    """Reads the entries as this person: an answer that is streamed is read after the request."""
    with acting_as(identity.for_a_download()):
        yield from entries()


def export_csv(request, domain_name):
    managed_or_404(request, domain_name)
    found = wished(request, domain_name)
    addresses = as_oneself(found.streamed, current())
    return csv_answer(f"{domain_name}.csv", rows_of(addresses))


def export_ldif(request, domain_name):
    """The domain's own entry goes first, unless only a part of its addresses is wished."""
    managed_or_404(request, domain_name)
    with_hashes = "hashes" in request.GET
    if with_hashes and not request.person.is_site_admin:
        raise NotAllowed(NOT_THE_HASHES)
    attributes = EVERYTHING if with_hashes else ALL_BUT_PASSWORDS
    search, _, kind = wish(request)

    def entries():
        if not search and kind == "all":
            yield from VirtualDomain.objects.named(domain_name).streamed_raw(attributes)
        yield from wished(request, domain_name).streamed_raw(attributes)

    text = whole_or_broken(ldif_of(as_oneself(entries, current())))
    answer = StreamingHttpResponse(text, content_type="text/x-ldif; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{domain_name}.ldif"'
    return answer


def wished(request, domain_name):
    search, _, kind = wish(request)
    return AddressInFull.objects.in_domain(domain_name).of_kind(kind).matching(search)
