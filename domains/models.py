"""A mail domain, and who is its postmaster."""

from collections import namedtuple
from operator import attrgetter

from django.conf import settings
from django.db.models import Q
from ldapdb.models.fields import CharField

from vmail_admin.addresses import searched, shown_domain
from vmail_admin.converters import url_of
from vmail_admin.directory.changes import told
from vmail_admin.directory.counts import counted_below
from vmail_admin.directory.entries import ONE_LEVEL, Entry
from vmail_admin.directory.errors import Invalid
from vmail_admin.directory.fields import FirstValueField, FlagField, ValuesField
from vmail_admin.directory.names import (
    POSTMASTER,
    address_dn,
    address_in,
    domain_dn,
    same_dn,
)
from vmail_admin.directory.pages import Order
from vmail_admin.directory.querysets import EntryQuerySet

MOST_IDN = 500  # domains of other scripts that a search looks through

# What a row of a list shows of a domain.
Shown = namedtuple(
    "Shown",
    "name description active to_be_deleted unfinished may_edit_accounts may_appoint"
    " accounts aliases",
)
row_values = attrgetter(*Shown._fields)


class VirtualDomainQuerySet(EntryQuerySet):
    def named(self, name):
        return self.at(domain_dn(name))

    def matching(self, text):
        """By any part of the name, in either spelling."""
        text = text.strip().lower()
        if not text:
            return self
        wanted = Q(name__contains=searched(text))
        if names := self._idn_names_with(text):
            wanted |= Q(name__in=names)
        return self.filter(wanted)

    def _idn_names_with(self, text):
        """A part of bücher.example is no part of its A-label: these are looked through here."""
        if text.isascii():
            return []
        found, _ = self.filter(name__contains="xn--").bounded(MOST_IDN)
        return [domain.name for domain in found if text in domain.shown_name]

    def suspended(self):
        return self.filter(active=False)

    def marked(self):
        return self.filter(to_be_deleted=True)


class VirtualDomain(Entry):
    """A domain whose mail is kept here: JammVirtualDomain."""

    object_classes = ["top", "JammVirtualDomain"]
    structural_classes = ("JammVirtualDomain",)
    shown_in_lists = (
        "name",
        "description",
        "active",
        "to_be_deleted",
        "may_edit_accounts",
        "may_appoint",
        "last_change",
    )
    base_dn = settings.DIRECTORY_BASE_DN
    search_scope = ONE_LEVEL
    orders = {
        "name": Order("name", "jvd:caseIgnoreOrderingMatch"),
        "changed": Order("last_change", "lastChange:integerOrderingMatch"),
    }

    name = CharField("domain", db_column="jvd", primary_key=True)
    description = FirstValueField("note", db_column="description", blank=True)
    active = FlagField(db_column="accountActive", default=True)
    to_be_deleted = FlagField(db_column="delete", default=False)
    may_edit_accounts = FlagField(db_column="editAccounts", default=True)
    may_appoint = FlagField(db_column="editPostmasters", default=True)
    transport = CharField(db_column="postfixTransport", default="virtual:", editable=False)

    objects = VirtualDomainQuerySet.as_manager()

    class Meta(Entry.Meta):
        ordering = ["name"]

    def __str__(self):
        return self.shown_name

    @property
    def shown_name(self):
        return shown_domain(self.name)

    @property
    def edit_url(self):
        return url_of("domain-edit", self.name)

    def shown(self):
        """All that its row in a list is drawn from."""
        return Shown(*row_values(self))

    def new_dn(self):
        return domain_dn(self.name)


class DutyAddress(Entry):
    """An alias that every domain has to have (RFC 2142)."""

    structural_classes = ("JammMailAlias",)
    base_dn = settings.DIRECTORY_BASE_DN

    mail = CharField(db_column="mail", primary_key=True)
    destinations = ValuesField(db_column="maildrop")
    active = FlagField(db_column="accountActive", default=True)

    class Meta(Entry.Meta):
        abstract = True

    def __str__(self):
        return self.mail

    def new_dn(self):
        return address_dn(self.mail)


class Abuse(DutyAddress):
    object_classes = ["top", "JammMailAlias"]


class Postmaster(DutyAddress):
    """cn=postmaster of a domain: the alias postmaster@DOMAIN, and who holds the post."""

    object_classes = ["top", "JammMailAlias", "JammPostmaster"]

    full_name = FirstValueField(db_column="cn", default=POSTMASTER)
    holders = ValuesField(db_column="roleOccupant")

    def is_held_by(self, dn):
        return any(same_dn(dn, holder) for holder in self.holders)

    def addresses(self):
        """Who is postmaster, by address; the entry's own DN is no person."""
        return sorted(address_in(holder) for holder in self.holders if not same_dn(holder, self.dn))

    def appoint(self, dn, kind=""):
        """``kind``, "account" or "alias", is for the journal, which cannot see it in a DN."""
        if not self.is_held_by(dn):
            with told(facts=facts_of(kind)):
                self._change_holders(dn, True, additions=[("roleOccupant", dn)])

    def dismiss(self, dn, kind=""):
        if holder := next((one for one in self.holders if same_dn(one, dn)), None):
            with told(facts=facts_of(kind)):
                self._change_holders(dn, False, removals=[("roleOccupant", holder)])

    def forget(self, dn):
        """Dismisses who is deleted, where slapd has not done so itself (its refint overlay)."""
        now = Postmaster.objects.at(self.dn).first()
        if now is not None:
            now.dismiss(dn)

    def _change_holders(self, dn, held, **change):
        try:
            self.values_changed(**change)
        except Invalid:
            # Somebody was quicker: slapd adds no value twice and removes none that is not there.
            now = Postmaster.objects.at(self.dn).first()
            if now is None or now.is_held_by(dn) != held:
                raise


def facts_of(kind):
    return (("kind", kind),) if kind else None


def with_counts(domains):
    """Gives each domain `accounts` and `aliases`, as text, in one round trip for all of them."""
    for domain, (accounts, aliases) in zip(
        domains, counted_below([domain.dn for domain in domains]), strict=True
    ):
        domain.accounts, domain.aliases = accounts, aliases
    return domains
