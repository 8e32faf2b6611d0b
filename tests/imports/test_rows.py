"""Rows become accounts and aliases: checked by the forms, asked of slapd, then added."""

import pytest
from django.utils import timezone

from accounts.imports.applying import add_rows
from accounts.imports.checking import Checker, beside_of, note_twice
from accounts.imports.columns import ACCOUNTS, ALIASES
from accounts.imports.rows import ADDED, GOOD, REFUSED
from accounts.imports.table import read
from domains.models import VirtualDomain
from tests.policy import policy  # noqa: F401 (a fixture)
from tests.world import EXAMPLE, HOSTING, OTHER, OTTO, PIA, word
from vmail_admin.directory import dry_run
from vmail_admin.directory.errors import NotOffered
from vmail_admin.directory.identity import Identity, acting_as


@pytest.fixture
def as_pia(world):
    with acting_as(Identity(PIA, word("pia"))):
        yield VirtualDomain.objects.named("example.test").first()


def checked(domain, text, kind=ACCOUNTS, make=False, ask=True):
    table = note_twice(read(text, kind), domain)
    beside = beside_of(table, domain) if kind == ALIASES else None
    checker = Checker(domain, kind, make, beside)
    rows = [checker.checked(row) for row in table.rows]
    if ask:
        assert checker.ask_slapd(rows)
    return rows


def problems(rows):
    return [row.problems for row in rows]


def test_what_would_be_added_is_said_and_nothing_is(as_pia, world):
    before = world.versions()

    [row] = checked(as_pia, "name;mail;quota;active\nNora Nash;Nora@Example.test;2 GB;no\n")

    assert (row.mail, row.state, row.problems) == ("nora@example.test", GOOD, {})
    assert world.versions() == before


def test_the_row_is_added_as_it_was_checked(as_pia, world):
    text = "first name;last name;mail;quota;active;note\nNora;Nash;nora;2 GB;no;new\n"
    rows = checked(as_pia, text)

    add_rows(rows, ACCOUNTS)

    assert rows[0].state == ADDED
    entry = world.entry(f"mail=nora@example.test,{EXAMPLE}", "*")
    assert entry.pop("lastChange")
    assert entry == {
        "objectClass": ["top", "JammMailAccount"],
        "mail": ["nora@example.test"],
        "cn": ["Nora Nash"],
        "quota": ["2000000000S"],
        "description": ["new"],
        "homeDirectory": ["/home/vmail/domains"],
        "mailbox": ["example.test/nora/"],
        "accountActive": ["FALSE"],
        "delete": ["FALSE"],
    }


@pytest.mark.parametrize(
    ("row", "cell", "sentence"),
    [
        ("alice,,,,", "address", "alice@example.test is taken already"),
        ("alex,,,,", "address", "is taken already"),  # by an alias
        ("postmaster,,,,", "address", "is taken already"),
        ("nora@other.test,,,,", "address", "no address of example.test"),
        ("no ra,,,,", "address", "letters a to z"),
        (",Nora,,,", "address", "fill this in"),
        ("nora,a\0b,,,", "full_name", "control character"),
        ("nora,\u202eaxe,,,", "full_name", "changes the order in which letters are shown"),
        ("nora,,lots,,", "quota", "a number and a unit"),
        ("nora,,,short,", "password", "at least 12 characters"),
        ("nora,,,nora@example.test,", "password", "address itself"),
        ("nora,,,,maybe", "active", "Yes or no"),
        ("nora,,,,,more", "", "more than there are columns"),
        (f"nora,{'é' * 300},,,", "full_name", "at most 200 characters"),
        ('nora,"two\nlines",,,', "full_name", "control character"),
    ],
)
def test_what_is_wrong_is_said_at_the_cell(as_pia, world, row, cell, sentence):
    before = world.versions()

    [found] = checked(as_pia, f"mail,name,quota,password,active\n{row}\n")

    assert list(found.problems) == [cell]
    assert sentence in " ".join(found.problems[cell])
    assert world.versions() == before


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("mail,first name,last name\nnora,Nora,Nash\n", "Nora Nash"),
        ("E-Mail-Adresse;Vorname;Name\nnora;Nora;Nash\n", "Nora Nash"),
        ("mail,name,first name\nnora,Nora Nash,Nora\n", "Nora Nash"),
        ("courriel;nom;prénom\nnora;Nash;Nora\n", "Nora Nash"),
    ],
)
def test_a_name_in_two_columns_is_whole(as_pia, table, name):
    [row] = checked(as_pia, table)

    assert row.entry["full_name"] == name


@pytest.mark.parametrize(
    ("word", "active"), [("WAHR", True), ("FALSCH", False), ("Sí", True), ("non", False)]
)
def test_a_spreadsheet_says_true_and_false_in_its_own_language(as_pia, word, active):
    [row] = checked(as_pia, f"mail,active\nnora,{word}\n")

    assert row.entry["active"] is active


def test_no_alias_becomes_an_account_and_no_account_an_alias(as_pia):
    table = "mail,kind,destinations\nnora,account,\nteam,alias,a@b.test\n"
    bare = "mail,goto\nteam,a@b.test\n"

    assert cells_and_states(checked(as_pia, table)) == [("good", []), ("wrong", ["kind"])]
    assert cells_and_states(checked(as_pia, bare)) == [("wrong", ["destinations"])]
    assert cells_and_states(checked(as_pia, table, ALIASES)) == [("wrong", ["kind"]), ("good", [])]


def cells_and_states(rows):
    return [(row.state, list(row.problems)) for row in rows]


