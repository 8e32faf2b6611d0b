"""Entries of the live directory that the checks ask about."""

import ldap
from ldap.filter import escape_filter_chars

from .checks import NotAsked
from .target import Target

UNKNOWN = "nobody-has-this-address"
UNKNOWN_DOMAIN = "no-such-domain.invalid"
ACTIVE = "(accountActive=TRUE)(!(delete=TRUE))"
ACTIVE_DOMAIN = f"(&(objectClass=JammVirtualDomain){ACTIVE})"
SWITCHED_OFF = "(|(accountActive=FALSE)(delete=TRUE))"


def as_mail_server(target: Target):
    """Bound as the mail servers are: with the service's password, or as nobody."""
    site = target.site
    if site.access == "howto":
        return target.directory()
    if not site.secrets.service_password:
        raise NotAsked("the site file names no secrets.service_password_file")
    return target.directory(site.mailservice, site.secrets.service_password.reveal())


def found(target: Target, filter_: str, base: str = "", limit: int = 50) -> list[dict]:
    """Some entries, as the mail servers see them."""
    connection = as_mail_server(target)
    base = base or target.site.hosting
    attributes = ["mail", "jvd", "mailbox", "maildrop"]
    entries: list[dict] = []
    try:
        number = connection.search_ext(
            base, ldap.SCOPE_SUBTREE, filter_, attributes, sizelimit=limit
        )
        while True:
            kind, part = connection.result(number, all=0)
            entries += [values for _, values in part]
            if kind == ldap.RES_SEARCH_RESULT:
                return entries
    except ldap.SIZELIMIT_EXCEEDED:
        return entries


def active_domains(target: Target) -> list[str]:
    names = [entry["jvd"][0].decode() for entry in found(target, ACTIVE_DOMAIN)]
    if not names:
        raise NotAsked("there is no active domain yet")
    return names


def an_address(target: Target, filter_: str, what: str) -> dict:
    """The first entry of this kind in an active domain."""
    for name in active_domains(target):
        base = f"jvd={name},{target.site.hosting}"
        entries = [entry for entry in found(target, filter_, base, 1) if "mail" in entry]
        if entries:
            return entries[0]
    raise NotAsked(f"there is no {what} in an active domain")


def an_account(target: Target) -> dict:
    return an_address(target, f"(&(objectClass=JammMailAccount){ACTIVE})", "account")


def an_alias(target: Target) -> dict:
    filter_ = f"(&(objectClass=JammMailAlias)(mail=*)(!(mail=@*)){ACTIVE})"
    return an_address(target, filter_, "alias")


def a_catch_all(target: Target) -> dict:
    filter_ = "(&(objectClass=JammMailAlias)(mail=@*)(accountActive=TRUE))"
    return an_address(target, filter_, "catch-all")


def an_account_switched_off(target: Target) -> str:
    filter_ = f"(&(objectClass=JammMailAccount){SWITCHED_OFF})"
    return address_of(an_address(target, filter_, "account that is switched off"))


def a_domain_switched_off(target: Target) -> str:
    entries = found(target, f"(&(objectClass=JammVirtualDomain){SWITCHED_OFF})")
    if not entries:
        raise NotAsked("no domain is switched off")
    return entries[0]["jvd"][0].decode()


def a_domain_without_catch_all(target: Target) -> str:
    for name in active_domains(target):
        filter_ = f"(mail={escape_filter_chars('@' + name)})"
        if not found(target, filter_, f"jvd={name},{target.site.hosting}", 1):
            return name
    raise NotAsked("every domain has a catch-all")


def address_of(entry: dict) -> str:
    return entry["mail"][0].decode()
