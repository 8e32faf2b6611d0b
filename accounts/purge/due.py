"""What is marked for deletion, and since when."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import MailAccount
from domains.models import VirtualDomain
from vmail_admin.journal.models import Row


@dataclass(frozen=True)
class Due:
    """An account or a domain that was marked so long ago that it goes."""

    entry: MailAccount | VirtualDomain
    since: dt.datetime

    @property
    def name(self):
        return name_of(self.entry)


def name_of(entry):
    """An address, or the name of a domain."""
    return entry.name if isinstance(entry, VirtualDomain) else entry.mail


def due(days, names=()):
    """(accounts, domains) marked for ``days`` days or longer, of those named, or of all.

    Accounts of a domain that goes are not listed: they go with it.
    """
    before = timezone.now() - dt.timedelta(days=days)
    domains = list(marked(VirtualDomain.objects.all().marked(), "domain", before, names))
    gone = {one.entry.name.lower() for one in domains}
    accounts = marked(MailAccount.objects.filter(to_be_deleted=True), "account", before, names)
    return [one for one in accounts if one.entry.domain_name.lower() not in gone], domains


def marked(entries, what, before, names):
    found, _ = entries.bounded(0)
    wanted = {name.lower() for name in names}
    for one in found:
        # A list shows less than the whole entry.
        entry = entries.model.objects.at(one.dn).first()
        if entry is None or (wanted and name_of(entry).lower() not in wanted):
            continue
        since = marked_since(what, entry)
        if since is not None and since <= before:
            yield Due(entry, since)


def marked_since(what, entry):
    """When the mark was set, or a later moment; None where nobody knows.

    The journal's date counts only if nothing changed the entry since. Otherwise it is the last
    change of any kind, for the mark may have been taken away and set again behind our back.
    """
    row = (
        Row.objects.of(name_of(entry))
        .filter(what=what, kind="marked")
        .made()
        .newest_first()
        .first()
    )
    if row is not None and row.version and row.version == entry.version:
        return row.began
    return max(filter(None, (entry.last_change, entry.changed_at)), default=None)
