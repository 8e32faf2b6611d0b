"""Seeing what is somebody else's, also by questions that only answer yes or no."""

import ldap
from ldap.controls import AssertionControl
from ldap.controls.readentry import PostReadControl, PreReadControl
from ldap.controls.sss import SSSRequestControl
from ldap.controls.vlv import VLVRequestControl

from tests.access.cells import ANYONE, SEE, SERVERS
from tests.access.people import BOX, CATCH_ALL, DORA, NOBODY, OTHER, POLICY, SITEADMINS
from tests.access.probe import Attack, Try
from tests.access.tries import compare, find, read
from tests.deploy.cast import (
    ADMIN,
    ALICE,
    CAROL,
    EXAMPLE,
    FORMER,
    HOSTING,
    MAILSERVICE,
    NEWS,
    PAT,
    POSTMASTER,
    SITE,
    VERA,
)

from .reasons import NO_SUCH_ENTRY, SLAPD_REFUSES

LIST = "takes every address, for advertising or to guess at"
ORACLE = "asks for one address after another"
WHO = "knows whom to attack"


def counted(base, filter_):
    """How many entries slapd sorts for a list: it says so even where it shows none."""

    def attempt(client):
        page = [
            SSSRequestControl(True, ["mail:caseIgnoreOrderingMatch"]),
            VLVRequestControl(True, 0, 0, 1, 0),
        ]
        connection = client.signs_in()
        asked = connection.search_ext(base, ldap.SCOPE_SUBTREE, filter_, ["1.1"], serverctrls=page)
        [count] = [
            one.content_count
            for one in connection.result3(asked)[3]
            if hasattr(one, "content_count")
        ]
        connection.unbind_s()
        return count

    return Try(f"count {filter_} by a sorted list", attempt, lambda _, seen: bool(seen))


def told_by_assertion(dn, filter_):
    """An assertion (RFC 4528) on the own entry asks about attributes that are not shown."""

    def attempt(client):
        control = AssertionControl(True, filter_)
        client.connection.modify_ext_s(
            dn, [(ldap.MOD_REPLACE, "cn", [b"asked"])], serverctrls=[control]
        )

    return Try(
        f"assert {filter_[:20]} in a change",
        attempt,
        lambda server, _: "asked" in server.reads(dn, "cn"),
    )


def shown_by_change(kind, dn):
    """Pre-read and post-read (RFC 4527) show an entry together with a change."""

    def attempt(client):
        control = kind(criticality=True, attrList=["userPassword", "clearPassword"])
        asked = client.connection.modify_ext(
            dn, [(ldap.MOD_REPLACE, "cn", [b"asked"])], serverctrls=[control]
        )
        [answer] = client.connection.result3(asked)[3]
        return answer.entry.get("userPassword")

    return Try(
        f"read the hash of {dn[:10]} by {kind.__name__}", attempt, lambda _, seen: bool(seen)
    )


