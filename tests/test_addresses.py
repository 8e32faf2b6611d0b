"""Addresses and domain names as people type them, and as the directory keeps them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vmail_admin.addresses import (
    ACCOUNT_LOCAL_PART,
    ALIAS_LOCAL_PART,
    ascii_address,
    ascii_domain,
    fits_directory,
    searched,
    shown_address,
    shown_domain,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ana@Example.ORG. ", "ana@example.org"),
        ("ana+news@bücher.example", "ana+news@xn--bcher-kva.example"),
        ("o'neil@example.org", "o'neil@example.org"),
        ("a.b.c@example.org", "a.b.c@example.org"),
        ("x" * 64 + "@example.org", "x" * 64 + "@example.org"),
        ("ana@faß.example", "ana@xn--fa-hia.example"),
    ],
)
def test_an_address_is_kept_in_ascii_and_lower_case(typed, kept):
    assert ascii_address(typed) == kept


NO_NAME = ["", "@example.org", ".ana@example.org", "ana.@example.org", "a..b@example.org"]
NO_DOMAIN = ["ana", "ana@", "ana@example", "ana@-example.org", "ana@[192.0.2.1]"]
NOT_ONE = ["ana@@example.org", "ana ana@example.org", "ana@exa mple.org", "<a@example.org>"]
ODD = ["anä@example.org", '"ana"@example.org', "ana\x00@example.org", "ana\n@example.org"]


@pytest.mark.parametrize("typed", [*NO_NAME, *NO_DOMAIN, *NOT_ONE, *ODD, "x" * 65 + "@example.org"])
def test_what_is_no_address_is_a_sentence(typed):
    with pytest.raises(ValueError, match=r"\.$"):
        ascii_address(typed)


def test_both_spellings_of_a_domain_are_the_same():
    assert ascii_domain("Bücher.Example") == ascii_domain("XN--BCHER-KVA.example.")
    assert shown_domain("xn--bcher-kva.example") == "bücher.example"
    assert shown_address("ana@xn--bcher-kva.example") == "ana@bücher.example"


@pytest.mark.parametrize("name", ["xn--.example", "xn--zzzz-zzzz.example", "xn--ü.example"])
def test_a_name_that_only_looks_encoded_is_shown_as_it_is(name):
    assert shown_domain(name) == name


@pytest.mark.parametrize(
    ("typed", "looked_for"),
    [
        ("ANA", "ana"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("bücher", "xn--bcher-kva"),
        ("Jürgen Groß", "jürgen groß"),
        ("*", "*"),
        ("ü" * 5000, "ü" * 5000),
    ],
)
def test_a_search_is_in_the_spelling_of_the_directory(typed, looked_for):
    assert searched(typed) == looked_for


def test_what_slapd_has_no_room_for_is_known():
    assert fits_directory("x" * 228 + "@example.org")
    assert not fits_directory("x" * 229 + "@example.org")
    assert not fits_directory("+" * 80 + "@example.org")


@given(st.text())
def test_whatever_is_kept_is_ascii_without_blanks_and_stays_itself(text):
    try:
        kept = ascii_domain(text)
    except ValueError:
        return
    assert kept.isascii()
    assert kept.isprintable()
    assert " " not in kept
    assert len(kept) <= 253
    assert ascii_domain(kept) == kept
    assert ascii_domain(shown_domain(kept)) == kept


@given(st.from_regex(ACCOUNT_LOCAL_PART, fullmatch=True))
def test_every_account_could_be_an_alias(local_part):
    assert ALIAS_LOCAL_PART.fullmatch(local_part)
    assert len(local_part) <= 64
