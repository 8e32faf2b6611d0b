"""Filters have one builder: whatever is searched for is a value, never part of the filter."""

import pytest
from django.db import NotSupportedError, connections
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as some
from ldap.filter import escape_filter_chars

from accounts.models import Address, MailAccount, MailAlias
from tests.slapd_log import Counted
from tests.world import ALICE, EXAMPLE, PIA, word
from vmail_admin.directory.backend.searches import equals
from vmail_admin.directory.identity import Identity, acting_as

HOSTILE = [
    *("*", "(", ")", "\\", "\x00", "*)(mail=*", "*)(|(mail=*", ")(objectClass=*", "a)(b", "\\2a"),
    *(
        "%s",
        "%",
        "a,b",
        '"',
        "<",
        ">",
        ";",
        "=",
        "#",
        "&",
        "|",
        "!",
        "~=",
        ">=",
        "ü",
        " a ",
        ":dn:",
    ),
    "x" * 64,
]


@pytest.fixture
def pia(world):
    with acting_as(Identity(PIA, word("pia"))):
        yield


def addresses():
    return Address.objects.in_domain("example.test")


def mails(entries):
    return {entry.mail for entry in entries}


@pytest.mark.parametrize("value", HOSTILE)
def test_what_is_in_no_address_finds_none(pia, value):
    assert mails(addresses().filter(mail=value)) == set()
    assert mails(addresses().filter(mail__in=[value])) == set()
    assert mails(addresses().filter(Q(mail=value) | Q(full_name=value))) == set()
    assert mails(MailAlias.objects.in_domain("example.test").pointing_to(value)) == set()


@pytest.mark.parametrize("value", HOSTILE)
def test_what_is_in_a_name_is_found_there_and_only_there(pia, world, value):
    if value.strip() != value or "\x00" in value:
        # slapd compares names without blanks at their ends, and no name holds a NUL.
        return
    world.change(ALICE, cn=f"before {value} after")

    for found in (
        addresses().filter(full_name=f"before {value} after"),
        addresses().filter(full_name__contains=f"e {value} a"),
        addresses().filter(full_name__startswith=f"before {value}"),
        addresses().filter(full_name__endswith=f"{value} after"),
    ):
        assert mails(found) == {"alice@example.test"}


@pytest.mark.parametrize("value", HOSTILE)
def test_a_search_of_a_page_never_widens(pia, value):
    everybody = mails(addresses())
    found = mails(addresses().matching(f"{value} such a text is nowhere"))

    assert everybody
    assert found == set()


@given(some.text(some.characters(codec="utf-8")))
def test_a_filter_for_one_value_holds_it_escaped(value):
    inside = equals("mail", value).removeprefix("(mail=").removesuffix(")")

    assert inside in (escape_filter_chars(value), "(|")
    assert not set(inside.removeprefix("(|")) & set("()*\x00")


@pytest.mark.parametrize("value", ["pia@example.test\x00", "\x00", "\x00 nowhere", "pia@\n"])
def test_slapd_is_not_asked_for_half_a_value(pia, value):
    """It reads an address up to the NUL only, so it would find Pia, or everybody."""
    assert mails(addresses().filter(mail=value)) == set()
    assert mails(addresses().filter(mail__contains=value)) == set()
    assert mails(addresses().filter(mail__startswith=value)) == set()


def test_a_queryset_is_one_search(pia, world):
    with Counted(world.slapd) as asked:
        list(addresses().filter(mail__contains="a").exclude(active=False).order_by("-mail"))
        MailAccount.objects.of("alice@example.test").get()
        assert MailAccount.objects.of("alice@example.test").exists()
        assert not MailAccount.objects.of("nobody@example.test").exists()
        MailAccount.objects.of("nobody@example.test").first()

    assert asked.kinds["SRCH"] == 5


def test_an_entry_of_another_kind_is_not_found(pia):
    assert not MailAlias.objects.of("alice@example.test").exists()
    assert MailAccount.objects.of("alice@example.test").exists()


def test_what_the_person_may_not_see_is_not_found(pia):
    assert not MailAccount.objects.of("carol@other.test").exists()
    assert mails(Address.objects.in_domain("other.test")) == set()
    assert mails(Address.objects.in_domain("nowhere.test")) == set()


def test_whole_subtrees_are_neither_counted_nor_changed(pia):
    with pytest.raises(NotSupportedError):
        addresses().count()
    with pytest.raises(NotSupportedError):
        addresses().update(full_name="x")
    with pytest.raises(NotSupportedError):
        addresses().delete()
    with pytest.raises(NotSupportedError):
        MailAlias.objects.bulk_create([MailAlias(mail="x@example.test")])


def test_sorted_ascending_and_descending_with_names_that_are_missing(pia):
    names = [entry.full_name for entry in addresses().order_by("full_name")]
    assert names == sorted(names, key=str.lower)
    assert names[::-1] == [entry.full_name for entry in addresses().order_by("-full_name")]


def test_a_slice_is_cut(pia):
    everybody = [entry.mail for entry in addresses().order_by("mail")]
    assert [entry.mail for entry in addresses().order_by("mail")[1:3]] == everybody[1:3]
    assert addresses().order_by("mail").last().mail == everybody[-1]


def test_the_base_of_a_search_is_where_it_says(pia, world):
    with Counted(world.slapd):
        begin = world.slapd.log_path.stat().st_size
        list(addresses())
        text = world.slapd.log_path.read_text()[begin:]

    assert f'base="{EXAMPLE}" scope=1' in text
    assert connections["directory"].whoami() == f"dn:{PIA}"
