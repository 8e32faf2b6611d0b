"""How the backend changes entries: announced, sent once, and read back in the same operation."""

import ldap
from django.db import NotSupportedError

from vmail_admin.directory import dry_run
from vmail_admin.directory.backend.operations import (
    addition,
    deletion,
    modification,
    new_password,
    read_back,
)
from vmail_admin.directory.backend.read_entry import PreRead
from vmail_admin.directory.backend.searches import ANYTHING
from vmail_admin.directory.changes import ADD, DELETE, MODIFY, PASSWORD, announced
from vmail_admin.directory.errors import NotAnswering, OnlyACopy, OutcomeUnknown, asked
from vmail_admin.directory.identity import current
from vmail_admin.directory.tally import counted

PRE_READ, POST_READ = b"1.3.6.1.1.13.1", b"1.3.6.1.1.13.2"  # RFC 4527

# What python-ldap calls them.
OPERATIONS = {"add_ext": ADD, "modify_ext": MODIFY, "delete_ext": DELETE, "passwd": PASSWORD}


class Writes:
    """Part of the database wrapper. Nothing here is ever sent a second time."""

    def add_s(self, dn, modlist):
        return self.write(addition(dn, modlist))

    def modify_s(self, dn, modlist, controls=None, loaded=None):
        return self.write(modification(dn, modlist, controls, loaded))

    def delete_s(self, dn, controls=None, loaded=None):
        return self.write(deletion(dn, controls, loaded))

    def rename_s(self, dn, newrdn):
        raise NotSupportedError("An entry keeps its name: rename is refused by slapd's rules too.")

    def change_password(self, dn, old, new):
        self.write(new_password(dn, old, new))

    def write(self, write):
        """A change is sent once. Where its answer is lost, nobody knows whether it was made."""
        if trial := dry_run.current():
            return trial.write(self, write)
        self.ensure_writable()
        change, wanted = write.change, read_back(write.change)
        with announced(change):
            try:
                with self.whole():
                    controls = [*write.controls, *wanted]
                    answer = self.send_change(write.method, *write.values, controls=controls)
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
