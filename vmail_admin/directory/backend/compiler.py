"""Querysets as LDAP searches: one search each, sorted and cut here only where the list is small."""

from django.core.exceptions import EmptyResultSet
from django.db import NotSupportedError
from django.db.models.sql.compiler import MULTI
from django.db.models.sql.constants import GET_ITERATOR_CHUNK_SIZE
from ldapdb import escape_ldap_filter
from ldapdb.backends.ldap import compiler as stock

from vmail_admin.directory.backend.searches import (
    NO_ENTRY,
    NOTHING,
    Lookup,
    equals,
    is_nowhere,
)


def lookup_of(query, compiler):
    """Where and for what slapd is asked.

    The kind of entry stands in ``structuralObjectClass``, which nobody can write: slapd decides its
    access rule cheaply for every candidate, where ``objectClass`` costs five times as much.
    """
    classes = getattr(query, "structural_classes", None) or query.model.structural_classes
    kinds = "".join(equals("structuralObjectClass", kind) for kind in classes)
    if len(classes) > 1:
        kinds = f"(|{kinds})"
    model = query.model
    base = getattr(query, "search_base", model.base_dn)
    scope = getattr(query, "search_scope", model.search_scope)  # SCOPE_BASE is 0
    clause, values = compiler.compile(query.where)
    if any(is_nowhere(str(value)) for value in values):
        return Lookup(base, scope, NO_ENTRY)
    if clause:
        escaped = tuple(escape_ldap_filter(value) for value in values)
        kinds = f"(&{kinds}({clause % escaped}))"
    return Lookup(base, scope, kinds)


class SQLCompiler(stock.SQLCompiler):
    def execute_sql(
        self, result_type=MULTI, chunked_fetch=False, chunk_size=GET_ITERATOR_CHUNK_SIZE
    ):
        if result_type != MULTI:
            raise NotSupportedError("Entries are counted below a DN, not by a queryset.")
        # results_iter() does the search; the stock compiler would search here as well.
        self.pre_sql_setup()
        return ()

    def results_iter(
        self,
        results=None,
        tuple_expected=False,
        chunked_fetch=False,
        chunk_size=GET_ITERATOR_CHUNK_SIZE,
    ):
        if results is None:
            self.pre_sql_setup()
        fields = [column.target for column, _, _ in self.select]
        attributes = [field.db_column for field in fields if field.db_column] or [NOTHING]
        for dn, values in self._cut(self._sorted(self._found(attributes))):
            yield [from_ldap(field, dn, values, self.connection) for field in fields]

    def _found(self, attributes):
        try:
            lookup = lookup_of(self.query, self)
        except EmptyResultSet:
            return []
        return self.connection.search_s(*lookup, attributes)

    def _sorted(self, found):
        ordering = self.query.order_by or self.query.get_meta().ordering
        for name in reversed([str(one) for one in ordering]):
            meta, plain = self.query.get_meta(), name.lstrip("-")
            field = meta.pk if plain == "pk" else meta.get_field(plain)

            def key(row, field=field):
                value = from_ldap(field, *row, self.connection)
                return (value is not None, value.lower() if isinstance(value, str) else value)

            # Django turns the order round for last().
            descending = name.startswith("-") == self.query.standard_ordering
            found = sorted(found, key=key, reverse=descending)
        return found

    def _cut(self, found):
        return found[self.query.low_mark : self.query.high_mark]

    def has_results(self):
        return bool(self._found([NOTHING]))


def from_ldap(field, dn, values, connection):
    """The Python value of a field; the DN is a field too, but no attribute."""
    if field.attname == "dn":
        return dn
    found = values.get(field.db_column, [])
    try:
        return field.from_ldap(found, connection=connection)
    except UnicodeDecodeError:
        # A tree that slapadd took unchecked may hold any bytes. Whatever nobody edits stays so.
        return field.from_ldap([readable(one) for one in found], connection=connection)


def readable(value):
    return value.decode("utf-8", "replace").encode()


class Refused:
    """What would fetch whole subtrees or change many entries at once is not spoken."""

    def __init__(self, *values, **options):
        raise NotSupportedError("Entries are saved, counted and deleted one by one.")


SQLInsertCompiler = SQLUpdateCompiler = SQLDeleteCompiler = SQLAggregateCompiler = Refused