ATTACKS = [
    Attack(NOBODY, find(EXAMPLE, "(mail=*)"), LIST, "9", cell=(SEE, ANYONE)),
    Attack(NOBODY, find(HOSTING, "(jvd=*)"), LIST, "9"),
    Attack(NOBODY, find(SITE.suffix, "(objectClass=*)"), LIST, "9"),
    Attack(NOBODY, find(SITE.suffix, "(objectClass=*)", scope=ldap.SCOPE_BASE), LIST, "9"),
    Attack(FORMER, find(HOSTING, "(mail=*)"), LIST, "1"),
    Attack(ALICE, find(OTHER, "(mail=*)"), LIST, "9"),
    Attack(ALICE, find(EXAMPLE, "(mail=*)", but=[ALICE]), LIST, "9"),
    Attack(ALICE, find(HOSTING, "(objectClass=JammMailAlias)"), LIST, "9"),
    Attack(PAT, find(OTHER, "(mail=*)"), LIST, "9"),
    Attack(PAT, find(OTHER, "(structuralObjectClass=JammMailAccount)"), LIST, "9"),
    Attack(PAT, find(HOSTING, "(jvd=*)", but=[EXAMPLE]), LIST, "9"),
    Attack(NEWS, find(EXAMPLE, "(mail=*)", but=[NEWS]), LIST, "9"),
    Attack(CAROL, read(ALICE, "mail"), WHO, "9"),
    Attack(CAROL, read(ALICE, "quota"), WHO, "9"),
    Attack(CAROL, read(ALICE, "entryCSN"), WHO, "9"),
    Attack(CAROL, read(ALICE, "entryUUID"), WHO, "11"),
    Attack(CAROL, read(ALICE, "creatorsName"), WHO, "11"),
    Attack(CAROL, read(EXAMPLE, "editAccounts"), WHO, "9"),
    Attack(CAROL, read(CATCH_ALL, "maildrop"), WHO, "5"),
    Attack(VERA, read(ALICE, "mail"), WHO, "9"),
    Attack(VERA, read(NEWS, "maildrop"), WHO, "5"),
    Attack(ALICE, read(NEWS, "maildrop"), WHO, "5"),
    Attack(ALICE, read(POSTMASTER, "roleOccupant"), WHO, "6"),
    Attack(NEWS, read(ALICE, "cn"), WHO, "9"),
    Attack(
        MAILSERVICE,
        read(ALICE, "cn"),
        "a stolen password of the servers shows names",
        "2",
        cell=(SEE, SERVERS),
    ),
    Attack(MAILSERVICE, read(POSTMASTER, "roleOccupant"), WHO, "2"),
    Attack(MAILSERVICE, read(EXAMPLE, "editAccounts"), WHO, "2"),
    Attack(MAILSERVICE, find(HOSTING, "(roleOccupant=*)"), WHO, "2"),
    Attack(PAT, read(SITEADMINS, "member"), WHO, "1", NO_SUCH_ENTRY),
    Attack(FORMER, read(ADMIN, "cn"), WHO, "9", NO_SUCH_ENTRY),
    Attack(ALICE, read(POLICY, "pwdMaxFailure"), "knows how often to guess", "9b", NO_SUCH_ENTRY),
    Attack(
        ALICE,
        find("cn=config", "(objectClass=*)"),
        "knows the rules and their gaps",
        "database config",
        SLAPD_REFUSES,
    ),
    Attack(CAROL, find(HOSTING, "(mail=alice@example.test)"), ORACLE, "9"),
    Attack(CAROL, find(HOSTING, "(mail=al*)"), ORACLE, "9"),
    Attack(CAROL, find(HOSTING, "(mail~=alice@example.test)"), ORACLE, "9"),
    Attack(
        CAROL,
        find(HOSTING, "(mail:caseExactIA5Match:=alice@example.test)"),
        ORACLE,
        "9",
    ),
    Attack(CAROL, find(HOSTING, "(:caseIgnoreIA5Match:=alice@example.test)"), ORACLE, "9"),
    Attack(CAROL, find(HOSTING, f"(entryDN={ALICE})"), ORACLE, "11"),
    Attack(
        CAROL, find(HOSTING, f"(modifiersName={PAT})", but=[CAROL]), ORACLE, "11", SLAPD_REFUSES
    ),
    Attack(CAROL, find(HOSTING, "(!(mail=nobody@example.test))", but=[CAROL, OTHER]), ORACLE, "9"),
    Attack(CAROL, find(ALICE, "(objectClass=*)", scope=ldap.SCOPE_BASE), ORACLE, "9"),
    Attack(CAROL, find(OTHER, "(maildrop=dora@other.test)"), ORACLE, "5"),
    Attack(CAROL, counted(HOSTING, "(mail=alice@example.test)"), ORACLE, "9"),
    Attack(CAROL, counted(HOSTING, "(maildrop=*)"), ORACLE, "5"),
    Attack(CAROL, compare(ALICE, "mail", "alice@example.test"), ORACLE, "9"),
    Attack(CAROL, compare(BOX, "maildrop", "dora@other.test"), ORACLE, "5"),
    Attack(NOBODY, compare(ALICE, "accountActive", "TRUE"), ORACLE, "9"),
    Attack(ALICE, compare(POSTMASTER, "roleOccupant", PAT), WHO, "6"),
    Attack(
        DORA,
        told_by_assertion(DORA, "(clearPassword=open to all)"),
        "a program of hers guesses it",
        "11",
    ),
    Attack(ALICE, told_by_assertion(ALICE, "(userPassword=*)"), "guesses the own hash", "10d"),
    Attack(
        PAT,
        shown_by_change(PreReadControl, ALICE),
        "guesses the password at home",
        "10d",
        may_change=True,
    ),
    Attack(
        PAT,
        shown_by_change(PostReadControl, ALICE),
        "guesses the password at home",
        "10d",
        may_change=True,
    ),
]
