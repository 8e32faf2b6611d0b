"""What an attempt on the access rules is, and how each kind is made and read back."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

import ldap

from .throwaway import Throwaway, encoded

REFUSED = (ldap.INSUFFICIENT_ACCESS, ldap.UNWILLING_TO_PERFORM, ldap.CONSTRAINT_VIOLATION)


@dataclass(frozen=True)
class Attempt:
    """What should not be possible, who tries it, and which strict rule closes it.

    attempt    is given the person's connection and the domain; what it gives back counts as seen
    happened   is given the site admin's connection, the domain and what was seen
    """

    sentence: str
    rule: str
    who: str
    attempt: Callable
    happened: Callable


def modifying(operation: int, name: Callable[[Throwaway], str], attribute: str, value):
    """A change of one entry, and how it is read back. The value may depend on the domain."""

    def value_in(domain):
        return value(domain) if callable(value) else value

    def attempt(connection, domain):
        connection.modify_s(name(domain), [(operation, attribute, encoded(value_in(domain)))])

    def happened(admin, domain, _):
        [(_, entry)] = admin.search_s(name(domain), ldap.SCOPE_BASE, attrlist=[attribute])
        return value_in(domain).encode() in [one for some in entry.values() for one in some]

    return attempt, happened


def set_(name, attribute, value):
    return modifying(ldap.MOD_REPLACE, name, attribute, value)


def put(name, attribute, value):
    return modifying(ldap.MOD_ADD, name, attribute, value)


def of(name: str) -> Callable[[Throwaway], str]:
    return lambda domain: domain.person(name)


def domain_entry(domain: Throwaway) -> str:
    return domain.dn


def postmaster_entry(domain: Throwaway) -> str:
    return domain.postmaster


def is_there(admin, dn: str) -> bool:
    try:
        return bool(admin.search_s(dn, ldap.SCOPE_BASE, attrlist=["1.1"]))
    except ldap.NO_SUCH_OBJECT:
        return False


def adding(rdn: str, **attributes: str):
    def attempt(connection, domain):
        entry = {"accountActive": "TRUE", "lastChange": "0"} | attributes
        listed = [(name, encoded(value)) for name, value in entry.items()]
        connection.add_s(f"{rdn},{domain.dn}", listed)

    return attempt, lambda admin, domain, _: is_there(admin, f"{rdn},{domain.dn}")


def deleting(name):
    return (
        lambda connection, domain: connection.delete_s(name(domain)),
        lambda admin, domain, _: not is_there(admin, name(domain)),
    )


def renaming(name, rdn: str):
    return (
        lambda connection, domain: connection.rename_s(name(domain), rdn),
        lambda admin, domain, _: is_there(admin, f"{rdn},{domain.dn}"),
    )


def seeing(base: Callable[[Throwaway], str], filter_: str, attribute: str = "1.1", but: str = ""):
    """What a search shows, other than the person's own entry."""

    def attempt(connection, domain):
        found = connection.search_s(base(domain), ldap.SCOPE_SUBTREE, filter_, [attribute])
        own = domain.person(but) if but else ""
        shown = [(dn, entry) for dn, entry in found if dn and dn != own]
        return [dn for dn, entry in shown if entry or attribute == "1.1"]

    return attempt, lambda admin, domain, seen: bool(seen)


def resetting(name: str):
    """A new password for somebody (RFC 3062), and whether it opens."""
    new = secrets.token_urlsafe(16)
    return (
        lambda connection, domain: connection.passwd_s(domain.person(name), None, new),
        lambda admin, domain, _: domain.opens(name, new),
    )


def resetting_site_admin(name: str):
    """The same for somebody whom cn=siteadmins names."""

    def attempt(connection, domain):
        with domain.on_the_list(name):
            try:
                connection.passwd_s(domain.person(name), None, secrets.token_urlsafe(16))
            except REFUSED:
                return

    return attempt, lambda admin, domain, _: domain.has_new_password(admin, name)


def signing_in():
    return lambda connection, domain: connection.whoami_s(), lambda admin, domain, seen: bool(seen)
