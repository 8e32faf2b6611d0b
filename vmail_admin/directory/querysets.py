"""Querysets of entries: where in the tree they look, and what of an entry they ask for."""

from collections import namedtuple
from functools import partial

import ldap
from django.db import connections, models

from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.backend.searches import ANYTHING, Lookup

# Something to be searched for: what is made of the rows makes entries of them.
Wanted = namedtuple("Wanted", "lookup attributes made_of")


class EntryQuerySet(models.QuerySet):
    """Querysets know where in the tree they look."""

    def at(self, dn):
        """The one entry of this DN. Needs no right on anything above it."""
        return self._looking(dn, ldap.SCOPE_BASE)

    def below(self, dn):
        """The entries one level below this DN."""
        return self._looking(dn, ldap.SCOPE_ONELEVEL)

    def everywhere_below(self, dn):
        """This entry and all below it. Wants a filter that slapd has an index for."""
        return self._looking(dn, ldap.SCOPE_SUBTREE)

    def _looking(self, dn, scope):
        found = self._chain()
        found.query.search_base, found.query.search_scope = dn, scope
        return found

    def bounded(self, limit):
        """The first ``limit`` entries as slapd finds them, and whether there are more."""
        rows, cut = connections[ALIAS].search_bounded(self.lookup(), self.attributes(), limit)
        return self.entries_of(rows), cut

    def streamed(self):
        """Every entry, as slapd finds them, however many: read while they are used."""
        for row in connections[ALIAS].search_streamed(self.lookup(), self.attributes()):
            yield from self.entries_of([row])

    def streamed_raw(self, attributes):
        """(DN, attributes) of every entry, as slapd shows them to this person."""
        yield from connections[ALIAS].search_streamed(self.lookup(), attributes)

    def lookup(self):
        """This queryset as a base, a scope and a filter."""
        from vmail_admin.directory.backend.compiler import lookup_of

        compiler = self.query.get_compiler(using=ALIAS)
        return lookup_of(self.query, compiler)

    def fields_shown(self):
        # In the model's own order, which from_db() needs.
        fields = self.model._meta.concrete_fields
        shown = {"dn", *(self.model.shown_in_lists or (field.attname for field in fields))}
        return [field for field in fields if field.attname in shown]

    def attributes(self):
        """What a row of a list needs. slapd weighs its rules attribute by attribute."""
        return attributes_of(self.fields_shown())

    def entries_of(self, rows):
        return made_of(self.model, self.fields_shown(), rows)


def attributes_of(fields):
    return [field.db_column for field in fields if field.db_column]


def made_of(model, fields, rows):
    """Entries of (DN, attributes)."""
    from vmail_admin.directory.backend.compiler import from_ldap

    connection, names = connections[ALIAS], [field.attname for field in fields]
    return [
        model.from_db(ALIAS, names, [from_ldap(field, dn, values, connection) for field in fields])
        for dn, values in rows
    ]


def values_at(dns, attribute):
    """The values of one attribute of the entry of each DN, all in one round trip."""
    lookups = [Lookup(dn, ldap.SCOPE_BASE, ANYTHING) for dn in dns]
    answers = connections[ALIAS].search_many(lookups, [[attribute]] * len(dns), 1)
    return [rows[0][1].get(attribute, []) if rows else [] for rows, _ in answers]


def first_of(found):
    """The first entry that this queryset finds, in full, or None."""
    [entries] = found_together(in_full(found), limit=1)
    return next(iter(entries), None)


def in_full(found):
    fields = found.model._meta.concrete_fields
    return Wanted(found.lookup(), attributes_of(fields), partial(made_of, found.model, fields))


def as_rows(found):
    return Wanted(found.lookup(), found.attributes(), found.entries_of)


def found_together(*wanted, limit):
    """The first entries of each, up to ``limit``: one search each, all in one round trip."""
    lookups, attributes, made = zip(*wanted, strict=True)
    answers = connections[ALIAS].search_many(lookups, attributes, limit)
    return [make(rows) for make, (rows, _) in zip(made, answers, strict=True)]
