"""What all entries share: their place, a save that loses nothing, and who changed them last."""

import ldap
import ldapdb.models
from django.db import connections
from django.utils import timezone
from django.utils.crypto import salted_hmac
from ldap.controls.libldap import AssertionControl
from ldapdb.models.fields import CharField

from vmail_admin.addresses import shown_address
from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.backend.searches import equals
from vmail_admin.directory.fields import (
    FirstValueField,
    ServerTimeField,
    UnixTimeField,
    ValuesField,
)
from vmail_admin.directory.names import label_of
from vmail_admin.directory.querysets import EntryQuerySet

ONE_LEVEL = ldap.SCOPE_ONELEVEL
SEAL = 32  # hexadecimal digits


class Entry(ldapdb.models.Model):
    """An entry of the directory.

    ``structural_classes`` are the kinds of entry a model shows, ``object_classes`` what a new one
    is made of, ``shown_in_lists`` the fields that a row of a list needs.
    """

    structural_classes = ()
    shown_in_lists = ()

    last_change = UnixTimeField("changed", db_column="lastChange", null=True, editable=False)
    created = ServerTimeField(db_column="createTimestamp", editable=False)
    changed_at = ServerTimeField(db_column="modifyTimestamp", editable=False)
    changed_by = CharField(db_column="modifiersName", editable=False)
    version = CharField(db_column="entryCSN", editable=False)

    KEPT_BY_SLAPD = frozenset({"created", "changed_at", "changed_by", "version"})

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        managed = False

    def __init__(self, *values, **options):
        super().__init__(*values, **options)
        self._loaded = {}

    @classmethod
    def from_db(cls, db, names, values):
        entry = super().from_db(db, names, values)
        entry._loaded = dict(zip(names, values, strict=True))
        return entry

    def new_dn(self):
        """Where an entry that is not in the directory yet will go."""
        raise NotImplementedError

    def build_dn(self):
        # slapd's spelling of a DN is kept, and an entry never moves as a side effect of a save.
        return self.dn or self.new_dn()

    def changed_by_label(self):
        """A short name of whoever changed this entry last, or ""."""
        return shown_address(label_of(self.changed_by))

    def seal(self):
        """A short text that differs where a stored value differs, and tells nobody the values.

        slapd gives an entry a new version for each wrong password too (slapo-ppolicy(5),
        pwdFailureTime): that changes nothing anybody edits.
        """
        values = [(name, self._loaded.get(name)) for name in sorted(self._stored_names())]
        return salted_hmac("state of an entry", repr(values)).hexdigest()[:SEAL]

    def _stored_names(self):
        return [field.attname for field in self._stored_fields()]

    # --- saving

    def _save_table(
        self,
        raw=False,
        cls=None,
        force_insert=False,
        force_update=False,
        using=None,
        update_fields=None,
    ):
        connection = connections[using]
        if not self.dn:
            self._add(connection)
            return False
        self._modify(connection, update_fields)
        return True

    def _stored_fields(self):
        return [
            field
            for field in self._meta.concrete_fields
            if field.db_column and field.name not in self.KEPT_BY_SLAPD
        ]

    def _raw(self, field, connection, value):
        return field.get_db_prep_save(value, connection=connection)

    def as_added(self, connection):
        """The DN of a new entry, and what it is added with, as python-ldap takes it."""
        self.last_change = timezone.now()
        classes = [("objectClass", [kind.encode() for kind in self.object_classes])]
        values = [
            (field.db_column, self._raw(field, connection, getattr(self, field.attname)))
            for field in self._stored_fields()
        ]
        return self.new_dn(), classes + [(name, value) for name, value in values if value]

    def was_added(self, dn):
        self.dn = self._saved_dn = dn
        self._loaded = {
            field.attname: getattr(self, field.attname) for field in self._stored_fields()
        }

    def _add(self, connection):
        dn, values = self.as_added(connection)
        connection.add_s(dn, values)
        self.was_added(dn)

    def _modify(self, connection, only):
        """Changes what differs from what was loaded, and nothing else (RFC 4511, 4.6).

        Raises Stale when the entry is no longer the version that was loaded (RFC 4528).
        """
        changes = [
            change
            for field in self._stored_fields()
            if not field.primary_key and field.attname in self._loaded
            if only is None or field.name in only
            for change in self._change_of(field, connection)
        ]
        if not changes:
            return
        self.last_change = timezone.now()
        field = self._meta.get_field("last_change")
        changes.append(
            (ldap.MOD_REPLACE, field.db_column, self._raw(field, connection, self.last_change))
        )
        connection.modify_s(
            self._saved_dn, changes, controls=self._unchanged(), loaded=self._as_loaded(connection)
        )
        self._remember()

    def _as_loaded(self, connection):
        """What the entry held when it was read, by attribute, as slapd has it."""
        fields = [field for field in self._stored_fields() if field.attname in self._loaded]
        loaded = {
            field.db_column: self._raw(field, connection, self._loaded[field.attname]) or []
            for field in fields
            if self._loaded[field.attname] is not None
        }
        for field in fields:
            if others := getattr(self._loaded[field.attname], "others", ()):
                loaded[field.db_column] = [*loaded[field.db_column], *others]
        return loaded

    def _change_of(self, field, connection):
        if field.name == "last_change":
            return []
        old = self._raw(field, connection, self._loaded[field.attname])
        new = self._raw(field, connection, getattr(self, field.attname))
        if old == new:
            return []
        if isinstance(field, FirstValueField) and old:
            return self._change_of_first(field, old, new)
        if isinstance(field, ValuesField):
            # Value by value: what was there before may be something this person could not add.
            gone = [value for value in old if value not in new]
            come = [value for value in new if value not in old]
            steps = [
                (ldap.MOD_DELETE, field.db_column, gone),
                (ldap.MOD_ADD, field.db_column, come),
            ]
            return [step for step in steps if step[2]]
        return [(ldap.MOD_REPLACE, field.db_column, new or None)]

    def _change_of_first(self, field, old, new):
        """The others go behind the new first: slapd keeps values in the order they came."""
        if not new:
            return [(ldap.MOD_DELETE, field.db_column, old)]
        others = list(getattr(self._loaded[field.attname], "others", ()))
        behind = [one for one in others if one.lower() != new[0].lower()]
        return [
            (ldap.MOD_DELETE, field.db_column, old + others),
            (ldap.MOD_ADD, field.db_column, new + behind),
        ]

    def _unchanged(self):
        """The condition that this is still the version that was loaded."""
        return [AssertionControl(True, equals("entryCSN", self.version))] if self.version else None

    def _remember(self):
        """The entry has a new version now, which only slapd knows."""
        self._loaded.update({name: getattr(self, name) for name in self._loaded})
        self.version = ""

    def set_flags(self, **flags):
        """Sets flags in one change: what they shall be, whatever else changed meanwhile."""
        self.version = ""
        for name, on in flags.items():
            setattr(self, name, on)
        self.save()

    def values_changed(self, additions=(), removals=()):
        """Adds and removes single values: two people at once do not undo each other.

        Both are lists of (attribute, value). Raises NotAllowed, Invalid, Stale.
        """
        stamp = str(int(timezone.now().timestamp())).encode()
        changes = [(ldap.MOD_DELETE, name, [value.encode()]) for name, value in removals]
        changes += [(ldap.MOD_ADD, name, [value.encode()]) for name, value in additions]
        changes.append((ldap.MOD_REPLACE, "lastChange", [stamp]))
        connections[ALIAS].modify_s(self.dn, changes)

    def touch(self):
        """Dates the entry after a change that is an operation of its own, as a new password is."""
        self.values_changed()

    def delete(self, using=None):
        """Takes the entry out of the directory, if it is still the version that was loaded."""
        connection = connections[using or ALIAS]
        loaded = self._as_loaded(connection)
        loaded["objectClass"] = [kind.encode() for kind in self.object_classes]
        connection.delete_s(self.dn, controls=self._unchanged(), loaded=loaded)


def add_together(entries):
    """Adds new entries, several under way at a time; the later may be made meanwhile.

    What became of each: None, or the error.
    """
    connection, added = connections[ALIAS], []

    def as_added():
        for entry in entries:
            dn, values = entry.as_added(connection)
            added.append((entry, dn))
            yield dn, values

    outcomes = connection.add_many(as_added())
    for (entry, dn), error in zip(added, outcomes, strict=True):
        if error is None:
            entry.was_added(dn)
    return outcomes
