"""What is deleted and can come back: marked in the directory, or kept by the journal."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from vmail_admin.converters import url_of
from vmail_admin.directory.marked import marked_accounts, marked_anywhere, marked_domains
from vmail_admin.directory.names import domain_of, local_part_of
from vmail_admin.directory.present import entries_now
from vmail_admin.journal.models import Row
from vmail_admin.journal.reasons import Reason, why_of
from vmail_admin.journal.undo import undone_among

MOST = 200  # of each kind on a page


@dataclass(frozen=True)
class Discarded:
    """Something in the trash. ``since`` is None where nobody knows when it was deleted."""

    what: str
    name: str  # an address or a domain
    since: dt.datetime | None = None
    who: str = ""
    why: Reason | None = None
    row: Row | None = None

    @property
    def goes(self):
        """From when on the clean-up may take it for good."""
        return self.since + dt.timedelta(days=settings.TRASH_DAYS) if self.since else None

    @property
    def is_due(self):
        return self.goes is None or self.goes <= timezone.now()

    @property
    def url(self):
        if self.what == "alias":
            return ""
        return url_of(f"{self.what}-edit", self.name)

    @property
    def restoring(self):
        """Where the way back is, and what is posted there."""
        if self.what == "alias":
            return reverse("journal-undo"), {"row": self.row.pk}
        return url_of(f"{self.what}-restore", self.name), {}


def trash_of_domain(domain_name):
    """Accounts marked for deletion and deleted aliases, and whether there are more than shown."""
    entries, more = marked_accounts(domain_name, MOST)
    accounts = discarded_of(entries, "account", "mail")
    aliases = deleted_aliases(Row.objects.filter(domain=domain_name.lower()))
    return newest_first([*accounts, *aliases]), more


def trash_of_site():
    """Marked domains and accounts, and deleted aliases, of all domains; and whether all are shown.

    Where slapd does not find all accounts in time, the journal knows of some.
    """
    entries, more_domains = marked_domains(MOST)
    domains = discarded_of(entries, "domain", "jvd")
    entries, more = marked_anywhere(MOST)
    accounts = discarded_of(entries, "account", "mail")
    if more:
        known = {one.name for one in accounts}
        rows = Row.objects.filter(what="account")
        accounts += [one for one in still_marked(rows) if one.name not in known]
    found = [*domains, *accounts, *deleted_aliases(Row.objects.all())]
    return newest_first(found), more or more_domains


def newest_first(found):
    long_ago = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return sorted(found, key=lambda one: one.since or long_ago, reverse=True)


def discarded_of(entries, what, attribute):
    names = [entry.text(attribute).lower() for entry in entries]
    rows = marking_rows(names)
    return [
        discarded(what, name, rows.get(name), last_change(entry))
        for name, entry in zip(names, entries, strict=True)
    ]


def marking_rows(names):
    """{name: the row by which it was marked}. Who was restored since was marked by other means."""
    rows = latest(Row.objects.made().filter(kind__in=("marked", "restored"), entry__in=names))
    return {name: row for name, row in rows.items() if row.kind == "marked"}


def discarded(what, name, row, since=None):
    if row is None:
        return Discarded(what, name, since)
    return Discarded(what, name, row.began, row.who, why_of(row), row)


def last_change(entry):
    """As a program dated it or slapd itself, whichever is later; None where neither is known.

    Whatever marked the entry did so by then. The clean-up counts from that moment too.
    """
    text = entry.text("lastChange")
    is_date = text.isascii() and text.isdecimal() and len(text) < 12
    dated = dt.datetime.fromtimestamp(int(text), dt.UTC) if is_date else None
    return max(filter(None, (dated, entry.changed)), default=None)


def latest(rows):
    """The newest row of each entry."""
    found = {}
    for row in rows.newest_first()[: 5 * MOST]:
        found.setdefault(row.entry, row)
    return found


def recent(rows, kind):
    return latest(of_last_days(rows, kind))


def of_last_days(rows, kind):
    begin = timezone.now() - dt.timedelta(days=settings.TRASH_DAYS)
    return rows.made().filter(kind=kind, began__gte=begin)


def still_marked(rows):
    found = list(recent(rows, "marked").values())[:MOST]
    now = entries_now([row.dn for row in found], [["delete"]] * len(found)) if found else []
    return [
        discarded("account", row.entry, row)
        for row, entry in zip(found, now, strict=True)
        if entry is not None and entry.text("delete") == "TRUE"
    ]


def deleted_aliases(rows):
    """Those of the last days that nobody brought back or added anew."""
    found = list(recent(rows.filter(what="alias"), "deleted").values())[:MOST]
    back = undone_among(found)
    found = [row for row in found if row.pk not in back and not row.cut]
    there = entries_now([row.dn for row in found]) if found else []
    return [
        discarded("alias", row.entry, row)
        for row, entry in zip(found, there, strict=True)
        if entry is None
    ]


# --- before an address is used again


@dataclass(frozen=True)
class LeftBehind:
    """Mail of an address that is nobody's now."""

    name: str
    restoring = None


def before_it(entry):
    """What stands behind a new account or alias: a deleted alias, or mail that was left; or None.

    Whoever gets the address would get what others still send there, or read what is stored.
    """
    if found := deleted_alias(entry.mail):
        return found
    left = entry.kind == "account" and mail_left_behind(entry.mail)
    return LeftBehind(entry.mail) if left else None


def deleted_alias(mail):
    """The alias of this address, if it was deleted lately and is not there again; else None."""
    return next(iter(deleted_aliases(Row.objects.of(mail))), None)


def deleted_among(mails):
    """{address: when its alias was deleted}, of those that were deleted lately; for many at once.

    A deletion that only took an addition back, as the undo of an import does, does not count. None
    of the addresses may be in the directory: nobody looks for them there.
    """
    rows = Row.objects.filter(entry__in=mails, what="alias", undoes=None)
    newest = {row.entry: row for row in of_last_days(rows, "deleted").order_by("id")}
    back = undone_among(newest.values()) if newest else ()
    return {name: row.began for name, row in newest.items() if row.pk not in back and not row.cut}


def marked_among(mails):
    """{address: when the panel marked it for deletion}, as far as it did."""
    return {name: row.began for name, row in marking_rows(mails).items()}


def marked_account(mail, dn):
    """The account of this address, if it is marked for deletion."""
    [entry] = entries_now([dn], [["delete", "lastChange"]])
    if entry is None or entry.text("delete") != "TRUE":
        return None
    row = marking_rows([mail.lower()]).get(mail.lower())
    return discarded("account", mail.lower(), row, last_change(entry))


def mail_left_behind(mail):
    """Whether a mail directory of this address is still there, where this machine can tell."""
    return is_folder(folder_of(mail))


def mail_left_among(mails):
    """Those of the addresses whose mail directory is still there; for many at once."""
    seen = {folder: is_folder(folder) for folder in {folder_of(mail).parent for mail in mails}}
    return {mail for mail in mails if seen[folder_of(mail).parent] and mail_left_behind(mail)}


def folder_of(mail):
    return Path(settings.MAIL_HOME) / domain_of(mail) / local_part_of(mail)


def is_folder(path):
    try:
        return path.is_dir()
    except OSError:
        return False


def was_active(mail):
    """Whether an account was active before it was marked; True where nobody knows."""
    row = latest(Row.objects.of(mail).made().filter(kind="marked")).get(mail.lower())
    return row is None or "accountActive" in row.named()
