"""How entries are now, for whoever compares: attributes as slapd holds them, and its own dates."""

import datetime as dt
from dataclasses import dataclass

import ldap
from django.db import connections

from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.backend.searches import ANYTHING, Lookup
from vmail_admin.directory.changes import is_secret

DATES = ("createTimestamp", "entryCSN", "pwdChangedTime", "structuralObjectClass")


@dataclass(frozen=True)
class Present:
    """An entry that is there. Times are aware, or None where slapd does not tell this person."""

    dn: str
    attributes: dict

    def values(self, name):
        return self.attributes.get(name.lower(), [])

    def texts(self, name):
        return [value.decode("utf-8", "surrogateescape") for value in self.values(name)]

    def text(self, name):
        return next(iter(self.texts(name)), "")

    def holds(self, steps):
        """Whether the entry is as a change of these steps leaves it; see changes.Change."""
        return not self.differs_in(steps)

    def differs_in(self, steps):
        """The attributes, in lower case, that are not as the steps left them."""
        wanted = {}
        for how, name, values in steps:
            gone, come, _ = wanted.setdefault(name.lower(), (set(), set(), how == "replace"))
            if how == "delete":
                gone |= set(self.values(name) if values is None else values)
            else:
                come |= set(values or [])
                gone -= come
        return [
            name
            for name, (gone, come, whole) in wanted.items()
            if not come <= (now := set(self.values(name)))
            or (gone - come) & now
            or (whole and now != come)
        ]

    @property
    def created(self):
        return moment(self.text("createTimestamp"))

    @property
    def changed(self):
        """When slapd last changed it, to the microsecond."""
        return moment(self.text("entryCSN"))

    @property
    def password_changed(self):
        return moment(self.text("pwdChangedTime"))

    @property
    def version(self):
        return self.text("entryCSN")


def entries_now(dns, wanted=()):
    """A Present for each DN, or None: one search each, all in one round trip.

    ``wanted`` are lists of attributes, for the first of the DNs; a password is never asked for.
    """
    names = [sorted({*DATES, *(one for one in some if not is_secret(one))}) for some in wanted]
    names += [list(DATES)] * (len(dns) - len(names))
    lookups = [Lookup(dn, ldap.SCOPE_BASE, ANYTHING) for dn in dns]
    answers = connections[ALIAS].search_many(lookups, names, 1)
    return [present(*rows[0]) if rows else None for rows, _ in answers]


def present(dn, values):
    return Present(dn, {name.lower(): some for name, some in values.items()})


def moment(text):
    """A time of slapd's: a generalized time, or the beginning of an entryCSN (RFC 4517, 3.3.13)."""
    digits, _, rest = text.partition(".")
    try:
        whole = dt.datetime.strptime(digits.rstrip("Z")[:14], "%Y%m%d%H%M%S")
        return whole.replace(
            microsecond=int(rest[:6] or 0) if rest[:6].isdecimal() else 0, tzinfo=dt.UTC
        )
    except ValueError:
        return None
