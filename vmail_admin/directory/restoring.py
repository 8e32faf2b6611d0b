"""Taking a change back: the entry gets what it held before, if nobody changed that since.

The changes are made here and sent by ``all_made``, which raises nothing: each has an outcome.
"""

import ldap
from django.db import connections
from django.utils import timezone
from ldap.controls.libldap import AssertionControl

from vmail_admin.directory.backend.operations import addition, deletion, modification
from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.backend.searches import equals

HOW = {"add": ldap.MOD_ADD, "delete": ldap.MOD_DELETE, "replace": ldap.MOD_REPLACE}
BY_SLAPD = ("entrycsn", "structuralobjectclass", "pwdchangedtime", "lastchange", "roleoccupant")


def now_stamp():
    return [str(int(timezone.now().timestamp())).encode()]


def all_made(writes):
    """Makes several changes that do not depend on each other. Of each None, or the error."""
    return connections[ALIAS].write_many(writes)


def modified(entry, steps):
    """The change of an entry, if it is still the version that was read.

    ``steps`` as in changes.Change; the date of the entry is added to them.
    """
    changes = [(HOW[how], name, values or None) for how, name, values in steps]
    changes.append((ldap.MOD_REPLACE, "lastChange", now_stamp()))
    loaded = {name: entry.values(name) for _, name, _ in steps}
    return modification(entry.dn, changes, as_read(entry), loaded)


def inverse(steps, before):
    """The steps that lead back. ``before`` are the values, by attribute in lower case.

    Values that were added or removed one by one are taken back one by one: what others added to the
    same attribute stays.
    """
    return [
        back_of(how, name, values, before)
        for how, name, values in reversed(steps)
        if name.lower() != "lastchange"
    ]


def back_of(how, name, values, before):
    if how == "add":
        return "delete", name, values
    if how == "delete" and values is not None:
        return "add", name, values
    return "replace", name, before.get(name.lower())


def added_again(dn, values):
    """The addition of an entry with what it held; what only slapd may write is slapd's again."""
    kept = [(name, some) for name, some in values.items() if name.lower() not in BY_SLAPD]
    kept.append(("lastChange", now_stamp()))
    return addition(dn, [(name, some) for name, some in kept if some])


def removed(entry):
    """The deletion of an entry, if it is still the version that was read."""
    return deletion(entry.dn, as_read(entry))


def appointed_again(domain_post, dn):
    """Gives a post back to who held it (roleOccupant of cn=postmaster)."""
    changes = [(ldap.MOD_ADD, "roleOccupant", [dn.encode()])]
    changes.append((ldap.MOD_REPLACE, "lastChange", now_stamp()))
    connections[ALIAS].modify_s(domain_post, changes)


def as_read(entry):
    return [AssertionControl(True, equals("entryCSN", entry.version))] if entry.version else None
