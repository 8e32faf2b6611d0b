"""What is marked for deletion: found by its flag, wherever it was marked."""

import ldap
from django.conf import settings
from django.db import connections

from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.backend.searches import Lookup, equals
from vmail_admin.directory.names import domain_dn
from vmail_admin.directory.present import present

WANTED = ["mail", "jvd", "lastChange"]


def marked_accounts(domain_name, limit):
    """The accounts of a domain that wait for the clean-up, and whether there are more."""
    return marked_below(domain_dn(domain_name), "JammMailAccount", limit)


def marked_domains(limit):
    return marked_below(settings.DIRECTORY_BASE_DN, "JammVirtualDomain", limit)


def marked_below(base, kind, limit):
    wanted = f"(&{equals('structuralObjectClass', kind)}{equals('delete', 'TRUE')})"
    lookup = Lookup(base, ldap.SCOPE_ONELEVEL, wanted)
    rows, more = connections[ALIAS].search_bounded(lookup, WANTED, limit)
    return [present(*row) for row in rows], more
