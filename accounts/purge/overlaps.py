"""Whose mail lies at a place, above it or below it: that place is not touched."""

import os

from accounts.models import MailAccount


class Overlaps:
    """Knows every account that stays, by where its mail is; built in one pass over all accounts.

    Of a hundred thousand accounts that stay nothing is kept, unless they are in the way of one of
    ``going``: {DN: path}, absolute paths without links, or "" where a path is refused anyway.
    """

    def __init__(self, going):
        self._paths = set(going.values()) - {""}
        self._above = {above for path in self._paths for above in ancestors(path)}
        self._in_the_way = {}
        for account in staying(set(going)):
            self._note(account)

    def _note(self, account):
        for path in places_of(account):
            if path in self._above:
                self._in_the_way[path] = account.mail
            for one in (path, *ancestors(path)):
                if one in self._paths:
                    self._in_the_way[one] = account.mail

    def of(self, path):
        """The address of an account that stays and has mail there, above or below; or ""."""
        for one in (path, *ancestors(path)):
            if one in self._in_the_way:
                return self._in_the_way[one]
        return ""


def staying(going):
    """Every other account of the directory, whether marked or not."""
    entries, cut = MailAccount.objects.all().bounded(0)
    if cut:
        raise RuntimeError("not all accounts are shown, so that none is known to be safe")
    return (entry for entry in entries if entry.dn not in going)


def places_of(account):
    """The path as the directory says it, and where it leads: a link may lead into another's."""
    if not account.mailbox or not account.home or "\0" in f"{account.home}{account.mailbox}":
        return ()
    path = os.path.normpath(f"{account.home}/{account.mailbox}")
    return {path, os.path.realpath(path)}


def ancestors(path):
    while (path := os.path.dirname(path)) not in ("", "/"):  # noqa: PTH120
        yield path
