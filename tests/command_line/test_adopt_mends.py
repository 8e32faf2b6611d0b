"""vmail adopt --fix: only what is sure is mended, each by itself."""

from tests.command_line.old import BOB, CY, EVE, OLDER, POST, adopt
from vmail_admin.journal.models import Row

OWN = {"entryCSN", "modifyTimestamp", "modifiersName", "lastChange"}


def shown(entry):
    """An entry without what slapd itself notes at every change."""
    return {name: sorted(values) for name, values in entry.items() if name not in OWN}


def difference(before, after):
    """What is gone and what came, by attribute."""
    before, after = shown(before), shown(after)
    return values_only_in(before, after), values_only_in(after, before)


def values_only_in(one, other):
    lost = {name: [v for v in some if v not in other.get(name, [])] for name, some in one.items()}
    return {name: some for name, some in lost.items() if some}


def test_only_what_is_sure_is_mended(old):
    before = old.everything()

    said = adopt("--fix", "--yes", "--json")

    after = old.everything()
    assert said.code == 0, said.out
    changed = {dn for dn in before if shown(before[dn]) != shown(after[dn])}
    assert changed == {OLDER, POST, BOB, EVE}
    assert set(before) == set(after)
    assert difference(before[OLDER], after[OLDER]) == (
        {},
        {
            "accountActive": [b"TRUE"],
            "delete": [b"FALSE"],
            "editAccounts": [b"TRUE"],
            "editPostmasters": [b"TRUE"],
        },
    )
    assert difference(before[EVE], after[EVE]) == (
        {"accountActive": [b"TRUE"]},
        {"accountActive": [b"FALSE"]},
    )
    gone = f"mail=gone@older.test,{OLDER}".encode()
    assert difference(before[POST], after[POST]) == (
        {"roleOccupant": [gone]},
        {"accountActive": [b"TRUE"]},
    )
    assert difference(before[BOB], after[BOB]) == (
        {"clearPassword": [b"{{clear-of-bob}}"]},
        {"accountActive": [b"TRUE"], "delete": [b"FALSE"]},
    )


def test_the_only_password_somebody_has_stays(old):
    adopt("--fix", "--yes")

    assert old.everything()[CY]["clearPassword"] == [b"{{clear-of-cy}}"]


def test_each_mending_is_in_the_journal(old):
    last = Row.objects.order_by("-id").values_list("id", flat=True).first() or 0

    adopt("--fix", "--yes")

    rows = list(Row.objects.filter(id__gt=last).made())
    kinds = [row.kind for row in rows]
    assert sorted(kinds) == ["cleared", "dismissed", "filled", "filled", "filled", "switched"]
    assert len({row.batch for row in rows}) == 1
    assert all(row.why.startswith("adopt: ") and row.place == "command line" for row in rows)


def test_what_is_mended_is_not_found_again(old):
    adopt("--fix", "--yes")

    assert [row for row in adopt("--json").rows if "dn" in row and row["mends"]] == []
    before = old.everything()
    assert adopt("--fix", "--yes", "--json").rows == []
    assert old.everything() == before


def test_a_kind_can_be_mended_by_itself(old):
    before = old.everything()

    adopt("--fix", "--yes", "--only", "flags")

    after = old.everything()
    assert after[BOB]["clearPassword"] == before[BOB]["clearPassword"]
    assert after[BOB]["accountActive"] == [b"TRUE"]


def test_without_anybody_to_ask_nothing_is_mended(old):
    before = old.everything()

    assert adopt("--fix").code == 2
    assert adopt("--yes").code == 2
    assert adopt("--fix", "--dry-run").code == 0
    assert old.everything() == before


def test_each_mending_is_asked(old, monkeypatch):
    asked = []

    def answer(question):
        asked.append(question)
        return "y" if "clearPassword" in question else ""

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", answer)
    before = old.everything()

    adopt("--fix", "--only", "clear-password", "dangling-postmaster")

    after = old.everything()
    assert len(asked) == 2
    assert {dn for dn in before if shown(before[dn]) != shown(after[dn])} <= {BOB}
    assert after[POST]["roleOccupant"] == before[POST]["roleOccupant"]
