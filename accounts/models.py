"""What a domain holds: accounts, aliases, and addresses, which are either."""

import datetime as dt
from collections import namedtuple
from operator import attrgetter

from django.conf import settings
from django.utils import timezone
from django.utils.functional import cached_property
from ldapdb.models.fields import CharField

from accounts import quota
from accounts.querysets import AddressQuerySet
from vmail_admin.addresses import shown_address
from vmail_admin.converters import url_of
from vmail_admin.directory.entries import Entry
from vmail_admin.directory.errors import Invalid, Stale
from vmail_admin.directory.fields import (
    FirstValueField,
    FlagField,
    ServerTimeField,
    ValuesField,
)
from vmail_admin.directory.names import (
    POSTMASTER,
    address_dn,
    domain_of,
    local_part_of,
    same_dn,
)
from vmail_admin.directory.pages import Order

ORDERS = {
    "address": Order("mail", "mail:caseIgnoreOrderingMatch"),
    "name": Order("full_name", "cn:caseIgnoreOrderingMatch"),
    "changed": Order("last_change", "lastChange:integerOrderingMatch"),
}

A_MOMENT = dt.timedelta(minutes=1)

# What a row of a list shows of an address.
Shown = namedtuple(
    "Shown",
    "kind mail full_name quota active to_be_deleted special"
    " is_postmaster has_no_password takes_password pick destinations",
)
row_values = attrgetter(*Shown._fields[:-1])


class AddressEntry(Entry):
    """What accounts and aliases share."""

    base_dn = settings.DIRECTORY_BASE_DN
    orders = ORDERS

    mail = CharField("address", db_column="mail", primary_key=True)
    full_name = FirstValueField("name", db_column="cn", blank=True)
    description = FirstValueField("note", db_column="description", blank=True)
    active = FlagField(db_column="accountActive", default=True)
    # slapd's own, kept by its ppolicy overlay: when the password was last set, if there is one.
    password_changed = ServerTimeField(db_column="pwdChangedTime", editable=False)

    KEPT_BY_SLAPD = Entry.KEPT_BY_SLAPD | {"password_changed"}

    objects = AddressQuerySet.as_manager()

    class Meta(Entry.Meta):
        abstract = True
        ordering = ["mail"]

    def __str__(self):
        return self.shown_mail

    @property
    def shown_mail(self):
        return shown_address(self.mail)

    @property
    def domain_name(self):
        return domain_of(self.mail)

    @property
    def local_part(self):
        return local_part_of(self.mail)

    @cached_property
    def special(self):
        """ "catch-all", "postmaster" or "abuse", for the three that every domain should have."""
        if self.mail.startswith("@"):
            return "catch-all"
        name = self.local_part.lower()
        return name if name in (POSTMASTER, "abuse") else ""

    def new_dn(self):
        return address_dn(self.mail)

    def was_just_added_by(self, dn):
        """Whether this person added the entry a moment ago, and nobody else changed it since.

        slapd itself remembers it: two clicks may arrive in one instant, in two processes.
        """
        is_new = self.created and timezone.now() - self.created < A_MOMENT
        is_kept = not getattr(self, "to_be_deleted", False)
        return bool(is_new) and is_kept and same_dn(self.changed_by, dn)

    def switch(self, on):
        self.set_flags(active=on)

    @property
    def edit_url(self):
        return url_of(f"{self.kind}-edit", self.mail)


class MailAccount(AddressEntry):
    """A mailbox somebody reads: JammMailAccount."""

    kind = "account"
    object_classes = ["top", "JammMailAccount"]
    structural_classes = ("JammMailAccount",)

    quota = CharField(db_column="quota", blank=True)
    to_be_deleted = FlagField(db_column="delete", default=False)
    home = CharField(db_column="homeDirectory", default=settings.MAIL_HOME, editable=False)
    mailbox = CharField(db_column="mailbox", editable=False)

    def save(self, **options):
        self.find_mailbox()
        super().save(**options)

    def as_added(self, connection):
        self.find_mailbox()
        return super().as_added(connection)

    def find_mailbox(self):
        self.mailbox = self.mailbox or f"{self.domain_name}/{self.local_part}/"

    def switch(self, on):
        if on and self.to_be_deleted:
            raise Stale(f"{self} is marked for deletion: restore it first.")
        super().switch(on)

    def set_flags(self, **flags):
        """slapd keeps whoever is marked for deletion switched off. Raises Stale."""
        try:
            super().set_flags(**flags)
        except Invalid:
            raise Stale(Stale.sentence) from None

    def retire(self):
        """Closed now; the mail and the entry go when the site cleans up."""
        self.set_flags(active=False, to_be_deleted=True)

    def restore(self, active=True):
        self.set_flags(active=active, to_be_deleted=False)


class MailAlias(AddressEntry):
    """An address whose mail goes to others: JammMailAlias."""

    kind = "alias"
    object_classes = ["top", "JammMailAlias"]
    structural_classes = ("JammMailAlias",)
    shown_in_lists = ("mail", "destinations", "active")

    destinations = ValuesField(db_column="maildrop")


class EitherKind(AddressEntry):
    """An account or an alias, whichever slapd says. Read, never saved."""

    structural_classes = ("JammMailAccount", "JammMailAlias")

    kinds = ValuesField(db_column="structuralObjectClass")

    class Meta(AddressEntry.Meta):
        abstract = True

    @cached_property
    def kind(self):
        return "account" if "JammMailAccount" in self.kinds else "alias"

    def save(self, **options):
        raise TypeError("An address is saved as the account or alias it is.")


class Address(EitherKind):
    """A row of a list."""

    shown_in_lists = (
        "mail",
        "full_name",
        "active",
        "to_be_deleted",
        "destinations",
        "stored_quota",
        "kinds",
        "last_change",
    )

    to_be_deleted = FlagField(db_column="delete", default=False)
    destinations = ValuesField(db_column="maildrop")
    stored_quota = CharField(db_column="quota")

    is_postmaster = has_no_password = False
    takes_password = True
    # Whether it can be selected in a list; None where nothing can be.
    pick = None

    @cached_property
    def quota(self):
        return quota.shown(self.stored_quota)

    def shown(self):
        """All that its row in a list is drawn from."""
        return Shown(*row_values(self), tuple(self.destinations))


class AddressName(EitherKind):
    """Which addresses there are, and of what kind: as little as slapd can be asked of many."""

    shown_in_lists = ("mail", "kinds")


class AddressInFull(EitherKind):
    """What a table of a domain holds of each address."""

    shown_in_lists = (
        *("mail", "full_name", "description", "active", "to_be_deleted", "destinations"),
        *("stored_quota", "kinds"),
    )

    to_be_deleted = FlagField(db_column="delete", default=False)
    destinations = ValuesField(db_column="maildrop")
    stored_quota = CharField(db_column="quota")
