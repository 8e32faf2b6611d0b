"""What the emitted slapd does with real changes, beyond saying yes or no."""

import re
import time

import ldap
import pytest
from ldap.controls import AssertionControl
from ldap.controls.sss import SSSRequestControl
from ldap.controls.vlv import VLVRequestControl

from deploy.private_slapd import FORMS, PrivateSlapd

from .asking import Asked
from .cast import (
    ALICE,
    BEN,
    EXAMPLE,
    MAILSERVICE,
    PAT,
    POSTMASTER,
    SITE,
    account_attributes,
    address_dn,
    password_of,
    world,
)

NEW = "correct horse battery staple"
MADE_HERE = rb"\{CRYPT\}\$6\$rounds=50000\$[./A-Za-z0-9]{8,16}\$[./A-Za-z0-9]{86}"


def replaced(attribute, value):
    return [(ldap.MOD_REPLACE, attribute, [value.encode()])]


def value_of(connection, dn, attribute):
    [(_, entry)] = connection.search_s(dn, ldap.SCOPE_BASE, attrlist=[attribute])
    return entry[attribute][0].decode()


@pytest.mark.parametrize("who", [PAT, ALICE], ids=["postmaster", "oneself"])
def test_an_edit_of_what_changed_meanwhile_is_refused(fresh, who):
    connection = fresh.signed_in(who)
    seen = value_of(connection, ALICE, "entryCSN")
    unless_changed = [AssertionControl(True, f"(entryCSN={seen})")]

    connection.modify_ext_s(ALICE, replaced("cn", "Ally"), serverctrls=unless_changed)

    with pytest.raises(ldap.ASSERTION_FAILED) as refused:
        connection.modify_ext_s(ALICE, replaced("cn", "Al"), serverctrls=unless_changed)
    assert refused.value.args[0]["result"] == 122
    assert value_of(connection, ALICE, "cn") == "Ally"


def test_one_can_see_who_changed_the_own_entry(fresh):
    fresh.signed_in(PAT).modify_s(ALICE, replaced("quota", "1"))

    assert value_of(fresh.signed_in(ALICE), ALICE, "modifiersName") == PAT


def test_a_password_is_changed_by_its_owner_and_hashed_by_slapd(fresh):
    fresh.signed_in(ALICE).passwd_s(ALICE, password_of(ALICE), NEW)

    assert fresh.signed_in(ALICE, NEW).whoami_s() == f"dn:{ALICE}"
    with pytest.raises(ldap.INVALID_CREDENTIALS):
        fresh.signed_in(ALICE)
    assert_hashed_here(fresh, ALICE)


def test_a_password_is_reset_by_the_postmaster(fresh):
    fresh.signed_in(PAT).passwd_s(ALICE, None, NEW)

    assert fresh.signed_in(ALICE, NEW).whoami_s() == f"dn:{ALICE}"
    assert value_of(fresh.signed_in(PAT), ALICE, "pwdChangedTime")


def test_a_password_in_clear_text_is_stored_hashed(fresh):
    fresh.signed_in(ALICE).modify_s(ALICE, replaced("userPassword", NEW))

    assert_hashed_here(fresh, ALICE)


def assert_hashed_here(asked, dn):
    [(_, entry)] = asked.as_root().search_s(dn, ldap.SCOPE_BASE, attrlist=["userPassword"])
    assert re.fullmatch(MADE_HERE, entry["userPassword"][0])


def test_a_short_password_is_refused(fresh):
    with pytest.raises(ldap.CONSTRAINT_VIOLATION):
        fresh.signed_in(ALICE).passwd_s(ALICE, password_of(ALICE), "short")


def test_rights_end_with_the_domain_also_on_an_open_connection(fresh):
    root, postmaster = fresh.as_root(), fresh.signed_in(PAT)
    postmaster.modify_s(ALICE, replaced("quota", "1"))

    root.modify_s(EXAMPLE, replaced("accountActive", "FALSE"))
    with pytest.raises(ldap.INSUFFICIENT_ACCESS):
        postmaster.modify_s(ALICE, replaced("quota", "2"))
    with pytest.raises(ldap.INVALID_CREDENTIALS):
        fresh.signed_in(ALICE)

    root.modify_s(EXAMPLE, replaced("accountActive", "TRUE"))
    postmaster.modify_s(ALICE, replaced("quota", "3"))
    assert fresh.signed_in(ALICE)


