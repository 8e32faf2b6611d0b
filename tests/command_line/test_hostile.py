"""What anybody may write into the directory does nothing to a terminal or to a reader of JSON."""

import io
import json

import pytest

from tests.world import ALEX, ALICE
from vmail_admin.command_line.output import Output
from vmail_admin.command_line.plain import plain

HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07",
    "a\tb\nc\rd",
    "\x9b31m",
    "\u202egro.elpmaxe",
    "[red]no markup[/red]",
    "\u2028line",
    "$(reboot) `id` ; rm -rf /",
)
SAFE = {
    "\x1b[2J\x1b]0;owned\x07": "\\x1b[2J\\x1b]0;owned\\x07",
    "\u202egro.elpmaxe": "\\u202egro.elpmaxe",
    "[red]no markup[/red]": "[red]no markup[/red]",
}


class Terminal(io.StringIO):
    def isatty(self):
        return True

    def write(self, text, *rest):
        return super().write(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_control_is_left_of_a_text(text):
    assert plain(text).isprintable()


@pytest.mark.parametrize("text", SAFE)
def test_a_text_says_what_it_is(text):
    assert plain(text) == SAFE[text]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", [Terminal, io.StringIO])
def test_a_table_holds_nothing_but_what_is_drawn(text, kind):
    drawn, bare = kind(), kind()
    Output(drawn, drawn).table({"a": "A"}, [{"a": text}])
    Output(bare, bare).table({"a": "A"}, [{"a": "x"}])

    # What colours the table itself is there without the text as well.
    assert drawn.getvalue().count("\x1b") == bare.getvalue().count("\x1b")
    assert drawn.getvalue().count("\n") >= bare.getvalue().count("\n")
    assert "\x07" not in drawn.getvalue() and "\u202e" not in drawn.getvalue()


def test_a_name_in_the_directory_cannot_send_escapes(pia_says, world):
    world.change(ALICE, cn="\x1b[31mAlice\u202e")

    said = pia_says("account", "list", "example.test")
    document = pia_says("account", "list", "example.test", "--json")

    assert "\\x1b[31mAlice\\u202e" in said.out
    assert "\x1b" not in said.out + document.out
    assert document.rows[0]["name"] == "\x1b[31mAlice\u202e"


def test_a_row_stays_one_row(pia_says, world):
    world.change(ALEX, cn="one\ttwo\nthree")

    lines = pia_says("alias", "list", "example.test").out.splitlines()

    assert len({line.count("\t") for line in lines}) == 1


@pytest.mark.parametrize("name", ["a\x00b.test", "../../etc", "*", "a,o=hosting", "=", "x" * 400])
def test_names_are_names(rita_says, world, name):
    before = world.versions()

    for words in (
        ["domain", "suspend", name],
        ["account", "delete", f"{name}@example.test"],
        ["alias", "delete", f"alex@{name}"],
        ["postmaster", "list", name],
        ["account", "list", name],
    ):
        assert rita_says(*words).code in (1, 3), words
    assert world.versions() == before


def test_json_is_one_line_of_ascii(pia_says, world):
    world.change(ALICE, cn="Ünï \u2028")

    said = pia_says("account", "list", "example.test", "--json")

    assert said.out.isascii() and said.out.count("\n") == 1
    assert json.loads(said.out)["rows"][0]["name"] == "Ünï \u2028"


NO_UTF8 = "caf\udce9"  # a byte of Latin-1, as Python hands it on (PEP 383)
TYPED = [
    ("domain", "add", f"{NO_UTF8}.test"),
    ("domain", "edit", "example.test", "--note", NO_UTF8),
    ("account", "add", f"{NO_UTF8}@example.test"),
    ("account", "edit", "alice@example.test", "--name", NO_UTF8),
    ("journal", "list", "--search", NO_UTF8),
    ("journal", "undo", "--batch", NO_UTF8),
]


@pytest.mark.parametrize("words", TYPED, ids=repr)
def test_what_is_no_utf8_is_refused_in_a_sentence(rita_says, world, words):
    before = world.versions()

    said = rita_says(*words)

    assert said.code == 2
    assert said.err == "Something that was typed is not UTF-8.\n"
    assert world.versions() == before
