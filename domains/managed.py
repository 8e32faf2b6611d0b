"""A domain as somebody manages it: found only by those whom slapd shows its postmaster entry."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect

from domains.models import Postmaster, VirtualDomain
from vmail_admin.directory.errors import Stale
from vmail_admin.directory.names import postmaster_dn, same_dn
from vmail_admin.directory.querysets import found_together, in_full
from vmail_admin.feedback import offer
from vmail_admin.journal.reasons import cause_of_mark, cause_of_switch

FOR_SITE_ADMINS = "Only the people who run this server may do this."
A_FEW = 3  # rows of a list beside a domain
MARKED = "{entry} is marked for deletion: restore it first."
NO_ACCOUNTS = "The accounts of this domain are added and deleted by the people who run this server."


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
    beside: list

    def is_postmaster(self, entry):
        return self.postmaster is not None and self.postmaster.is_held_by(entry.dn)

    def appoint(self, entry):
        """Raises Stale for who is marked for deletion."""
        if getattr(entry, "to_be_deleted", False):
            raise Stale(MARKED.format(entry=entry))
        self.postmaster.appoint(entry.dn, entry.kind)

    def cause_for(self, person, entry):
        """Who switched it off or marked it, when and why, for whoever looks after this domain.

        None where nothing is off, or nobody did it here.
        """
        if not person.is_site_admin and not self.is_postmaster(person):
            return None
        if getattr(entry, "to_be_deleted", False):
            return cause_of_mark(name_of(entry))
        return None if entry.active else cause_of_switch(name_of(entry))


def name_of(entry):
    """What the journal calls an account, an alias or a domain."""
    return getattr(entry, "mail", "") or entry.name


def managed_or_404(request, name, beside=None):
    """The domain, its postmaster entry and what to offer. Two LDAP searches, in one round trip.

    ``beside``: what else is Wanted, whose first few entries come in the same round trip.
    A user may read the entry of their own domain, so that alone makes nobody its manager.
    """
    searches = [
        in_full(VirtualDomain.objects.named(name)),
        in_full(Postmaster.objects.at(postmaster_dn(name))),
        *([beside] if beside else []),
    ]
    found = found_together(*searches, limit=A_FEW)
    domain, postmaster = (next(iter(entries), None) for entries in found[:2])
    admin = request.person.is_site_admin
    if domain is None or (postmaster is None and not admin):
        raise Http404
    can = Offered(
        accounts=admin or domain.may_edit_accounts,
        aliases=True,
        postmasters=postmaster is not None and (admin or domain.may_appoint),
    )
    return ManagedDomain(domain, postmaster, can, [row for rows in found[2:] for row in rows])


def offer_to_site_admins(request):
    offer(request, request.person.is_site_admin, FOR_SITE_ADMINS)


def refuse_to_oneself(request, deed, back):
    messages.warning(request, not_by_oneself(deed))
    return redirect(back)


def not_by_oneself(deed):
    """They would be locked out at once, and could not take it back."""
    return f"You cannot {deed}: ask another postmaster or the people who run this server."


def is_oneself(request, entry):
    """Whoever switches off, dismisses or deletes the own entry could not take it back."""
    return same_dn(entry.dn, request.person.dn)
