"""A new domain: three entries, all of them or none."""

from django.db import DatabaseError

from domains.models import Abuse, Postmaster
from vmail_admin.directory.errors import DirectoryAnswer
from vmail_admin.directory.names import POSTMASTER, postmaster_dn

# Where Jamm sends the mail for postmaster@ and abuse@: to the postmaster of the server itself.
SITE_POSTMASTER = "postmaster"


class NotUndone(DirectoryAnswer, DatabaseError):
    """A step failed, and so did taking back the steps before it. The text says what is left."""


def create_domain(domain):
    """Adds the domain, its postmaster and its abuse alias; the domain goes live as the last step.

    LDAP has no transaction to rely on. Where a step fails, the entries before it are taken away
    again and the refusal is raised. Raises NotUndone when that failed as well: the domain then
    stands there suspended, can be seen in the list and be marked for deletion.
    """
    domain.active = False
    domain.save()
    added = [domain]
    try:
        for entry in (postmaster_of(domain), abuse_of(domain)):
            entry.save()
            added.append(entry)
        domain.active = True
        domain.save()
    except DatabaseError as refusal:
        take_back(added, refusal)
        raise
    return domain


def postmaster_of(domain):
    return Postmaster(
        mail=f"{POSTMASTER}@{domain.name}",
        destinations=[SITE_POSTMASTER],
        # The post needs a holder at all times, so the entry holds itself.
        holders=[postmaster_dn(domain.name)],
    )


def abuse_of(domain):
    return Abuse(mail=f"abuse@{domain.name}", destinations=[SITE_POSTMASTER])


def take_back(added, refusal):
    """Deletes our own entries, the last one first."""
    try:
        for entry in reversed(added):
            entry.delete()
    except DatabaseError:
        raise NotUndone(
            f"The domain was not created ({refusal}), and what had been added could not be taken "
            f"away again. {added[0]} is in the list, suspended: mark it for deletion there."
        ) from None
