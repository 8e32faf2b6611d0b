"""vmail import, export and journal."""

import csv
import io

import pytest

from tests.command_line.saying import speaker
from tests.world import DORA, EXAMPLE, word
from vmail_admin.command_line.exits import Usage
from vmail_admin.command_line.output import Output

NORA = f"mail=nora@example.test,{EXAMPLE}"


@pytest.fixture
def table(tmp_path):
    """Writes a table, and names its file."""

    def written(text):
        (tmp_path / "in.csv").write_text(text)
        return str(tmp_path / "in.csv")

    return written


def test_a_table_of_accounts_is_added(pia_says, world, table):
    file = table("Name;E-Mail;Quota\nNora;nora@example.test;2 GB\nOle;ole;\n")

    said = pia_says("import", "example.test", file, "--json")

    assert said.code == 0, said.out
    assert [row["address"] for row in said.rows] == ["nora@example.test", "ole@example.test"]
    assert world.accepts(NORA, said.rows[0]["password"])
    assert world.value(NORA, "quota") == "2000000000S"


def test_one_wrong_row_stops_all_unless_it_is_left_out(pia_says, world, table):
    file = table("address,quota\nnora,2 GB\nalice,1 GB\nole,much\n")
    before = world.versions()

    said = pia_says("import", "example.test", file)
    assert (said.code, world.versions()) == (1, before)
    assert "line 3, address: alice@example.test is taken already." in said.err
    assert "line 4, quota: A quota is a number and a unit" in said.err

    assert pia_says("import", "example.test", file, "--only-good").code == 5
    assert world.entry(NORA)


def test_a_dry_run_asks_slapd(pia_says, world, table):
    before = world.versions()

    said = pia_says("import", "example.test", table("address\nnora\n"), "--dry-run", "--json")

    assert (said.code, said.document["dry_run"]) == (0, "slapd")
    assert said.rows == [{"line": 2, "address": "nora@example.test"}]
    assert world.versions() == before


def test_passwords_go_to_a_file_for_its_owner(pia_says, world, table, tmp_path):
    target = tmp_path / "passwords.csv"

    said = pia_says("import", "example.test", table("address\nnora\n"), "--passwords", str(target))

    [_, [mail, password]] = csv.reader(io.StringIO(target.read_text()))
    assert mail == "nora@example.test"
    assert password not in said.out + said.err
    assert world.accepts(NORA, password)
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_is_not_written_over(pia_says, world, table, tmp_path):
    target = tmp_path / "passwords.csv"
    target.write_text("mine")

    said = pia_says("import", "example.test", table("address\nnora\n"), "--passwords", str(target))

    assert (said.code, target.read_text()) == (2, "mine")
    assert world.entry(NORA) is None


def test_aliases_come_with_several_destinations(pia_says, world, table):
    file = table('address,destinations\nteam,"alice@example.test\npia@example.test"\n')

    assert pia_says("import", "example.test", file, "--aliases").code == 0
    assert world.entry(f"mail=team@example.test,{EXAMPLE}")["maildrop"] == [
        "alice@example.test",
        "pia@example.test",
    ]


@pytest.mark.parametrize("content", ["", "\x00\x01", "address\n", 'address\n"open', "PK\x03\x04x"])
def test_what_is_no_table_is_said(pia_says, table, content):
    assert pia_says("import", "example.test", table(content)).code == 1


def test_a_whole_import_is_taken_back(pia_says, world, table):
    pia_says(
        "import",
        "example.test",
        table("address,destinations\na,b@x.example\nc,d@x.example\n"),
        "--aliases",
    )
    batch = pia_says("journal", "list", "example.test", "--json", "--limit", "1").rows[0]["batch"]

    assert pia_says("journal", "undo", "--batch", batch).code == 0
    assert world.entry(f"mail=a@example.test,{EXAMPLE}") is None


def test_an_export_is_read_again(pia_says, rita_says, world, tmp_path):
    target = tmp_path / "out.csv"
    assert pia_says("export", "example.test", "--to", str(target), "--kind", "accounts").code == 0
    piped = pia_says("export", "example.test", "--kind", "accounts").out
    with target.open(newline="") as file:
        assert piped == file.read()

    rita_says("domain", "add", "new.test")
    text = target.read_text().replace("example.test", "new.test")
    target.write_text(text)
    assert rita_says("import", "new.test", str(target), "--no-passwords").code == 0


