"""The destinations of an alias: read from a text, and followed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.destinations import read, words_of


def test_one_a_line_or_several_with_blanks_and_commas():
    text = "a@example.org\r\nB@Example.org, c@example.org; d@example.org\t e@example.org\n\n"

    assert read(text) == [f"{letter}@example.org" for letter in "abcde"]


def test_what_was_there_before_stays_whole_whatever_it_is():
    before = ("postmaster", '"|/usr/bin/vacation -a joe, jim"', "Mixed@Case.Example")

    assert read("\n".join(before), before) == list(before)


@pytest.mark.parametrize(
    "text", ["postmaster", "a@example.org\na@EXAMPLE.org", "Mixed@Case.Example mixed@case.example"]
)
def test_bare_names_and_doubles_are_refused(text):
    with pytest.raises(ValueError, match=r"a name, an @|twice"):
        read(text, ("Mixed@Case.Example",))


def test_the_sentences_are_few_however_many_lines_are_wrong():
    with pytest.raises(ValueError) as wrong:
        read("\n".join(f"bad{number}" for number in range(1000)))

    assert len(wrong.value.args[0]) == 10
    assert max(map(len, wrong.value.args[0])) < 200


@given(st.lists(st.from_regex(r"[a-z]{1,8}@[a-z]{2,8}\.test", fullmatch=True), unique=True))
def test_full_addresses_come_back_as_they_are(addresses):
    addresses = addresses[:100]

    assert read("\n".join(addresses)) == addresses


@given(st.text(), st.lists(st.text(min_size=1)))
def test_no_word_holds_a_line_break(text, before):
    assert not any(set(word) & set("\r\n") for word in words_of(text, before))
