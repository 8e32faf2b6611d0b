"""Quotas as people write them, and as the directory keeps them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.quota import kept, shown


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        ("2000000000S", "2 GB"),
        ("10000000S", "10 MB"),
        ("1500000", "1.5 MB"),
        ("15000000", "15 MB"),
        ("2147483648S", "2.147483648 GB"),
        ("999S", "999 bytes"),
        ("0", "0"),
        ("", ""),
        ("*:storage=50000", "*:storage=50000"),
        ("500000000S,20000C", "500 MB and 20,000 messages"),
        ("1C,1500000S", "1.5 MB and 1 message"),
        ("1000C", "1,000 messages"),
        ("10000000S,", "10000000S,"),
        ("1S,2S", "1S,2S"),
        ("0S,10C", "0S,10C"),
        ("10000000S,1000C,1X", "10000000S,1000C,1X"),
        ("unlimited", "unlimited"),
    ],
)
def test_what_is_understood_is_shown_in_words_and_anything_else_as_it_is(stored, words):
    assert shown(stored) == words
    assert kept(words, stored) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2 GB", "2000000000S"),
        ("2gb", "2000000000S"),
        (" 2 G ", "2000000000S"),
        ("500 MB", "500000000S"),
        ("1.5 GB", "1500000000S"),
        ("1,5 GB", "1500000000S"),
        ("2 GiB", "2147483648S"),
        ("100 k", "100000S"),
        ("1 TB", "1000000000000S"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_what_people_write_is_kept_in_bytes(typed, stored):
    assert kept(typed) == stored


NOT_A_SIZE = ["2", "GB", "-2 GB", "2 PB", "two GB", "2 GB 3", "0 GB", "0,00 MB", "1e9 GB"]
TWO_READINGS = ["2,000 MB", "2.000 MB"]
ODD_LETTERS = ["２ GB", "٢ GB", "2 \u212aB", "2 GB\x00"]  # the third is the sign for Kelvin
TOO_MUCH = ["999999999 TB"]
FORMS_OF_OLD = ["*:storage=50000", "2000000000S", "2000000000S,500C", "2 GB and 500 messages"]


@pytest.mark.parametrize(
    "typed", [*NOT_A_SIZE, *TWO_READINGS, *ODD_LETTERS, *TOO_MUCH, *FORMS_OF_OLD]
)
def test_what_could_mean_two_things_or_none_is_refused_with_a_sentence(typed):
    with pytest.raises(ValueError, match=r"\.$"):
        kept(typed)


@given(st.integers(min_value=0, max_value=10**18 - 1), st.sampled_from(["", "S"]))
def test_a_size_survives_being_shown(size, letter):
    stored = f"{size}{letter}"

    assert kept(shown(stored), stored) == stored
