"""How many accounts and aliases domains hold, without fetching one."""

import ldap
from django.db import connections

from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.backend.searches import Lookup, equals

MOST = 1000  # entries looked at in one domain: beyond, a list says "1,000+"

KINDS = ("JammMailAccount", "JammMailAlias")
EITHER = f"(|{''.join(equals('structuralObjectClass', kind) for kind in KINDS)})"


def counted_below(dns):
    """(accounts, aliases) as text for each DN: "12", or "990+" where there may be more.

    One search a domain, all sent in one round trip; only the kind of each entry comes back, and
    slapd stops at MOST. mdb keeps no count of its own.
    """
    lookups = [Lookup(dn, ldap.SCOPE_ONELEVEL, EITHER) for dn in dns]
    wanted = [["structuralObjectClass"]] * len(lookups)
    for rows, more in connections[ALIAS].search_many(lookups, wanted, MOST):
        kinds = [values.get("structuralObjectClass", [b""])[0].decode() for _, values in rows]
        yield tuple(f"{kinds.count(kind):,}{'+' if more else ''}" for kind in KINDS)
