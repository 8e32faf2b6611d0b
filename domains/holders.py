"""Who holds the post of a domain, as pages show them, and who could."""

from dataclasses import dataclass

from django.conf import settings
from ldapdb.models.fields import CharField

from vmail_admin.addresses import shown_address
from vmail_admin.converters import url_of
from vmail_admin.directory.entries import Entry
from vmail_admin.directory.fields import FlagField, ValuesField
from vmail_admin.directory.names import (
    address_in,
    domain_dn,
    domain_in,
    domain_of,
    key_of,
    label_of,
    parent_of,
    rdns_of,
    same_dn,
)


class Holder(Entry):
    """An account or an alias, and no more of it than a post asks for. Read, never saved."""

    structural_classes = ("JammMailAccount", "JammMailAlias")
    shown_in_lists = ("mail", "kinds", "active", "to_be_deleted")
    base_dn = settings.DIRECTORY_BASE_DN

    mail = CharField("address", db_column="mail", primary_key=True)
    kinds = ValuesField(db_column="structuralObjectClass")
    active = FlagField(db_column="accountActive", default=True)
    to_be_deleted = FlagField(db_column="delete", default=False)

    class Meta(Entry.Meta):
        ordering = ["mail"]

    def __str__(self):
        return shown_address(self.mail)

    @property
    def kind(self):
        return "account" if "JammMailAccount" in self.kinds else "alias"

    @property
    def edit_url(self):
        return url_of(f"{self.kind}-edit", self.mail)


@dataclass(frozen=True)
class Held:
    """A postmaster, as a page shows one. ``entry`` is None where slapd shows this person none."""

    dn: str
    name: str
    entry: Holder | None
    opens: bool  # whether the page about it does
    is_gone: bool
    is_oneself: bool
    can_come_back: bool  # whether this person could appoint it again

    @property
    def kind(self):
        """ "account" or "alias", or "" where it is not known."""
        return self.entry.kind if self.entry else ""


def holders_of(managed, person):
    """Who is postmaster, each as a page shows it: one search for all of them.

    A postmaster of another domain's is not shown to every postmaster of this one.
    """
    post = managed.postmaster
    dns = [dn for dn in post.holders if not same_dn(dn, post.dn)] if post else []
    found = entries_of(dns)
    held = [held_by(dn, found.get(key_of(dn)), managed.domain, person) for dn in dns]
    return sorted(held, key=lambda one: one.name.lower())


def entries_of(dns):
    """The entries of these DNs, as far as they are shown, by the keys of their DNs."""
    mails = [mail for mail in map(address_in, dns) if mail and mail.isprintable()]
    if not mails:
        return {}
    found, _ = Holder.objects.filter(mail__in=mails).bounded(0)
    return {key_of(entry.dn): entry for entry in found}


def held_by(dn, entry, domain, person):
    looks_after = person.looks_after(domain_in(dn))
    return Held(
        dn=dn,
        name=address_in(dn) or label_of(dn) or dn,
        entry=entry,
        opens=entry is not None and looks_after,
        is_gone=entry is None and looks_after and bool(address_in(dn)),
        is_oneself=same_dn(dn, person.dn),
        can_come_back=may_appoint(person, domain, dn),
    )


def may_appoint(person, domain, dn):
    """Whether slapd would let this person appoint, where postmasters may at all.

    The strict rules let a postmaster appoint who lies right below the own domain.
    """
    return person.is_site_admin or (bool(rdns_of(dn)) and same_dn(parent_of(dn), domain.dn))


def holder_at(mail):
    """The account or alias of an address, wherever below its domain; None where there is none."""
    found = Holder.objects.everywhere_below(domain_dn(domain_of(mail))).filter(mail=mail)
    return next(iter(found.bounded(1)[0]), None)
