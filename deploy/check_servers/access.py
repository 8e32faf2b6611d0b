"""The access rules of a live slapd, tried in a domain that is made for it and removed.

These are the harmless attempts of the proof suite: each stays within the domain, and none counts
against anybody's password. Whether one came through is read back as the site admin.
"""

from collections.abc import Iterator

import ldap

from .attempts import (
    Attempt,
    adding,
    deleting,
    domain_entry,
    of,
    postmaster_entry,
    put,
    renaming,
    resetting,
    resetting_site_admin,
    seeing,
    set_,
    signing_in,
)
from .checks import Answer, Check, NotAsked, State
from .throwaway import NAME, Throwaway

ELSEWHERE = "ceo@elsewhere.invalid"
ENDLESS = "{CRYPT}$6$rounds=900000000$abcdefgh$" + "x" * 86
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
    *(
        Attempt(
            f"a postmaster gives no new password to who {is_above}, {whose} address",
            "10b",
            "patricia",
            *reset(name),
        )
        for is_above, whose, reset, name in (
            ("is postmaster elsewhere", "with a plain", resetting, "sarah"),
            ("is postmaster elsewhere", "with an odd", resetting, "o'hara"),
            ("is site admin", "with a plain", resetting_site_admin, "diana"),
            ("is site admin", "with an odd", resetting_site_admin, "o'dell"),
        )
    ),
    Attempt(
        "a postmaster cannot put mailboxes elsewhere on the disk",
        "4",
        "patricia",
        *set_(of("ulrich"), "homeDirectory", "/"),
    ),
    Attempt(
        "a postmaster cannot give one person the address of another",
        "unique",
        "patricia",
        *put(of("ulrich"), "mail", lambda domain: domain.address("news")),
    ),
    Attempt(
        "nobody writes more than a few lines",
        "constraint",
        "ulrich",
        *set_(of("ulrich"), "description", "x" * 600),
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


# What the strict rules close besides, and why nobody tries it on a server that people use.
UNTRIED = (
    ("no password crosses a network in clear (rule 0)", "a password would cross it"),
    ("the mail servers see no password (rule 2)", "check_servers slapd asks as they do"),
    ("who guesses passwords has to wait (ppolicy)", "guesses would count"),
    ("a search of all addresses is cut short (limits)", "it would keep slapd busy"),
    ("no entry grows without end (maxentrysize)", "it would fill the database"),
    ("no transaction crashes slapd (update_transport)", "it would crash; see check_servers slapd"),
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
    """One answer for each attempt, and for what is not attempted."""
    for one in ATTEMPTS:
        check = Check(one.sentence, fix_of(one.rule), lambda _: None)
        try:
            came_through = tried(one, domain)
        except NotAsked as reason:
            yield Answer(check, State.NOT_ASKED, str(reason))
            continue
        yield Answer(check, State.FAIL if came_through else State.PASS)
        if came_through:
            domain.anew()
    for sentence, why in UNTRIED:
        yield Answer(Check(sentence, "", lambda _: None), State.NOT_ASKED, why)
