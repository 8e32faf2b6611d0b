"""Changes on their way to slapd: what is told of each, and which call of python-ldap makes it."""

import re
from dataclasses import dataclass

import ldap
from ldap.controls.ppolicy import PasswordPolicyControl

from vmail_admin.directory.backend.read_entry import PostRead, PreRead
from vmail_admin.directory.changes import ADD, DELETE, MODIFY, PASSWORD, Change, is_secret
from vmail_admin.directory.errors import Invalid

CONTROL = re.compile(rb"[\x00-\x1f\x7f]")

HOW = {ldap.MOD_ADD: "add", ldap.MOD_DELETE: "delete", ldap.MOD_REPLACE: "replace"}

# The version of an entry, and what kind it is: whoever reads a journal wants to know.
ALWAYS = ("entryCSN", "structuralObjectClass")
# What is kept of an entry that is deleted, by name: "*" would fetch the hash of its password too.
ALL_BUT_PASSWORDS = (
    *("objectClass", "mail", "maildrop", "mailsource", "cn", "description", "accountActive"),
    *("delete", "quota", "homeDirectory", "mailbox", "uid", "uidNumber", "gidNumber"),
    *("roleOccupant", "jvd", "postfixTransport", "editAccounts", "editPostmasters", "lastChange"),
    *("editAliases", "editCatchAlls", "pwdChangedTime"),
)


@dataclass(frozen=True)
class Write:
    """A change on its way: what is told of it, and which call of python-ldap makes it."""

    change: Change
    method: str
    values: tuple
    controls: tuple = ()
    reads_back: bool = True  # whether slapd is asked for the entry before and after


def addition(dn, modlist):
    refuse_control_characters(dn, [value for _, values in modlist for value in values])
    change = Change(ADD, dn, [("add", name, values) for name, values in modlist])
    return Write(change, "add_ext", (dn, modlist))


def modification(dn, modlist, controls=None, loaded=None):
    """Whatever an old tree holds may stay, and may go.

    ``loaded`` are the values as they were read: for the journal, where slapd does not say them.
    """
    gone = [one for how, _, some in modlist if how == ldap.MOD_DELETE for one in some or []]
    come = [one for how, _, some in modlist if how != ldap.MOD_DELETE for one in some or []]
    refuse_control_characters(dn, [value for value in come if value not in gone])
    change = Change(MODIFY, dn, [(HOW[how], name, some) for how, name, some in modlist])
    change.before = loaded
    return Write(change, "modify_ext", (dn, modlist), tuple(controls or ()))


def deletion(dn, controls=None, loaded=None):
    """``loaded`` as above: the journal keeps it for whoever wants the entry back."""
    refuse_control_characters(dn, [])
    return Write(Change(DELETE, dn, before=loaded), "delete_ext", (dn,), tuple(controls or ()))


def new_password(dn, old, new):
    """RFC 3062: slapd hashes, and its password policy speaks. ``old`` may be None."""
    return Write(Change(PASSWORD, dn), "passwd", (dn, old, new), (PasswordPolicyControl(),))


def read_back(change):
    """Controls that tell the entry before and after (RFC 4527).

    They are not critical, so that a server without them makes the change all the same. slapd is
    asked for what was before only where the person has just read the entry: it would answer a
    change that it refuses with success, if it may not show what was there.
    """
    named = {name for _, name, _ in change.steps if not is_secret(name)}
    if change.operation == MODIFY:
        wanted = sorted({*named, *ALWAYS})
        before = [PreRead(False, wanted)] if change.before is not None else []
        return [*before, PostRead(False, wanted)]
    if change.operation == ADD:
        return [PostRead(False, list(ALWAYS))]
    if change.operation == DELETE:
        return [PreRead(False, [*ALL_BUT_PASSWORDS, *ALWAYS])]
    return []


def refuse_control_characters(dn, values):
    """The last door before slapd, which would take a NUL byte in an address.

    Raises Invalid. Forms refuse these earlier, with a sentence at the field.
    """
    if any(CONTROL.search(text) for text in (dn.encode(), *values)):
        raise Invalid("A value holds a control character.")
