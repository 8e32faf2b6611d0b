"""Entries as slapd holds them, for those who look after a whole tree and not after one model."""

import ldap
from django.db import connections

from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.backend.searches import ANYTHING, Lookup
from vmail_admin.directory.errors import TooMany


def rows_below(dn, attributes):
    """(DN, {attribute: values as bytes}) for ``dn`` and everything below it, parents first.

    slapd sends entry by entry, so that there is no limit to their number. Raises TooMany where its
    own limits cut the answer off: half a tree is none.
    """
    lookup = Lookup(dn, ldap.SCOPE_SUBTREE, ANYTHING)
    rows, cut = connections[ALIAS].search_bounded(lookup, list(attributes), 0)
    if cut:
        raise TooMany(TooMany.sentence)
    return sorted(rows, key=lambda row: len(ldap.dn.str2dn(row[0])))


def rows_streamed(dn, attributes):
    """As ``rows_below``, in slapd's own order and one at a time, so that none has to be kept."""
    lookup = Lookup(dn, ldap.SCOPE_SUBTREE, ANYTHING)
    yield from connections[ALIAS].search_streamed(lookup, list(attributes))


def changed(dn, steps):
    """Changes an entry. ``steps`` are (how, attribute, values as bytes or None for all there are);
    how is "add", "delete" or "replace"."""
    modlist = [(HOW[how], name, values) for how, name, values in steps]
    connections[ALIAS].modify_s(dn, modlist)


HOW = {"add": ldap.MOD_ADD, "delete": ldap.MOD_DELETE, "replace": ldap.MOD_REPLACE}
