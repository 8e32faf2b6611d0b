"""A new domain: three entries, all of them or none."""

from django.db import DatabaseError

from domains.models import Abuse, Postmaster
from vmail_admin.directory.errors import DirectoryAnswer
from vmail_admin.directory.names import POSTMASTER, postmaster_dn

# Where Jamm sends the mail for postmaster@ and abuse@: to the postmaster of the server itself.
SITE_POSTMASTER = "postmaster"


class NotCreated(DirectoryAnswer, DatabaseError):
    """A step failed, and the steps before it are undone. The text says which and why."""


class NotUndone(NotCreated):
    """A step failed, and so did taking back the steps before it. The text says what is left."""


def create_domain(domain):
    """Adds the domain, its postmaster and its abuse alias; the domain goes live as the last step.

    LDAP has no transaction to rely on. Where a step fails, the entries before it are taken away
    again and NotCreated is raised; NotUndone when that failed as well: the domain then stands there
    suspended, can be seen in the list and be marked for deletion.
    """
    domain.active = False
    domain.save()
    added = [domain]
    try:
        for entry in (postmaster_of(domain), abuse_of(domain)):
            entry.save()
            added.append(entry)
        domain.set_flags(active=True)
    except DatabaseError as refusal:
        step = REFUSED[len(added) - 1].format(domain=domain)
        why = f"{domain} was not created. {step} {detail_of(refusal)}"
        take_back(added, why)
        raise NotCreated(f"{why} What was added before it is taken away again.") from None
    return domain


# By the number of entries that were added before, besides the domain.
REFUSED = (
    "The directory refused its postmaster@{domain}:",
    "The directory refused its abuse@{domain}:",
    "The directory refused to make it active:",
)


def detail_of(refusal):
    """slapd's own words as a sentence, or ours where it said nothing."""
    words = getattr(refusal, "detail", "") or str(refusal)
    return f"{words.rstrip('.')}."


def postmaster_of(domain):
    return Postmaster(
        mail=f"{POSTMASTER}@{domain.name}",
        destinations=[SITE_POSTMASTER],
        # The post needs a holder at all times, so the entry holds itself.
        holders=[postmaster_dn(domain.name)],
    )


def abuse_of(domain):
    return Abuse(mail=f"abuse@{domain.name}", destinations=[SITE_POSTMASTER])


def take_back(added, why):
    """Deletes our own entries, the last one first."""
    try:
        for entry in reversed(added):
            entry.delete()
    except DatabaseError as refusal:
        raise NotUndone(
            f"{why} What was added before it could not be taken away again: {detail_of(refusal)} "
            f"{added[0]} is in the list now, suspended: mark it for deletion there."
        ) from None
