"""Changes that are tried and not made, by slapd's own no-op control.

Inside ``dry_run()`` each change is sent with the control (draft-zeilenga-ldap-noop): slapd weighs
its rules, its overlays and the schema, answers what it would have answered, and writes nothing. It
does not advertise the control, so it is asked with a change that could do no harm. Where it does
not know it, nothing is sent at all, and ``asked_slapd`` says so.

slapd's mdb numbers an attribute when an entry first holds it, and forgets to take the number back
after a change that is not made: the next entry with that attribute could never be read again
("attribute index not recognized", seen with 2.5.13). So nothing is tried with an attribute that is
not seen on an entry of the domain: what may be left out of a new entry is, and what may not is not
tried at all.
"""

import contextvars
import secrets
from contextlib import contextmanager, nullcontext
from dataclasses import replace

import ldap
from django.conf import settings
from ldap.controls import RequestControl

from vmail_admin.directory.backend.operations import deletion
from vmail_admin.directory.backend.searches import ANYTHING, Lookup, equals
from vmail_admin.directory.errors import Gone, NotOffered, Unexpected
from vmail_admin.directory.names import dn_below, domain_dn, domain_in, rdns_of

NO_OP = "1.3.6.1.4.1.4203.666.5.2"
WOULD_HAVE_DONE_IT = 16654  # slapd's LDAP_X_NO_OPERATION
# A new password is never sent: slapd's extended operation does not heed the control.
TRIED = ("add_ext", "modify_ext", "delete_ext")

KINDS = [equals("structuralObjectClass", kind) for kind in ("JammMailAccount", "JammMailAlias")]
SEEN_AT_MOST = 50  # entries of each kind that are looked at
# What an entry of the Jamm schema cannot be without.
NEEDED = {
    *("objectclass", "mail", "homedirectory", "mailbox", "accountactive", "lastchange", "delete"),
    *("maildrop", "jvd", "editaccounts", "editpostmasters", "roleoccupant"),
}


class DryRun:
    """What was tried in one block: how many changes slapd was asked, and how many it was not."""

    def __init__(self):
        self.sent = self.unsent = 0
        self._knows_no_op = None
        self._added = set()
        self._in_use, self._looked_for = set(), set()

    @property
    def asked_slapd(self):
        """Whether slapd itself said of every single change that it would make it."""
        return bool(self.sent) and not self.unsent

    def write(self, connection, write):
        """Asks slapd for a change, and raises its refusal by name. Nothing is ever changed."""
        tried = self._tried(connection, write)
        if tried is None:
            return
        send(connection, tried)
        self._would_be_made(tried)

    def write_many(self, connection, writes):
        """The same for several under way at a time. Of each None, or the refusal.

        Raises NotAnswering.
        """
        outcomes, sent = [], []

        def all_tried():
            for write in writes:
                outcomes.append(None)
                if tried := self._tried(connection, write):
                    sent.append((len(outcomes) - 1, tried))
                    yield tried

        found, lost = connection.exchange(all_tried(), told_to_nobody)
        if lost is not None:
            raise lost
        for (number, tried), error in zip(sent, found, strict=True):
            if is_yes(error):
                self._would_be_made(tried)
            else:
                outcomes[number] = error
        return outcomes

    def _tried(self, connection, write):
        """The change as it can be tried; None where it cannot."""
        [dn, *values] = write.values
        if self._depends_on_what_is_not_there(dn) or not self._can_be_sent(connection, write):
            self.unsent += 1
            return None
        values = self._harmless(connection, write.method, dn, *values)
        if values is None:
            self.unsent += 1
            return None
        return as_no_op(write, (dn, *values))

    def _would_be_made(self, tried):
        self.sent += 1
        if tried.method == "add_ext":
            self._added.add(rdns_as_key(tried.values[0]))

    def _harmless(self, connection, method, dn, *values):
        """The change without attributes that no entry is seen to hold; None where it needs them."""
        if method == "delete_ext":
            return values
        [steps] = values
        names = {step[-2].lower() for step in steps}
        unseen = names - self._seen(connection, dn, names)
        if not unseen:
            return values
        if method != "add_ext" or unseen & NEEDED:
            return None
        return ([step for step in steps if step[-2].lower() not in unseen],)

    def _seen(self, connection, dn, names):
        """Those of the names that an entry of this domain holds. One round trip for new names."""
        base = domain_dn(domain_in(dn))
        wanted = [name for name in names if (base, name) not in self._looked_for]
        if wanted:
            self._looked_for.update((base, name) for name in wanted)
            domains = equals("structuralObjectClass", "JammVirtualDomain")
            lookups = [
                Lookup(base, ldap.SCOPE_BASE, ANYTHING),
                Lookup(settings.DIRECTORY_BASE_DN, ldap.SCOPE_ONELEVEL, domains),
            ]
            lookups += [Lookup(base, ldap.SCOPE_ONELEVEL, kind) for kind in KINDS]
            answers = connection.search_many(lookups, [wanted] * len(lookups), SEEN_AT_MOST)
            for rows, _ in answers:
                self._in_use.update(name.lower() for _, held in rows for name in held)
        return self._in_use

    def _depends_on_what_is_not_there(self, dn):
        """An entry that was added without effect is none that slapd could be asked about."""
        parts = rdns_as_key(dn)
        return any(parts[above:] in self._added for above in range(len(parts)))

    def _can_be_sent(self, connection, write):
        if self._knows_no_op is None:
            self._knows_no_op = knows_no_op(connection)
        return write.method in TRIED and self._knows_no_op


_current = contextvars.ContextVar("directory_dry_run", default=None)


def current():
    """The dry run of the running block, or None."""
    return _current.get()


@contextmanager
def dry_run():
    """Inside this block no change is made. Yields a DryRun, which tells what slapd was asked."""
    trial = DryRun()
    token = _current.set(trial)
    try:
        yield trial
    finally:
        _current.reset(token)


def as_no_op(write, values):
    """The change with the control, which is critical: whoever does not know it must not make the
    change (RFC 4511, 4.1.11). No entry is read back, for there is none to be read."""
    controls = (*write.controls, RequestControl(NO_OP, criticality=True))
    return replace(write, values=values, controls=controls, reads_back=False)


def send(connection, tried):
    """Sends a change that has the control. Raises what slapd refuses."""
    try:
        with connection.whole():
            connection.send_change(tried.method, *tried.values, controls=tried.controls)
    except Unexpected as answer:
        if not is_yes(answer):
            raise


def is_yes(answer):
    """Whether slapd would have made the change."""
    return answer is None or getattr(answer, "code", 0) == WOULD_HAVE_DONE_IT


def told_to_nobody(changes):
    """Nobody keeps a journal of what is not done."""
    return nullcontext([])


def rdns_as_key(dn):
    """The parts of a DN, to be looked up in a set."""
    return tuple(tuple(part) for part in rdns_of(dn) or ())


def knows_no_op(connection):
    """Whether slapd knows the control: it is asked to delete what is not there."""
    nobody = dn_below(settings.DIRECTORY_BASE_DN, "jvd", f"{secrets.token_hex(16)}.invalid")
    try:
        send(connection, as_no_op(deletion(nobody), (nobody,)))
    except Gone:
        return True
    except NotOffered:
        return False
    return False
