"""Postfix's look-ups, asked as Postfix asks them: postmap -q."""

from deploy.programs import ProgramError, program, run_quietly

from .checks import Wrong, check
from .lookups import (
    UNKNOWN,
    UNKNOWN_DOMAIN,
    a_catch_all,
    a_domain_switched_off,
    active_domains,
    address_of,
    an_account,
    an_account_switched_off,
    an_alias,
)
from .target import Target

FIX = "emit postfix --diff, install it, and run: postfix reload"


def asked(target: Target, table: str, key: str) -> str:
    """What a table answers, or "" where it has nothing."""
    folder = target.site.postfix.config_dir
    file = f"ldap:{folder}/ldap/{table}.cf"
    done = run_quietly([program("postmap"), "-c", folder, "-q", key, file], None)
    said = done.stdout.strip()
    # postmap ends with 1 for "not found" too, but says nothing then.
    if done.returncode and said:
        raise ProgramError(f"{table}: {said}")
    return said


def need(found: str, wanted: str, key: str) -> str:
    if found != wanted:
        raise Wrong(f"{key} gives {found or 'nothing'} in place of {wanted or 'nothing'}")
    return key


def values(entry: dict, name: str) -> str:
    return ",".join(sorted(one.decode() for one in entry[name]))


@check("Postfix knows the domains", FIX)
def domains(target: Target) -> str:
    name = active_domains(target)[0]
    need(asked(target, "domains", UNKNOWN_DOMAIN), "", UNKNOWN_DOMAIN)
    return need(asked(target, "domains", name).lower(), name.lower(), name)


@check("Postfix knows the accounts", FIX)
def accounts(target: Target) -> str:
    entry = an_account(target)
    mail = address_of(entry)
    domain = mail.partition("@")[2]
    need(asked(target, "accounts", f"{UNKNOWN}@{domain}"), "", UNKNOWN)
    need(asked(target, "accountsmap", mail).lower(), mail.lower(), mail)
    return need(asked(target, "accounts", mail), values(entry, "mailbox"), mail)


@check("Postfix knows where aliases go", FIX)
def aliases(target: Target) -> str:
    entry = an_alias(target)
    mail = address_of(entry)
    found = ",".join(sorted(asked(target, "aliases", mail).split(",")))
    return need(found, values(entry, "maildrop"), mail)


@check("Postfix knows the catch-alls", FIX)
def catch_alls(target: Target) -> str:
    entry = a_catch_all(target)
    mail = address_of(entry)
    found = ",".join(sorted(asked(target, "catch_all", mail).split(",")))
    return need(found, values(entry, "maildrop"), mail)


@check("Postfix has no mailbox for an account that is switched off", FIX)
def accounts_switched_off(target: Target) -> str:
    mail = an_account_switched_off(target)
    if not asked(target, "disabled_addresses", mail).startswith("550"):
        raise Wrong(f"{mail} is not refused")
    return need(asked(target, "accounts", mail), "", mail)


@check("Postfix refuses the mail of a domain that is switched off", FIX)
def domains_switched_off(target: Target) -> str:
    name = a_domain_switched_off(target)
    if not asked(target, "disabled_domains", name).startswith("550"):
        raise Wrong(f"{name} is not refused")
    return need(asked(target, "domains", name), "", name)


CHECKS = (domains, accounts, aliases, catch_alls, accounts_switched_off, domains_switched_off)
