"""The access rules of a live slapd, tried in a domain that is made for it and removed.

These are the harmless attempts of the proof suite: each stays within the domain, and none counts
against anybody's password. Whether one came through is read back as the site admin.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import ldap

from .checks import Answer, Check, State
from .throwaway import NAME, Throwaway, encoded

ELSEWHERE = "ceo@elsewhere.invalid"
ENDLESS = "{CRYPT}$6$rounds=900000000$abcdefgh$" + "x" * 86


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


def signing_in():
    return lambda connection, domain: connection.whoami_s(), lambda admin, domain, seen: bool(seen)


ALIAS = {"objectClass": "JammMailAlias", "maildrop": f"ulrich@{NAME}"}

ATTEMPTS = (
    Attempt("a stranger finds no address", "9", "", *seeing(domain_entry, "(mail=*)")),
    Attempt(
        "a user finds nobody else", "9", "ulrich", *seeing(domain_entry, "(mail=*)", but="ulrich")
    ),
    Attempt(
        "a user reads no hash of a password, not even the own",
        "10d",
        "ulrich",
        *seeing(of("ulrich"), "(objectClass=*)", "userPassword"),
    ),
    Attempt(
        "a postmaster reads no hash of a password",
        "10d",
        "patricia",
        *seeing(of("ulrich"), "(objectClass=*)", "userPassword"),
    ),
    Attempt(
        "a user cannot point the own mailbox elsewhere",
        "4",
        "ulrich",
        *set_(of("ulrich"), "mailbox", f"{NAME}/patricia/"),
    ),
    Attempt(
        "a user cannot set the own quota",
        "7",
        "ulrich",
        *set_(of("ulrich"), "quota", "999999999999S"),
    ),
    Attempt(
        "a user cannot take a second address",
        "3",
        "ulrich",
        *put(of("ulrich"), "mail", f"boss@{NAME}"),
    ),
    Attempt(
        "a user cannot take an address of another domain",
        "3",
        "ulrich",
        *put(of("ulrich"), "mail", ELSEWHERE),
    ),
    Attempt(
        "a user cannot become another Unix user",
        "11",
        "ulrich",
        *set_(of("ulrich"), "uidNumber", "0"),
    ),
    Attempt(
        "a value with a language tag passes by nothing",
        "1b",
        "ulrich",
        *put(of("ulrich"), "cn;lang-en", "tagged"),
    ),
    Attempt("who is switched off cannot sign in", "10a", "diana", *signing_in()),
    Attempt(
        "a hash that keeps slapd busy is not stored",
        "10c",
        "ulrich",
        *set_(of("ulrich"), "userPassword", ENDLESS),
    ),
    Attempt(
        "an alias cannot send mail to a command",
        "5",
        "news",
        *set_(of("news"), "maildrop", "|/bin/true"),
    ),
    Attempt(
        "an alias cannot send mail to a file",
        "5",
        "news",
        *set_(of("news"), "maildrop", "/dev/null"),
    ),
    Attempt(
        "a postmaster cannot take an address of another domain",
        "3",
        "patricia",
        *put(of("ulrich"), "mail", ELSEWHERE),
    ),
    Attempt(
        "a postmaster cannot add an alias of another domain",
        "3",
        "patricia",
        *adding(f"mail={ELSEWHERE}", mail=ELSEWHERE, **ALIAS),
    ),
    Attempt(
        "a postmaster cannot change what the site allows the domain",
        "9",
        "patricia",
        *set_(domain_entry, "editPostmasters", "TRUE"),
    ),
    Attempt(
        "a postmaster cannot take a second domain",
        "9",
        "patricia",
        *put(domain_entry, "jvd", "elsewhere.invalid"),
    ),
    Attempt(
        "a postmaster appoints nobody where the site says no",
        "6",
        "patricia",
        *put(postmaster_entry, "roleOccupant", of("ulrich")),
    ),
    Attempt(
        "a postmaster gives no new password to who is postmaster elsewhere",
        "10b",
        "patricia",
        *resetting("sarah"),
    ),
    Attempt(
        "nobody is marked for deletion and goes on",
        "constraint",
        "patricia",
        *set_(of("ulrich"), "delete", "TRUE"),
    ),
    Attempt(
        "a postmaster cannot delete cn=postmaster", "8", "patricia", *deleting(postmaster_entry)
    ),
    Attempt(
        "a postmaster adds nothing but accounts and aliases",
        "8",
        "patricia",
        *adding("cn=deputy", cn="deputy", mail=f"deputy@{NAME}", **ALIAS),
    ),
    Attempt(
        "nothing can be renamed",
        "restrict rename",
        "patricia",
        *renaming(of("ulrich"), f"mail={ELSEWHERE}"),
    ),
)


def tried(one: Attempt, domain: Throwaway) -> bool:
    """Whether it came through."""
    seen = None
    try:
        seen = one.attempt(domain.as_person(one.who), domain)
    except (ldap.SERVER_DOWN, ldap.TIMEOUT):
        raise
    except ldap.LDAPError:
        seen = None
    admin = domain.as_admin()
    try:
        return one.happened(admin, domain, seen)
    finally:
        admin.unbind_s()


def fix_of(rule: str) -> str:
    name = rule if not rule[0].isdigit() else f"rule {rule}"
    return (
        f'{name} of the strict rules closes it: access = "strict" in site.toml, emit slapd --diff'
    )


def tries(domain: Throwaway) -> Iterator[Answer]:
    """One answer for each attempt."""
    for one in ATTEMPTS:
        came_through = tried(one, domain)
        check = Check(one.sentence, fix_of(one.rule), lambda _: None)
        yield Answer(check, State.FAIL if came_through else State.PASS)
        if came_through:
            domain.anew()
