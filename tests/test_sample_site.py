"""The sample site, loaded into a slapd that enforces the emitted strict rules."""

import time

import ldap
import pytest

from deploy.private_slapd import PrivateSlapd
from script.sample_people import (
    ACCOUNTS,
    ADMINS,
    ADMINS_SIGN_IN_WITH,
    BOOKSHOP,
    LEAVING,
    MILL,
    PEOPLE_SIGN_IN_WITH,
    POSTMASTERS_SIGN_IN_WITH,
    SCHOOL,
    SHIPPING,
    SWITCHED_OFF,
)
from script.sample_site import LOGINS, YEAR, account, load_sample, mail_dn, sample_site

SUFFIX = sample_site().suffix
HOSTING = sample_site().hosting
INGRID = mail_dn(f"ingrid.solberg@{SHIPPING}", SUFFIX)


@pytest.fixture(scope="module")
def slapd(tmp_path_factory):
    server = PrivateSlapd(tmp_path_factory.mktemp("sample"), sample_site(), fast=True)
    load_sample(server)
    with server:
        yield server


@pytest.fixture(scope="module")
def everything(slapd):
    """All entries of the hosting tree, as the rootdn sees them."""
    rootdn = ldap.initialize(slapd.ldapi_uri)
    rootdn.sasl_external_bind_s()
    yield dict(rootdn.search_s(HOSTING, ldap.SCOPE_SUBTREE))
    rootdn.unbind_s()


@pytest.fixture
def signed_in(slapd):
    """A connection bound as somebody, by address, admin's name or DN."""
    connections = []

    def bind(login, password):
        connection = ldap.initialize(slapd.ldapi_uri)
        connections.append(connection)
        connection.simple_bind_s(dn_of(login), password)
        return connection

    yield bind
    for connection in connections:
        connection.unbind_s()


def dn_of(login):
    if "@" in login:
        return mail_dn(login, SUFFIX)
    return f"cn={login},{sample_site().admins}"


def of_class(entries, name):
    return [values for values in entries.values() if name in values["objectClass"]]


def test_there_are_four_domains_and_some_sixty_people_and_aliases(everything):
    assert len(of_class(everything, b"JammVirtualDomain")) == 4
    assert len(of_class(everything, b"JammMailAccount")) == sum(map(len, ACCOUNTS.values()))
    assert 55 <= len(everything) - 1 - 4 <= 75


def test_the_domains_differ_in_what_they_may(everything):
    flags = ["accountActive", "editAccounts", "editPostmasters"]

    def asked(domain):
        entry = everything[f"jvd={domain},{HOSTING}"]
        return [entry[flag] == [b"TRUE"] for flag in flags]

    assert asked(SHIPPING) == asked(BOOKSHOP) == [True, True, True]
    assert asked(SCHOOL) == [True, False, False]
    assert asked(MILL) == [False, True, True]


@pytest.mark.parametrize(("role", "login", "password"), LOGINS)
def test_the_logins_that_are_shown_open(signed_in, role, login, password):
    assert signed_in(login, password).whoami_s() == f"dn:{dn_of(login)}"


def test_both_admins_see_every_domain(signed_in):
    for name in ADMINS:
        admin = signed_in(name, ADMINS_SIGN_IN_WITH)
        assert len(admin.search_s(HOSTING, ldap.SCOPE_ONELEVEL, attrlist=["jvd"])) == 4


def test_ingrid_is_postmaster_of_two_domains(signed_in):
    ingrid = signed_in(f"ingrid.solberg@{SHIPPING}", POSTMASTERS_SIGN_IN_WITH)
    mine = ingrid.search_s(HOSTING, ldap.SCOPE_SUBTREE, f"(roleOccupant={INGRID})", ["mail"])

    assert sorted(values["mail"][0].decode() for _, values in mine) == [
        f"postmaster@{SHIPPING}",
        f"postmaster@{BOOKSHOP}",
    ]


@pytest.mark.parametrize("state", [SWITCHED_OFF, LEAVING], ids=["switched off", "leaving"])
def test_who_is_switched_off_or_leaving_does_not_get_in(signed_in, state):
    out = [local for local, _, unusual in ACCOUNTS[SHIPPING] if state.items() <= unusual.items()]

    assert out
    for local in out:
        with pytest.raises(ldap.INVALID_CREDENTIALS):
            signed_in(f"{local}@{SHIPPING}", PEOPLE_SIGN_IN_WITH)


def test_nobody_of_the_suspended_domain_gets_in(signed_in):
    with pytest.raises(ldap.INVALID_CREDENTIALS):
        signed_in(f"piet.vandijk@{MILL}", POSTMASTERS_SIGN_IN_WITH)


def test_the_rules_would_let_a_postmaster_write_each_value_again(signed_in, everything):
    """So every address, mailbox and destination has a form the strict rules know."""
    ingrid = signed_in(f"ingrid.solberg@{SHIPPING}", POSTMASTERS_SIGN_IN_WITH)
    ruled = ["mail", "mailbox", "maildrop", "cn", "description", "lastChange"]
    people = [row for row in everything.items() if row[0].startswith("mail=")]
    tried = 0
    for dn, values in people:
        # Jamm's own destination of abuse is a local user, which only an admin may write.
        if not dn.endswith((f"jvd={SHIPPING},{HOSTING}", f"jvd={BOOKSHOP},{HOSTING}")):
            continue
        if values.get("maildrop") == [b"postmaster"]:
            continue
        again = [(ldap.MOD_REPLACE, name, values[name]) for name in ruled if name in values]
        ingrid.modify_s(dn, again)
        tried += 1

    assert tried > 40


def test_every_mailbox_is_below_the_one_home(everything):
    homes = {one["homeDirectory"][0] for one in of_class(everything, b"JammMailAccount")}

    assert homes == {sample_site().mail_home.encode()}


def test_an_entry_is_the_same_every_time():
    row = ACCOUNTS[SHIPPING][0]

    assert account(SHIPPING, SUFFIX, *row) == account(SHIPPING, SUFFIX, *row)


def test_changes_are_strewn_over_the_last_year(everything):
    changes = sorted(int(one["lastChange"][0]) for one in everything.values() if "mail" in one)

    assert time.time() - YEAR - 3600 < changes[0]
    assert changes[-1] <= time.time()
    assert changes[-1] - changes[0] > YEAR / 2
