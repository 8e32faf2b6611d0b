"""What is marked for deletion: found by its flag, wherever it was marked."""

import ldap
from django.conf import settings
from django.db import connections

from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.backend.searches import Lookup, equals
from vmail_admin.directory.names import domain_dn
from vmail_admin.directory.present import present

WANTED = ["mail", "jvd", "lastChange", "entryCSN"]
# No index knows the flag, so slapd looks at every entry: some 250,000 in a second.
SECONDS = 2


def marked_accounts(domain_name, limit):
    """The accounts of a domain that wait for the clean-up, and whether there are more."""
    return marked_below(domain_dn(domain_name), ldap.SCOPE_SUBTREE, "JammMailAccount", limit)


def marked_anywhere(limit):
    """The same of all domains; what slapd found in two seconds, where these are not enough."""
    base = settings.DIRECTORY_BASE_DN
    return marked_below(base, ldap.SCOPE_SUBTREE, "JammMailAccount", limit, SECONDS)


def marked_domains(limit):
    return marked_below(settings.DIRECTORY_BASE_DN, ldap.SCOPE_ONELEVEL, "JammVirtualDomain", limit)


def marked_below(base, scope, kind, limit, seconds=-1):
    wanted = f"(&{equals('structuralObjectClass', kind)}{equals('delete', 'TRUE')})"
    lookup = Lookup(base, scope, wanted)
    rows, more = connections[ALIAS].search_bounded(lookup, WANTED, limit, seconds)
    return [present(*row) for row in rows], more
