"""Domains whose creation stopped in the middle: told from suspended ones, and finished.

A new domain is suspended until its last step. The panel may be killed before that, or slapd; then
the entries that are missing are added later, and the domain goes live.
"""

from domains.creation import abuse_of, postmaster_of
from vmail_admin.directory.errors import AlreadyThere
from vmail_admin.journal.models import Row


def mark_unfinished(domains):
    """Gives each domain ``unfinished``: whether its creation began here and never ended."""
    asleep = [one.name.lower() for one in domains if not one.active and not one.to_be_deleted]
    begun = begun_only(asleep) if asleep else set()
    for one in domains:
        one.unfinished = one.name.lower() in begun


def begun_only(names):
    """Those of the domains about which the journal knows an addition and nothing after it."""
    rows = Row.objects.made().filter(entry__in=names, what="domain", kind__in=STEPS)
    last = dict(rows.order_by("id").values_list("entry", "kind"))
    return {name for name, kind in last.items() if kind == "created"}


STEPS = ("created", "switched", "marked", "deleted")


def finish(domain):
    """Adds what is missing, and makes the domain active. Raises what the directory refuses."""
    for entry in (postmaster_of(domain), abuse_of(domain)):
        try:
            entry.save()
        except AlreadyThere:
            continue
    domain.set_flags(active=True)