def test_an_address_that_is_there_twice_is_added_once(as_pia):
    rows = checked(as_pia, "mail\nnora\nNORA@example.test\nbo\n")

    assert problems(rows) == [{}, {"address": ["Line 2 has this address too."]}, {}]


def test_slapd_is_asked_for_what_no_form_knows(world):
    """Otto may not add accounts: only slapd's rules say so."""
    with acting_as(Identity(OTTO, word("otto"))):
        domain = VirtualDomain.objects.named("other.test").first()
        [row] = checked(domain, "mail\nnora\n")

    assert row.problems == {"": ["The directory does not allow you to do this."]}
    assert world.entry(f"mail=nora@other.test,{OTHER}") is None


def test_where_slapd_tries_nothing_one_search_finds_what_is_taken(as_pia, monkeypatch):
    def refuses(*_, **__):
        raise NotOffered(NotOffered.sentence)

    monkeypatch.setattr(dry_run, "send", refuses)
    table = read("mail\nnora\nalice\n", ACCOUNTS)
    checker = Checker(as_pia, ACCOUNTS, False)
    rows = [checker.checked(row) for row in table.rows]

    assert checker.ask_slapd(rows) is False
    assert problems(rows) == [{}, {"address": ["alice@example.test is taken already."]}]


def test_an_alias_has_many_destinations(as_pia, world):
    text = 'alias,goto,note\nteam,"alice@example.test; bob@elsewhere.test\ncarol@other.test",x\n'
    rows = checked(as_pia, text, ALIASES)

    add_rows(rows, ALIASES)

    assert world.entry(f"mail=team@example.test,{EXAMPLE}", "maildrop")["maildrop"] == [
        "alice@example.test",
        "bob@elsewhere.test",
        "carol@other.test",
    ]


def test_the_catch_all_is_the_address_without_a_name(as_pia, world):
    rows = checked(as_pia, "alias,goto\n@example.test,alice@example.test\n", ALIASES, ask=False)

    assert (rows[0].mail, rows[0].state) == ("@example.test", GOOD)


def test_circles_are_found_inside_the_table_and_through_the_directory(as_pia, world):
    world.change(f"mail=alex@example.test,{EXAMPLE}", maildrop=["three@example.test"])
    text = (
        "alias,goto\none,two@example.test\ntwo,one@example.test\n"
        "three,four@example.test\nfour,alex@example.test\nfive,x@elsewhere.test\n"
    )

    rows = checked(as_pia, text, ALIASES)

    assert [bool(row.problems) for row in rows] == [True, True, True, True, False]
    assert "one@example.test → two@example.test → one@example.test" in str(rows[0].problems)


def test_passwords_are_made_or_taken_and_open(as_pia, world):
    rows = checked(as_pia, "mail,password\nnora,\nbo,four simple words\n", make=True)

    add_rows(rows, ACCOUNTS)

    assert [(row.state, row.generated) for row in rows] == [(ADDED, True), (ADDED, False)]
    for row in rows:
        assert world.accepts(f"mail={row.mail},{EXAMPLE}", row.password)
    assert rows[0].password not in repr(rows[0])


def test_an_account_whose_password_slapd_refuses_is_taken_back(as_pia, world, policy):  # noqa: F811
    policy(pwdSafeModify="TRUE")
    rows = checked(as_pia, "mail,password\nnora,four simple words\nbo,\n")

    add_rows(rows, ACCOUNTS)

    assert [row.state for row in rows] == [REFUSED, ADDED]
    assert "asks for the old password" in rows[0].problems["password"][0]
    assert world.entry(f"mail=nora@example.test,{EXAMPLE}") is None


def test_what_was_taken_in_the_meantime_is_refused_and_the_others_are_added(as_pia, world):
    rows = checked(as_pia, "mail,name\nnora,Nora\nbo,Bo\n")
    add_rows(checked(as_pia, "mail,name\nnora,Another Nora\n"), ACCOUNTS)

    add_rows(rows, ACCOUNTS)

    assert [row.state for row in rows] == [REFUSED, ADDED]
    assert rows[0].problems == {"address": ["nora@example.test is taken already."]}


def test_a_row_whose_answer_was_lost_is_known_again_and_nobody_elses_is(as_pia, world):
    text = "mail,name,password\nnora,Nora,four simple words\nbo,Bo,\nalice,Alice,\n"
    first, again = (checked(as_pia, text, ask=False) for _ in range(2))
    began = timezone.now()
    add_rows(first[:2], ACCOUNTS)
    before = world.entry(f"mail=alice@example.test,{EXAMPLE}", "*")

    add_rows(again, ACCOUNTS, tried_since=began)

    assert [row.state for row in again] == [ADDED, ADDED, REFUSED]
    assert world.accepts(f"mail=nora@example.test,{EXAMPLE}", "four simple words")
    assert world.entry(f"mail=alice@example.test,{EXAMPLE}", "*") == before


def test_what_was_only_tried_does_not_spoil_what_is_added(as_pia, world):
    """slapd's mdb forgets the number of an attribute that it first met in a change not made.

    Nobody in this directory has a note yet; the entry that gets the first could not be read.
    """
    root = world.root()
    assert root.search_s(HOSTING, 2, "(description=*)", ["1.1"]) == []
    root.unbind_s()
    rows = checked(as_pia, "mail,note\nnora,the first note of all\n")

    add_rows(rows, ACCOUNTS)

    assert (
        world.value(f"mail=nora@example.test,{EXAMPLE}", "description") == "the first note of all"
    )
