"""A table is read as people and programs write it, and refused with a sentence where it is none."""

import random

import pytest

from accounts.imports.columns import ACCOUNTS, ALIASES
from accounts.imports.table import MOST_BYTES, MOST_ROWS, Unreadable, read

PEOPLE = [
    {"address": "ana", "full_name": "Ána Gül", "quota": "2 GB"},
    {"address": "bo", "full_name": "Bo, the 2nd", "quota": ""},
]


def values(data, kind=ACCOUNTS):
    return [row.values for row in read(data, kind).rows]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_way_to_save_a_table_gives_the_same_rows(separator, encoding, line_end):
    lines = [["Quota", "E-Mail", "Name"], ["2 GB", "ana", "Ána Gül"], ["", "bo", '"Bo, the 2nd"']]
    text = line_end.join(separator.join(line) for line in lines)

    assert values(text.encode(encoding)) == PEOPLE


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("E-Mail", "address"),
        ("Email Address [Required]", "address"),
        ("local_part", "address"),
        ("USERNAME", "address"),
        ("Display name", "full_name"),
        ("cn", "full_name"),
        ("First Name", "first_name"),
        ("surname", "last_name"),
        ("Password (initial)", "password"),
        ("E-Mail-Adresse", "address"),
        ("e mail adresse", "address"),
        ("CORREO ELECTRÓNICO", "address"),
        ("Correo electronico", "address"),
        ("Adresse e-mail", "address"),
        ("Kennwort", "password"),
        ("Mot de passe", "password"),
        ("Contraseña", "password"),
        ("Prénom", "first_name"),
        ("Nom", "last_name"),
    ],
)
def test_columns_are_known_by_their_usual_names(heading, field):
    others = "" if field == "address" else "address;"

    assert field in read(f"{others}{heading};quota\nx;y;1 GB\n", ACCOUNTS).headings


def test_what_is_not_known_is_told_and_left_out():
    table = read("Room;address;Floor\n12;ana;x\n", ACCOUNTS)

    assert table.unknown == ["Room", "Floor"]
    assert [row.values for row in table.rows] == [{"address": "ana"}]


def test_a_line_break_in_quotes_belongs_to_the_cell_and_lines_are_counted_all_the_same():
    table = read('"address","destinations"\nteam,"a@b.test\nc@d.test"\n\nnext,e@f.test\n', ALIASES)

    assert [(row.line, row.values["destinations"]) for row in table.rows] == [
        (2, "a@b.test\nc@d.test"),
        (5, "e@f.test"),
    ]


def test_a_line_that_tells_excel_the_separator_is_no_row():
    [row] = read("\ufeffsep=;\r\naddress;name\r\nana;Ana\r\n", ACCOUNTS).rows

    assert (row.line, row.values) == (3, {"address": "ana", "full_name": "Ana"})


def test_several_columns_of_destinations_are_one():
    rows = values("alias,goto 1,goto 2,goto 3\nteam,a@b.test,,c@d.test\n", ALIASES)

    assert rows == [{"address": "team", "destinations": "a@b.test\nc@d.test"}]


def test_a_password_is_taken_as_it_stands_and_an_apostrophe_before_a_formula_is_not():
    rows = values("address,name,password\nana,'=Ana, x' \n")

    assert rows == [{"address": "ana", "full_name": "=Ana", "password": " x' "}]


def test_a_row_with_too_many_cells_is_noted_and_one_with_too_few_is_not():
    rows = values("address,name\nana\nbo,Bo,more,cells\n")

    assert rows == [{"address": "ana"}, {"address": "bo", "full_name": "Bo", "too_many": "4"}]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "nothing in it"),
        (b" \r\n \r\n", "nothing in it"),
        (b" \n,;,\n", "No column is called address"),
        (b'""', "No column is called address"),
        ("\ufeff".encode(), "nothing in it"),
        (b"address,name\n", "no rows below"),
        (b"ana@example.test,Ana\nbo@example.test,Bo\n", "No column is called address"),
        (b"name\nAna\n", "No column is called address"),
        (b"address,mail\nx,y\n", "mean the same: address, mail"),
        (b"PK\x03\x04\x14\x00rest of a zip", "Save it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Save it as CSV"),
        (b'address,name\nana,"Ana\nbo,Bo\n', "mark in line 2 is not closed"),
        (b'address,name\n"ana"x,Ana\n', "Line 2 is not as CSV"),
        (b"address,name\nana," + b"x" * 1_000_000, "cell that is too long"),
        (b"address" + b"," * 100_000 + b"\nana\n", "more than 100 columns"),
        (b"address\nana" + b"," * 100_000 + b"\n", "Line 2 has more than 100 columns"),
        (b"\xff\xfea", "says how it is encoded"),
        (b"address\n" + b"a\n" * MOST_BYTES, "more than 3 MB"),
        (b"address\n" + b"a\n" * (MOST_ROWS + 1), f"more than {MOST_ROWS:,} rows"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_is_no_table_is_refused_with_a_sentence(data, sentence):
    with pytest.raises(Unreadable) as refusal:
        read(data, ACCOUNTS)

    expected = sentence.lower()
    assert expected in str(refusal.value).lower()


def test_any_bytes_at_all_are_a_table_or_a_sentence():
    dice = random.Random(7)  # noqa: S311 (the same each time)
    signs = [b"address", b",", b";", b'"', b"\n", b"\r", b"\0", b"\xff", b"x", b"\t", b"=1", b"'"]
    for _ in range(3000):
        data = b"address" + b"".join(dice.choices(signs, k=dice.randint(0, 40)))
        try:
            assert read(data, ACCOUNTS).rows
        except Unreadable as refusal:
            assert str(refusal).endswith(".")
