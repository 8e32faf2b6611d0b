"""Whose mail lies at a place, above it or below it: that place is not touched."""

import os

from django.conf import settings

from vmail_admin.directory.raw import rows_streamed


class Overlaps:
    """Knows every account that stays, by where its mail is; built in one pass over all accounts.

    Of a hundred thousand accounts that stay nothing is kept, unless they are in the way of one of
    ``going``: {DN: path}, absolute paths without links, or "" where a path is refused anyway.
    """

    def __init__(self, going):
        self._paths = set(going.values()) - {""}
        self._above = {above for path in self._paths for above in ancestors(path)}
        self._in_the_way = {}
        for mail, path in staying(set(going)):
            self._note(mail, path)

    def _note(self, mail, path):
        for place in places_of(path):
            if place in self._above:
                self._in_the_way[place] = mail
            for one in (place, *ancestors(place)):
                if one in self._paths:
                    self._in_the_way[one] = mail

    def of(self, path):
        """The address of an account that stays and has mail there, above or below; or ""."""
        for one in (path, *ancestors(path)):
            if one in self._in_the_way:
                return self._in_the_way[one]
        return ""


def staying(going):
    """(address, path) of every other account, marked or not, wherever in the tree it stands."""
    wanted = ["mail", "homeDirectory", "mailbox"]
    for dn, values in rows_streamed(settings.DIRECTORY_BASE_DN, wanted):
        if dn not in going and values.get("mailbox"):
            mail, home, mailbox = (
                values.get(name, [b""])[0].decode("utf-8", "surrogateescape") for name in wanted
            )
            yield mail or dn, f"{home}/{mailbox}"


def places_of(path):
    """The path as the directory says it, and where it leads: a link may lead into another's."""
    if "\0" in path:
        return ()
    return {os.path.normpath(path), os.path.realpath(path)}


def ancestors(path):
    while (path := os.path.dirname(path)) not in ("", "/"):  # noqa: PTH120
        yield path