def test_who_guesses_locks_a_person_but_no_server(fresh):
    for who in (BEN, MAILSERVICE):
        for _ in range(fresh.slapd.site.passwords.max_failures):
            with pytest.raises(ldap.INVALID_CREDENTIALS):
                fresh.signed_in(who, "guess")

    with pytest.raises(ldap.INVALID_CREDENTIALS):
        fresh.signed_in(BEN)
    assert fresh.signed_in(MAILSERVICE)


def test_who_is_deleted_is_postmaster_no_longer(fresh):
    root = fresh.as_root()

    root.delete_s(PAT)

    # slapd takes the name off the lists after it has answered.
    deadline = time.monotonic() + 30
    while PAT in occupants(root) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert occupants(root) == [POSTMASTER]


def occupants(connection):
    [(_, entry)] = connection.search_s(POSTMASTER, ldap.SCOPE_BASE, attrlist=["roleOccupant"])
    return [value.decode() for value in entry["roleOccupant"]]


def test_slapd_sorts_a_list(either):
    connection = either.signed_in(PAT)
    backwards = SSSRequestControl(True, ["-mail:caseIgnoreOrderingMatch"])

    found = connection.search_ext_s(
        EXAMPLE,
        ldap.SCOPE_ONELEVEL,
        "(structuralObjectClass=JammMailAccount)",
        ["mail"],
        serverctrls=[backwards],
    )

    people = [entry["mail"][0].decode().partition("@")[0] for _, entry in found]
    assert people == ["vera", "pat", "lena", "erin", "dave", "alice"]


def test_a_connection_holds_so_many_list_views_and_another_one_starts_anew(either):
    def view(connection):
        page = [
            SSSRequestControl(True, ["mail:caseIgnoreOrderingMatch"]),
            VLVRequestControl(True, 0, 1, 1, 0),
        ]
        asked = connection.search_ext(
            EXAMPLE, ldap.SCOPE_ONELEVEL, "(mail=*)", ["mail"], serverctrls=page
        )
        return connection.result3(asked)[1]

    first = either.signed_in(PAT)
    for _ in range(either.slapd.site.slapd.sssvlv_max_per_connection):
        assert len(view(first)) == 2

    with pytest.raises(ldap.BUSY):
        view(first)
    assert len(view(either.signed_in(PAT))) == 2


@pytest.mark.parametrize("form", FORMS)
def test_whom_five_letters_cannot_mean_is_not_looked_at(tmp_path, form):
    """slapd says in its log which entries it weighed a filter on."""
    slapd = PrivateSlapd(tmp_path / "slapd", SITE, fast=True, form=form, log="filter")
    slapd.load(f"{slapd.base_ldif}\n{world()}")
    with slapd:
        root = Asked(slapd).as_root()
        for name in ("abcde", "abcdx", "xabcd", "y.abcdz"):
            mail = f"{name}@example.test"
            values = {name: [text.encode()] for name, text in account_attributes(mail).items()}
            root.add_s(address_dn(mail), list(values.items()))
        before = slapd.log_path.stat().st_size

        found = root.search_s(EXAMPLE, ldap.SCOPE_ONELEVEL, "(mail=*abcde*)", ["mail"])

        root.unbind_s()
    assert [values["mail"] for _, values in found] == [[b"abcde@example.test"]]
    assert slapd.log_path.read_bytes()[before:].count(b"=> test_filter\n") == 1


def test_the_rootdn_of_the_howto_signs_in_with_its_password(howto):
    connection = howto.signed_in(howto.slapd.site.manager, "secret of Manager")

    assert connection.whoami_s().lower() == f"dn:{howto.slapd.site.manager}".lower()


def test_whoever_runs_it_is_above_the_rules(either):
    root = either.as_root()

    assert value_of(root, ALICE, "userPassword").startswith("{CRYPT}")
    assert root.search_s("cn=config", ldap.SCOPE_BASE, attrlist=["cn"])
