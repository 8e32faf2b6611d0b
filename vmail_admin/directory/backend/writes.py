"""How the backend changes entries: announced, sent once, and read back in the same operation."""

import re

import ldap
from django.db import NotSupportedError
from ldap.controls.ppolicy import PasswordPolicyControl

from vmail_admin.directory import dry_run
from vmail_admin.directory.backend.read_entry import PostRead, PreRead
from vmail_admin.directory.backend.searches import ANYTHING
from vmail_admin.directory.changes import (
    ADD,
    DELETE,
    MODIFY,
    PASSWORD,
    Change,
    announced,
    is_secret,
)
from vmail_admin.directory.errors import Invalid, NotAnswering, OnlyACopy, OutcomeUnknown, asked
from vmail_admin.directory.identity import current
from vmail_admin.directory.tally import counted

PRE_READ, POST_READ = b"1.3.6.1.1.13.1", b"1.3.6.1.1.13.2"  # RFC 4527

CONTROL = re.compile(rb"[\x00-\x1f\x7f]")

# What python-ldap calls them.
OPERATIONS = {"add_ext": ADD, "modify_ext": MODIFY, "delete_ext": DELETE, "passwd": PASSWORD}
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


class Writes:
    """Part of the database wrapper. Nothing here is ever sent a second time."""

    def add_s(self, dn, modlist):
        refuse_control_characters(dn, [value for _, values in modlist for value in values])
        steps = [("add", name, values) for name, values in modlist]
        return self._write(Change(ADD, dn, steps), "add_ext", dn, modlist)

    def modify_s(self, dn, modlist, controls=None, loaded=None):
        """Changes an entry. Whatever an old tree holds may stay, and may go.

        ``loaded`` are the values as they were read: for the journal, where slapd does not say them.
        """
        gone = [one for how, _, some in modlist if how == ldap.MOD_DELETE for one in some or []]
        come = [one for how, _, some in modlist if how != ldap.MOD_DELETE for one in some or []]
        refuse_control_characters(dn, [value for value in come if value not in gone])
        change = Change(MODIFY, dn, [(HOW[how], name, some) for how, name, some in modlist])
        change.before = loaded
        return self._write(change, "modify_ext", dn, modlist, controls=controls or [])

    def delete_s(self, dn, controls=None, loaded=None):
        """``loaded`` as in ``modify_s``: the journal keeps it for whoever wants the entry back."""
        refuse_control_characters(dn, [])
        change = Change(DELETE, dn, before=loaded)
        return self._write(change, "delete_ext", dn, controls=controls or [])

    def rename_s(self, dn, newrdn):
        raise NotSupportedError("An entry keeps its name: rename is refused by slapd's rules too.")

    def change_password(self, dn, old, new):
        """RFC 3062: slapd hashes, and its password policy speaks. ``old`` may be None."""
        controls = [PasswordPolicyControl()]
        self._write(Change(PASSWORD, dn), "passwd", dn, old, new, controls=controls)

    def _write(self, change, method, *values, controls=()):
        """A change is sent once. Where its answer is lost, nobody knows whether it was made."""
        if trial := dry_run.current():
            return trial.write(self, method, *values, controls=controls)
        self.ensure_writable()
        wanted = read_back(change)
        with announced(change):
            try:
                with self.whole():
                    answer = self.send_change(method, *values, controls=[*controls, *wanted])
                    self._take_over(change, answer[3], wanted)
            except NotAnswering:
                raise OutcomeUnknown(OutcomeUnknown.sentence) from None
        return answer

    def send_change(self, method, *values, controls):
        """A copy that refuses has changed nothing: then it is sent to a server that takes it."""
        for _ in self.servers():
            try:
                return self._sent(method, *values, controls=controls)
            except OnlyACopy:
                self.leave_copy()
        raise OnlyACopy(OnlyACopy.sentence)

    def _sent(self, method, *values, controls):
        current().wrote_to = self._server
        with counted(OPERATIONS[method]):
            send = getattr(self.connection, method)
            return self._result(asked(send, *values, serverctrls=controls))

    def _take_over(self, change, controls, wanted):
        """The entry before and after, as slapd told it.

        slapd 2.5 says yes and changes nothing where it cannot read the entry back to this person
        (seen with both controls, also where the change itself was refused): its yes alone is not
        believed.
        """
        told = [one for one in controls if getattr(one, "entry", None) is not None]
        for one in told:
            if isinstance(one, PreRead):
                change.before = one.entry
            else:
                change.after = one.entry
        if len(told) < len(wanted) and self._reads_back():
            raise OutcomeUnknown(OutcomeUnknown.sentence)

    def _reads_back(self):
        """Whether slapd knows the controls of RFC 4527. Asked only when it did not use them."""
        [(_, root)] = self.search_s("", ldap.SCOPE_BASE, ANYTHING, ["supportedControl"])
        known = root.get("supportedControl", [])
        return {PRE_READ, POST_READ} <= set(known)


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
