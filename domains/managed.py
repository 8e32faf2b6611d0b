"""A domain as somebody manages it: found only by those whom slapd shows its postmaster entry."""

from dataclasses import dataclass

from django.http import Http404

from domains.models import Postmaster, VirtualDomain
from vmail_admin.directory.names import postmaster_dn


@dataclass(frozen=True)
class Offered:
    """What the pages of a domain offer. slapd decides again when it is done."""

    accounts: bool  # add and delete accounts
    aliases: bool
    postmasters: bool  # appoint and dismiss


@dataclass(frozen=True)
class ManagedDomain:
    domain: VirtualDomain
    postmaster: Postmaster | None
    can: Offered


def managed_or_404(request, name):
    """The domain, its postmaster entry and what to offer. Two LDAP searches.

    A user may read the entry of their own domain, so that alone makes nobody its manager.
    """
    domain = VirtualDomain.objects.named(name).first()
    postmaster = Postmaster.objects.at(postmaster_dn(name)).first() if domain else None
    admin = request.person.is_site_admin
    if domain is None or (postmaster is None and not admin):
        raise Http404
    can = Offered(
        accounts=admin or domain.may_edit_accounts,
        aliases=True,
        postmasters=postmaster is not None and (admin or domain.may_appoint),
    )
    return ManagedDomain(domain, postmaster, can)
