"""Two domains that exist for a few seconds, with people in the first whose rights are tried.

The site admin makes them and removes them. Each bears a mark, and only what lies below an entry
with this very mark is ever removed.
"""

import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import ldap

from deploy.hashes import ldap_hash

from .checks import NotAsked, in_words
from .target import Target

NAME = "access-probe.invalid"
SECOND = f"second.{NAME}"
# The rules ask about a plain address another way than about an odd one.
PEOPLE = ("patricia", "ulrich", "news", "diana", "o'dell", "sarah", "o'hara")
OFF = ("diana", "o'dell")

ALIAS = {"maildrop": f"ulrich@{NAME}", "accountActive": "TRUE", "lastChange": "0"}


class NotTried(Exception):
    """slapd refused the site admin, or broke off. The text says what it said."""


class NotOurs(NotTried):
    """There is such a domain already, and somebody else made it."""


class LeftBehind(NotTried):
    """The domain could not be removed. The text says what is left."""


class Throwaway:
    """patricia is postmaster, ulrich, diana and o'dell have accounts, news is an alias.

    diana and o'dell are switched off. sarah and o'hara have accounts too, and are postmasters of
    the second domain.
    """

    def __init__(self, target: Target, admin: str, password: str):
        self.target = target
        self.site = target.site
        self.admin = admin
        self._admin_password = password
        self._password = secrets.token_urlsafe(16)
        self._hash = ldap_hash(self._password)
        self._mark = f"made by check_servers --access, {secrets.token_hex(8)}"
        self._round = 1
        self.dn = f"jvd={NAME},{self.site.hosting}"
        self.second = f"jvd={SECOND},{self.site.hosting}"
        self.postmaster = f"cn=postmaster,{self.dn}"

    def address(self, name: str) -> str:
        """Another one in each round: slapd takes the deleted off the lists a moment late."""
        return f"{name}{self._round}@{NAME}"

    def person(self, name: str) -> str:
        return f"mail={self.address(name)},{self.dn}"

    def as_admin(self) -> ldap.ldapobject.LDAPObject:
        return self.target.signed_in(self.admin, self._admin_password)

    def as_person(self, name: str) -> ldap.ldapobject.LDAPObject:
        """Somebody of the domain; "" is nobody."""
        if not name:
            return self.target.signed_in("", "")
        return self.target.signed_in(self.person(name), self._password)

    def make(self) -> None:
        """Add all of it. Where a domain of either name is there, touch nothing of that."""
        connection = self.as_admin()
        for dn, attributes in self.entries():
            entry = [(name, encoded(values)) for name, values in attributes.items()]
            try:
                connection.add_s(dn, entry)
            except ldap.ALREADY_EXISTS:
                name = SECOND if dn.endswith(self.second) else NAME
                raise NotOurs(f"{name} is in the directory already: look at it first") from None

    def opens(self, name: str, password: str) -> bool:
        """Whether somebody signs in with this password."""
        try:
            self.target.signed_in(self.person(name), password).unbind_s()
        except ldap.INVALID_CREDENTIALS:
            return False
        return True

    def has_new_password(self, admin: ldap.ldapobject.LDAPObject, name: str) -> bool:
        """The same for somebody who is switched off, as the site admin sees it."""
        [(_, entry)] = admin.search_s(self.person(name), ldap.SCOPE_BASE, attrlist=["userPassword"])
        return entry.get("userPassword") != [self._hash.encode()]

    @contextmanager
    def on_the_list(self, name: str) -> Iterator[None]:
        """Inside, cn=siteadmins names somebody: who is switched off, and so can do nothing."""
        admin, group = self.as_admin(), f"cn=siteadmins,{self.site.admins}"
        member = ("member", [self.person(name).encode()])
        try:
            admin.modify_s(group, [(ldap.MOD_ADD, *member)])
        except ldap.NO_SUCH_OBJECT:
            raise NotAsked("there is no list of site admins") from None
        except (ldap.INSUFFICIENT_ACCESS, ldap.OBJECT_CLASS_VIOLATION) as error:
            raise NotAsked(f"cn=siteadmins: {in_words(error)}") from None
        try:
            yield
        finally:
            admin.modify_s(group, [(ldap.MOD_DELETE, *member)])
            admin.unbind_s()

    def entries(self) -> Iterator[tuple[str, dict]]:
        yield self.dn, self.domain_entry(NAME)
        for name in PEOPLE:
            yield self.person(name), self.own_entry(name)
        yield self.postmaster, self.postmaster_entry(NAME, "patricia")
        yield self.second, self.domain_entry(SECOND)
        yield f"cn=postmaster,{self.second}", self.postmaster_entry(SECOND, "sarah", "o'hara")

    def domain_entry(self, name: str) -> dict:
        flags = {"accountActive": "TRUE", "editAccounts": "TRUE", "editPostmasters": "FALSE"}
        about = {"description": self._mark, "delete": "FALSE", "lastChange": "0"}
        return {"objectClass": "JammVirtualDomain", "jvd": name} | about | flags

    def postmaster_entry(self, domain: str, *names: str) -> dict:
        kinds = {"objectClass": ["JammMailAlias", "JammPostmaster"], "cn": "postmaster"}
        holds = {
            "mail": f"postmaster@{domain}",
            "roleOccupant": [self.person(name) for name in names],
        }
        return ALIAS | kinds | holds

    def own_entry(self, name: str) -> dict:
        signs_in = {"mail": self.address(name), "userPassword": self._hash}
        if name == "news":
            return {"objectClass": "JammMailAlias"} | ALIAS | signs_in
        return signs_in | {
            "objectClass": "JammMailAccount",
            "homeDirectory": self.site.mail_home,
            "mailbox": f"{NAME}/{name}{self._round}/",
            "accountActive": "FALSE" if name in OFF else "TRUE",
            "delete": "FALSE",
            "lastChange": "0",
        }

    def remove(self) -> None:
        """Delete what bears our mark, from below. What is not ours stays as it is."""
        connection = self.as_admin()
        for domain in (self.second, self.dn):
            with suppress(ldap.NO_SUCH_OBJECT):
                [(_, found)] = connection.search_s(
                    domain, ldap.SCOPE_BASE, attrlist=["description"]
                )
                if self._mark.encode() not in found.get("description", []):
                    continue
                inside = connection.search_s(domain, ldap.SCOPE_SUBTREE, attrlist=["1.1"])
                for dn in sorted((dn for dn, _ in inside if dn), key=len, reverse=True):
                    connection.delete_s(dn)
        connection.unbind_s()

    def anew(self) -> None:
        """As at the beginning, after an attempt that came through."""
        self.remove()
        self._round += 1
        self.make()


def encoded(values: str | list[str]) -> list[bytes]:
    return [one.encode() for one in ([values] if isinstance(values, str) else values)]


@contextmanager
def throwaway(target: Target, admin: str, password: str) -> Iterator[Throwaway]:
    """The domain, which is gone afterwards: also after Ctrl-C, SIGTERM or a failure midway."""
    domain = Throwaway(target, admin, password)
    try:
        domain.as_admin().unbind_s()
    except ldap.LDAPError as error:
        raise NotTried(f"as {admin}: {in_words(error)}") from None
    before = signal.signal(signal.SIGTERM, ended)
    try:
        domain.make()
        yield domain
    except ldap.LDAPError as error:
        raise NotTried(in_words(error)) from None
    finally:
        # A second Ctrl-C does not keep it from being removed.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            domain.remove()
        except ldap.LDAPError as error:
            raise LeftBehind(
                f"delete {domain.dn} and {domain.second}, and what is below them, yourself: "
                f"{in_words(error)}"
            ) from None
        finally:
            signal.signal(signal.SIGINT, interrupt)
            signal.signal(signal.SIGTERM, before)


def ended(*_):
    raise KeyboardInterrupt
