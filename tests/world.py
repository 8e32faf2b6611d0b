"""The cast of the tests, and the slapd they live in.

Alice is a user of example.test and Pia its postmaster; Alex owns an alias there. Carol is a user of
other.test, whose postmaster Otto may not edit or appoint. Rita is the site admin. Questions here go
to slapd itself, as whoever they are about, never through the panel.
"""

from io import StringIO
from pathlib import Path

import ldap
import ldap.sasl
from ldap.controls.simple import RelaxRulesControl
from ldif import LDIFRecordList

from deploy.hashes import ldap_hash
from deploy.private_slapd import PrivateSlapd
from deploy.site import Postfix, Secrets, Site
from tests.settings import FOLDER

SUFFIX = "dc=myhosting,dc=example"
HOSTING = f"o=hosting,{SUFFIX}"
EXAMPLE = f"jvd=example.test,{HOSTING}"
POST = f"cn=postmaster,{EXAMPLE}"
ALICE = f"mail=alice@example.test,{EXAMPLE}"
DORA = f"mail=dora@example.test,{EXAMPLE}"
PIA = f"mail=pia@example.test,{EXAMPLE}"
ALEX = f"mail=alex@example.test,{EXAMPLE}"
BOB_NEWS = f"mail=bob\\2Bnews@example.test,{EXAMPLE}"
OTHER = f"jvd=other.test,{HOSTING}"
CAROL = f"mail=carol@other.test,{OTHER}"
OTTO = f"mail=otto@other.test,{OTHER}"
ASLEEP = f"jvd=asleep.test,{HOSTING}"
RITA = f"cn=rita,ou=admins,{SUFFIX}"
SITEADMINS = f"cn=siteadmins,ou=admins,{SUFFIX}"

# Signs that mean something in one configuration file or another.
SERVICE_PASSWORD = r'ma!l "$erv" #1 \ %d {{x}}'
SITE = Site(
    secrets=Secrets(service_password=SERVICE_PASSWORD),
    postfix=Postfix(postmaster="pia@example.test"),
)

KEPT_BY_PPOLICY = {
    "pwdChangedTime",
    "pwdHistory",
    "pwdFailureTime",
    "pwdAccountLockedTime",
    "pwdGraceUseTime",
    "pwdReset",
}


def word(name):
    """What somebody of the cast types as password."""
    return f"{name}-secret-word"


class World:
    """The cast in a private slapd on the emitted strict rules."""

    def __init__(self):
        self.slapd = PrivateSlapd(FOLDER / "slapd", SITE, fast=True)
        self.cast = cast()
        self.play = everybody(entries_of(self.slapd.base_ldif), self.cast)
        self.slapd.load(self.slapd.base_ldif)
        self.slapd.start()

    def root(self):
        """A connection as slapd's own rootdn, for whom no rule is asked."""
        connection = ldap.initialize(self.slapd.ldapi_uri)
        connection.sasl_interactive_bind_s("", ldap.sasl.external())
        return connection

    def rebuild(self):
        """Everybody as at the beginning of the play, put right where they stand.

        Whoever is deleted and added again would lose the post: slapd's refint takes the deleted off
        every list, but a moment later.
        """
        root = self.root()
        there = {}
        for branch in (HOSTING, f"ou=admins,{SUFFIX}"):
            wanted = ["*", *KEPT_BY_PPOLICY]
            there |= root.search_s(branch, ldap.SCOPE_SUBTREE, "(objectClass=*)", wanted)
        for dn in sorted(there.keys() - self.play.keys(), key=len, reverse=True):
            root.delete_s(dn)
        for dn, values in self.play.items():
            if dn in there:
                put_right(root, dn, values, there[dn])
            else:
                root.add_s(dn, list(values.items()))
        root.unbind_s()

    def entry(self, dn, *names):
        """The attributes of an entry as rootdn sees them, as text; None where there is no entry."""
        root = self.root()
        try:
            values = root.search_s(dn, ldap.SCOPE_BASE, "(objectClass=*)", list(names) or None)[0][
                1
            ]
        except ldap.NO_SUCH_OBJECT:
            return None
        finally:
            root.unbind_s()
        return {
            name: [one.decode("utf-8", "replace") for one in some] for name, some in values.items()
        }

    def value(self, dn, name):
        return (self.entry(dn, name) or {}).get(name, [None])[0]

    def change(self, dn, **values):
        """Changes an entry behind the panel's back, as rootdn. None takes an attribute away.

        The overlays let it pass: old trees hold what nobody can write any more.
        """
        root = self.root()
        changes = [(ldap.MOD_REPLACE, name, as_sent(value)) for name, value in values.items()]
        root.modify_ext_s(dn, changes, serverctrls=[RelaxRulesControl()])
        root.unbind_s()

    def delete(self, dn):
        root = self.root()
        root.delete_s(dn)
        root.unbind_s()

    def accepts(self, dn, password):
        """Whether slapd itself takes this password."""
        connection = ldap.initialize(self.slapd.ldapi_uri)
        try:
            connection.simple_bind_s(dn, password)
        except ldap.INVALID_CREDENTIALS:
            return False
        finally:
            connection.unbind_s()
        return True

    def versions(self):
        """The version of every entry: what no reading may change."""
        root = self.root()
        found = root.search_s(SUFFIX, ldap.SCOPE_SUBTREE, "(objectClass=*)", ["entryCSN"])
        root.unbind_s()
        return {dn: values["entryCSN"][0] for dn, values in found}


def cast():
    """Everybody, as python-ldap adds them."""
    return entries_of((Path(__file__).parent / "world.ldif").read_text())


def as_sent(value):
    """One value, or a list of them, as python-ldap wants it."""
    if value is None:
        return None
    return [str(one).encode() for one in (value if isinstance(value, list) else [value])]


def everybody(base, cast):
    """The entries of the domains and of the site admins, by DN; Rita is one of these."""
    admins = {
        dn: dict(values) for dn, values in base if dn.endswith((HOSTING, f"ou=admins,{SUFFIX}"))
    }
    admins[SITEADMINS]["member"] = [*admins[SITEADMINS]["member"], RITA.encode()]
    return admins | {dn: dict(values) for dn, values in cast}


def put_right(root, dn, wanted, there):
    """Makes an entry what it was, and what ppolicy remembers of it nothing."""
    remembered = there.keys() & KEPT_BY_PPOLICY
    changes = [
        (ldap.MOD_REPLACE, name, wanted.get(name))
        for name in (wanted.keys() | there.keys()) - KEPT_BY_PPOLICY
        if wanted.get(name) != there.get(name)
    ]
    if changes:
        root.modify_ext_s(dn, changes, serverctrls=[RelaxRulesControl()])
    if remembered or changes:
        forgotten = [(ldap.MOD_REPLACE, name, None) for name in KEPT_BY_PPOLICY]
        root.modify_ext_s(dn, forgotten, serverctrls=[RelaxRulesControl()])


def entries_of(ldif):
    """The entries of an LDIF text, with hashed passwords, as python-ldap adds them."""
    records = LDIFRecordList(StringIO(ldif))
    records.parse()
    return [
        (dn, [(name, hashed(name, some)) for name, some in values.items()])
        for dn, values in records.all_records
    ]


def hashed(name, values):
    if name != "userPassword":
        return values
    return [one if one.startswith(b"{") else ldap_hash(one.decode()).encode() for one in values]