def test_hashes_are_for_site_admins(pia_says, rita_says):
    assert pia_says("export", "example.test", "--hashes").code == 1
    assert "userPassword" not in rita_says("export", "example.test", "--ldif").out
    assert "userPassword" in rita_says("export", "example.test", "--hashes").out


def test_an_export_is_not_for_a_terminal():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    with pytest.raises(Usage), Output(Terminal(), Terminal()).pipe():
        pass


def test_another_domain_is_not_exported(pia_says):
    assert pia_says("export", "other.test").code == 3


def test_the_journal_is_read_and_taken_back(pia_says, world):
    pia_says("account", "edit", "dora@example.test", "--name", "Dora D.", "--why", "married")

    [row] = pia_says("journal", "list", "dora@example.test", "--json", "--limit", "1").rows
    assert (row["who"], row["kind"], row["why"]) == ("pia@example.test", "edited", "married")
    assert row["differences"] == ["Name: Dora, who is switched off → Dora D."]

    assert pia_says("journal", "undo", str(row["number"])).code == 0
    assert world.value(DORA, "cn") == "Dora, who is switched off"
    assert pia_says("journal", "undo", str(row["number"])).code == 1


def test_the_journal_of_others_is_not_found(pia_says, otto_says):
    pia_says("account", "edit", "dora@example.test", "--name", "Dora E.")
    [row] = pia_says("journal", "list", "dora@example.test", "--json", "--limit", "1").rows

    assert otto_says("journal", "list", "example.test").code == 3
    assert otto_says("journal", "undo", str(row["number"])).code == 3
    assert all(
        one["entry"].endswith("other.test") for one in otto_says("journal", "list", "--json").rows
    )


def test_a_user_reads_what_happened_to_oneself(pia_says, world, monkeypatch):
    pia_says("account", "edit", "alice@example.test", "--note", "secret note")
    alice_says = speaker("alice@example.test", monkeypatch, word("alice"))

    said = alice_says("journal", "list", "--json")

    assert {row["entry"] for row in said.rows} == {"alice@example.test"}
    assert "secret note" not in said.out


def test_a_dry_run_that_could_not_ask_slapd_says_so(rita_says, table):
    """slapd is asked nothing about the first account of a domain; see dry_run."""
    rita_says("domain", "add", "new.test")

    said = rita_says("import", "new.test", table("address\nnora\n"), "--dry-run")

    assert (said.code, said.out) == (0, "Tried: line 2: nora@new.test\n")
    assert said.err == (
        "Dry run: only the checks were made; slapd was not asked. Nothing is changed.\n"
    )


@pytest.mark.parametrize(
    ("rows", "ending"),
    [
        ("nora,much\n", "1 row is wrong.\n"),
        ("nora,much\nole,\n", "1 row is wrong. --only-good adds the others.\n"),
        ("nora,much\nole,x\n", "2 rows are wrong.\n"),
    ],
)
def test_others_are_offered_where_there_are_some(pia_says, table, rows, ending):
    said = pia_says("import", "example.test", table(f"address,quota\n{rows}"))

    assert (said.code, said.err.endswith(f"Nothing is added: {ending}")) == (1, True)


def test_a_problem_is_said_at_the_column_and_what_no_column_means_is_said_too(pia_says, table):
    text = f"E-Mail;Full name;Room\nnora;{'N' * 400};7\n"

    said = pia_says("import", "example.test", table(text))

    assert said.code == 1
    assert "Columns that are not used: Room.\n" in said.err
    assert "line 2, name: " in said.err


def test_a_dry_run_ends_as_the_import_would(pia_says, table, world):
    rows, before = table("address,quota\nnora,much\nole,\n"), world.versions()

    tried, tried_good = [
        pia_says("import", "example.test", rows, "--dry-run", *more)
        for more in ([], ["--only-good"])
    ]

    assert (tried.code, tried.out) == (1, "")
    assert tried.err.endswith("Nothing is added: 1 row is wrong. --only-good adds the others.\n")
    assert (tried_good.code, tried_good.out) == (5, "Tried: line 3: ole@example.test\n")
    assert world.versions() == before
    assert pia_says("import", "example.test", rows).code == 1
    assert pia_says("import", "example.test", rows, "--only-good").code == 5
