"""DNs have one builder: whatever a name holds, it is one name, in one place."""

import ldap.dn
import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as some

from accounts.models import MailAlias
from tests.world import EXAMPLE, HOSTING, PIA, RITA, SUFFIX, word
from vmail_admin.directory import names
from vmail_admin.directory.errors import Invalid
from vmail_admin.directory.identity import Identity, acting_as
from vmail_admin.directory.person import dn_of_login

HOSTILE = [
    *("a,b", "a+b", 'a"b', "a\\b", "a<b", "a>b", "a;b", "#a", "a#b", "a=b", "a*b", "(a)", "a/b"),
    *(" a", "a ", "  a  ", "a b", "ü", "\\2c", "\\", '"', ",", "=", "x,jvd=other.test"),
    *("evil@other.test,mail=alice", "a+cn=postmaster", "1.2.3=#04024869", "a" * 64),
]
CONTROL = ["\x00", "a\x00b", "a\nb", "\r", "a\tb", "\x7f"]


def first_part(dn):
    [(attribute, value, _)] = ldap.dn.str2dn(dn)[0]
    return attribute, value


@pytest.mark.parametrize("value", HOSTILE)
def test_a_name_is_one_part_of_its_dn_and_comes_back_as_it_was(value):
    dn = names.dn_below(EXAMPLE, "mail", value)

    assert first_part(dn) == ("mail", value)
    assert len(ldap.dn.str2dn(dn)) == len(ldap.dn.str2dn(EXAMPLE)) + 1


@given(some.text(some.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1))
def test_so_is_any_other(value):
    dn = names.dn_below(EXAMPLE, "mail", value)

    assert first_part(dn) == ("mail", value)
    assert names.is_below(dn, EXAMPLE)
    assert names.same_dn(names.parent_of(dn), EXAMPLE)


@pytest.mark.parametrize("value", CONTROL)
def test_a_control_character_is_in_no_name(value):
    for builder in (names.domain_dn, names.admin_dn, names.address_dn):
        with pytest.raises(Invalid):
            builder(f"{value}@example.test")


LOCAL_PARTS = ["a+b", "a=b", "#a", "a*b", "{a}", "a/b", "a'b", "a!b", "a%b", "a&b", "a" * 64]


@pytest.mark.parametrize("local_part", LOCAL_PARTS)
def test_slapd_keeps_an_address_with_any_legal_local_part(world, local_part):
    mail = f"{local_part}@example.test"
    with acting_as(Identity(PIA, word("pia"))):
        MailAlias(mail=mail, destinations=["pia@example.test"]).save()
        found = MailAlias.objects.of(mail).get()
        listed = MailAlias.objects.in_domain("example.test").filter(mail=mail).get()
        found.full_name = "Changed"
        found.save()

    assert found.mail == listed.mail == mail
    assert names.same_dn(found.dn, names.address_dn(mail))
    assert world.value(found.dn, "cn") == "Changed"
    assert names.address_in(found.dn) == names.spelt_address(found.dn) == mail


@pytest.mark.parametrize("value", [*HOSTILE, "Alice.B@Example.test", "@example.test", "ü@x.test"])
def test_a_dn_spells_an_address_in_its_own_letters(value):
    assert names.spelt_address(names.dn_below(EXAMPLE, "mail", value)) == value
    assert names.spelt_address(f"cn=Sales+{names.dn_below(EXAMPLE, 'mail', value)}") == value


@pytest.mark.parametrize(
    ("dn", "address"),
    [
        (f"CN=Postmaster,{EXAMPLE}", "postmaster@example.test"),
        (f"cn=sales,{EXAMPLE}", ""),
        (EXAMPLE, ""),
        ("", ""),
    ],
)
def test_a_dn_of_another_kind_spells_the_postmasters_address_or_none(dn, address):
    assert names.spelt_address(dn) == address


@pytest.mark.parametrize("value", [*HOSTILE, "\u00e9", "a" * 200])
def test_slapd_keeps_an_entry_of_any_name(world, value):
    """As the site admin, for whom no rule narrows what a name may hold."""
    dn = names.dn_below(f"ou=admins,{SUFFIX}", "cn", value)
    entry = [("objectClass", [b"organizationalRole"]), ("cn", [value.encode()])]
    with acting_as(Identity(RITA, word("rita"))):
        directory = connections["directory"]
        directory.add_s(dn, entry)
        [(found, _)] = directory.search_s(dn, ldap.SCOPE_BASE, attrlist=["cn"])
        directory.delete_s(found)

    assert names.same_dn(found, dn)


@pytest.mark.parametrize(
    ("dn", "domain", "address"),
    [
        (f"mail=bob\\2Bnews@example.test,{EXAMPLE}", "example.test", "bob+news@example.test"),
        (f"mail=bob\\+news@example.test,{EXAMPLE}", "example.test", "bob+news@example.test"),
        (f"cn=postmaster,{EXAMPLE}", "example.test", "postmaster@example.test"),
        (f"MAIL=@Example.test,JVD=Example.test,{HOSTING}", "example.test", "@example.test"),
        (f"mail=x@example.test,ou=nested,{EXAMPLE}", "example.test", "x@example.test"),
        (EXAMPLE, "example.test", ""),
        (RITA, "", ""),
        ("no DN at all", "", ""),
        ("", "", ""),
    ],
)
def test_what_a_dn_tells(dn, domain, address):
    assert names.domain_in(dn) == domain
    assert names.address_in(dn) == address


@pytest.mark.parametrize(
    ("dn", "label"), [(PIA, "pia@example.test"), (RITA, "rita"), ("", ""), ("nonsense", "")]
)
def test_a_short_name_for_whoever_a_dn_is(dn, label):
    assert names.label_of(dn) == label


# --- what people type to sign in

BUECHER = f"mail=a@xn--bcher-kva.example,jvd=xn--bcher-kva.example,{HOSTING}"


@pytest.mark.parametrize(
    ("typed", "dn"),
    [
        ("pia@example.test", PIA),
        ("  PIA@Example.Test  ", PIA),
        ("postmaster@example.test", f"cn=postmaster,{EXAMPLE}"),
        ("PostMaster@EXAMPLE.test", f"cn=postmaster,{EXAMPLE}"),
        ("a=b@example.test", f"mail=a\\=b@example.test,{EXAMPLE}"),
        ("a@bücher.example", BUECHER),
        ("a@BÜCHER.example", BUECHER),
        ("a@xn--bcher-kva.example", BUECHER),
        ("a@intranet", f"mail=a@intranet,jvd=intranet,{HOSTING}"),
        ("a@under_score.test", f"mail=a@under_score.test,jvd=under_score.test,{HOSTING}"),
        ("rita", RITA),
        ("cn=rita,ou=admins," + SUFFIX, RITA),
        ("manager", f"cn=Manager,{SUFFIX}"),
        (f"CN=manager, {SUFFIX}", f"CN=manager, {SUFFIX}"),
        ("rita,ou=services", f"cn=rita\\,ou\\=services,ou=admins,{SUFFIX}"),
        ("cn=root,dc=elsewhere", f"cn=cn\\=root\\,dc\\=elsewhere,ou=admins,{SUFFIX}"),
        ("*", f"cn=*,ou=admins,{SUFFIX}"),
    ],
)
def test_the_dn_that_a_login_means(typed, dn):
    assert dn_of_login(typed) == dn


@pytest.mark.parametrize("typed", ["", "   ", "a\x00b", "a\nb@example.test", "x" * 401])
def test_what_no_dn_is_meant_by(typed):
    assert dn_of_login(typed) is None
