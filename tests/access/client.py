"""What somebody does by LDAP, and what the rootdn sees afterwards."""

import os
import subprocess
import tempfile
from contextlib import suppress

import ldap
import ldap.filter
from ldap.controls import RequestControl
from ldap.controls.simple import ManageDSAITControl, RelaxRulesControl

from tests.deploy.asking import Asked
from tests.deploy.cast import ADMIN, FORMER, MAILSERVICE, MANAGER, password_of

from .people import NOBODY

KEPT_BY_PPOLICY = ["pwdChangedTime", "pwdHistory", "pwdFailureTime", "pwdAccountLockedTime"]
# The HOWTO's site admin is the rootdn, and its mail servers ask without signing in.
UNDER_HOWTO = {ADMIN: MANAGER, MAILSERVICE: NOBODY, FORMER: NOBODY}
# Shows those entries alone that no other search shows (RFC 3672).
SUBENTRIES = RequestControl("1.3.6.1.4.1.4203.1.10.1", True, b"\x01\x01\xff")
ANOTHER_ADDRESS = {"LDAPSOCKET_BIND_ADDRESSES": "127.0.0.2"}


class Server(Asked):
    """A running slapd that is as at the beginning again after each probe."""

    def __init__(self, slapd):
        super().__init__(slapd)
        self._crowds = {}
        self.is_howto = slapd.site.access == "howto"
        self.root = self.as_root()
        self.start = self.snapshot()
        self.first_version = self.version()

    def snapshot(self):
        """All entries, hidden ones too, with what ppolicy remembers of them."""
        everything = [
            row
            for controls in ([ManageDSAITControl()], [ManageDSAITControl(), SUBENTRIES])
            for row in self.root.search_ext_s(
                self.slapd.site.suffix,
                ldap.SCOPE_SUBTREE,
                attrlist=["*", "ref", *KEPT_BY_PPOLICY],
                serverctrls=controls,
            )
        ]
        return {dn: tidy(values) for dn, values in everything}

    def version(self):
        """Another one after each change, and after each wrong password, which dates nothing."""
        suffix = self.slapd.site.suffix
        [(_, entry)] = self.root.search_s(suffix, ldap.SCOPE_BASE, attrlist=["contextCSN"])
        guessed = self.root.search_s(suffix, ldap.SCOPE_SUBTREE, "(pwdFailureTime=*)", ["1.1"])
        return entry["contextCSN"], guessed

    def changed(self):
        """What is different from the beginning, by DN; what ppolicy remembers does not count."""
        if self.version() == self.first_version:
            return {}
        now = self.snapshot()
        return {
            dn: now.get(dn)
            for dn in now.keys() | self.start.keys()
            if bare(now.get(dn)) != bare(self.start.get(dn))
        }

    def restore(self):
        """Put right what a probe changed."""
        if self.version() == self.first_version:
            return
        now = self.snapshot()
        for dn in sorted(now.keys() - self.start.keys(), key=len, reverse=True):
            self.root.delete_ext_s(dn, serverctrls=[ManageDSAITControl()])
        for dn in sorted(self.start.keys() - now.keys(), key=len):
            self.root.add_ext_s(dn, list(self.start[dn].items()), serverctrls=[RelaxRulesControl()])
        for dn in self.start.keys() & now.keys():
            if self.start[dn] != now[dn]:
                self.put_right(dn, now[dn])
        self.first_version = self.version()

    def put_right(self, dn, now):
        wanted = self.start[dn]
        changes = [
            (ldap.MOD_REPLACE, name, wanted.get(name))
            for name in wanted.keys() | now.keys()
            if wanted.get(name) != now.get(name)
        ]
        self.root.modify_ext_s(dn, changes, serverctrls=[RelaxRulesControl()])

    def forget_connections(self):
        """slapd closed one: who acts next signs in anew. It must still be there."""
        self._connections.clear()
        self.as_root().unbind_s()

    def crowd(self, dn, number):
        """So many connections of one person, kept like the single ones: binds are slow."""
        there = self._crowds.setdefault(dn, [])
        there += [self.signed_in(dn) for _ in range(number - len(there))]
        return there[:number]

    def who(self, dn):
        """Who plays this role under the rules of this server."""
        return UNDER_HOWTO.get(dn, dn) if self.is_howto else dn

    def reads(self, dn, attribute):
        """Every value of an attribute, with or without a language tag, as the rootdn sees it."""
        return [
            value.decode("utf-8", "backslashreplace")
            for name, values in (self.entry(dn) or {}).items()
            if name.partition(";")[0].lower() == attribute.lower()
            for value in values
        ]

    def entry(self, dn):
        with suppress(ldap.NO_SUCH_OBJECT):
            [(_, entry)] = self.root.search_ext_s(
                dn, ldap.SCOPE_BASE, attrlist=["*", "+"], serverctrls=[ManageDSAITControl()]
            )
            return entry
        return None

    def there(self, dn):
        return self.entry(dn) is not None

    def holders(self, address):
        """Who has this address, anywhere."""
        filter_ = ldap.filter.filter_format("(mail=%s)", [address])
        return [dn for dn, _ in self.root.search_s(self.slapd.site.hosting, 2, filter_, ["1.1"])]

    def opens(self, dn, password):
        try:
            self.signed_in(dn, password).unbind_s()
        except ldap.LDAPError:
            return False
        return True


def bare(values):
    """An entry without what ppolicy remembers of it."""
    return values and {name: some for name, some in values.items() if name not in KEPT_BY_PPOLICY}


def tidy(values):
    """Values in one order, as slapd keeps them in none."""
    return {name: sorted(some) for name, some in values.items()}


class Client:
    """Somebody with an LDAP client. The connection is kept: rights are asked for each act."""

    def __init__(self, server, dn):
        self.server = server
        self.dn = server.who(dn)

    @property
    def connection(self):
        return self.server.connection_of(self.dn)

    def signs_in(self, password=None):
        """A connection of its own."""
        return self.server.signed_in(self.dn, password)

    def runs(self, tool, *words, ldif=None, afar=False):
        """One of OpenLDAP's own clients, from another address if wanted; raises its refusal."""
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(password_of(self.dn))
            file.flush()
            who = ["-D", self.dn, "-y", file.name] if self.dn else []
            done = subprocess.run(
                [tool, "-x", "-H", self.server.slapd.ldap_uri, *who, *words],
                input=ldif,
                capture_output=True,
                text=True,
                check=False,
                env=os.environ | (ANOTHER_ADDRESS if afar else {}),
            )
        if done.returncode:
            raise ldap.OTHER({"result": done.returncode, "info": done.stderr})
        return done.stdout
