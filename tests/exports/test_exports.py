"""A domain, or what a search finds, as CSV and as LDIF."""

import csv
import io
import subprocess

import ldap
import pytest
from ldif import LDIFRecordList

from accounts.exports.ldif import line_of
from deploy.private_slapd import PrivateSlapd
from deploy.site import Site
from tests.bulk.steps import imported, started
from tests.crowd import add_crowd
from tests.world import ALEX, ALICE, EXAMPLE, SUFFIX, word

CSV, LDIF = "/domains/example.test/export.csv", "/domains/example.test/export.ldif"


def table(answer):
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def records(answer):
    parser = LDIFRecordList(io.BytesIO(answer.getvalue()))
    parser.parse()
    return dict(parser.all_records)


def test_a_table_holds_every_address_and_no_formula(pia, world):
    world.change(ALICE, cn='=HYPERLINK("http://x","y")', description="@SUM(1)", quota="2000000000S")
    world.change(ALEX, maildrop=["one@elsewhere.test", "two@elsewhere.test"])

    answer = pia.get(CSV)

    rows = {row["address"]: row for row in table(answer)}
    assert answer.headers["Content-Disposition"] == 'attachment; filename="example.test.csv"'
    assert rows["alice@example.test"] == {
        "address": "alice@example.test",
        "name": '\'=HYPERLINK("http://x","y")',
        "kind": "account",
        "active": "yes",
        "destinations": "",
        "quota": "2 GB",
        "note": "'@SUM(1)",
        "marked": "",
    }
    assert rows["alex@example.test"]["destinations"].split("\n") == [
        *("one@elsewhere.test", "two@elsewhere.test")
    ]
    assert {"postmaster@example.test", "dora@example.test"} <= set(rows)
    assert not any(cell[:1] in ("=", "+", "-") for row in rows.values() for cell in row.values())


def test_a_search_and_a_kind_narrow_both(pia):
    assert [row["address"] for row in table(pia.get(f"{CSV}?search=alic"))] == [
        "alice@example.test"
    ]
    assert {row["kind"] for row in table(pia.get(f"{CSV}?kind=aliases"))} == {"alias"}
    assert list(records(pia.get(f"{LDIF}?search=alic"))) == [ALICE]


def test_what_is_exported_can_be_imported_again(pia, world):
    world.change(ALICE, cn="-Alice", quota="2000000000S")
    text = pia.get(f"{CSV}?kind=accounts&search=alic").getvalue().decode()
    world.delete(ALICE)

    page = started(pia, imported(pia, text))

    assert page.context["counts"]["made"] == 1
    assert world.value(ALICE, "cn") == "-Alice"
    assert world.value(ALICE, "quota") == "2000000000S"


def test_ldif_holds_the_entries_as_they_are_and_no_hash(pia, world):
    world.change(ALICE, cn="Älice", description=" begins with a blank " + "x" * 200)

    found = records(pia.get(LDIF))

    assert next(iter(found)) == EXAMPLE
    assert found[ALICE]["cn"] == ["Älice".encode()]
    assert found[ALICE]["description"] == [b" begins with a blank " + b"x" * 200]
    assert not any("userPassword" in values for values in found.values())
    theirs = world.entry(ALICE, "*")
    assert set(theirs) - {"userPassword"} == set(found[ALICE])


def test_hashes_are_for_the_site_admin_who_asks_for_them(pia, rita):
    assert pia.get(f"{LDIF}?hashes=yes").status_code == 403
    assert "userPassword" not in rita.get(LDIF).getvalue().decode()

    found = records(rita.get(f"{LDIF}?hashes=yes"))

    assert found[ALICE]["userPassword"][0].startswith(b"{")


def test_what_a_site_admin_exports_loads_into_an_empty_server(rita, tmp_path):
    exported = rita.get(f"{LDIF}?hashes=yes").getvalue().decode()
    with PrivateSlapd(tmp_path / "other", Site(suffix=SUFFIX), fast=True) as other:
        for text in (other.base_ldif, exported):
            words = ["ldapadd", "-Q", "-Y", "EXTERNAL", "-H", other.ldapi_uri]
            subprocess.run(words, input=text, text=True, check=True, stdout=subprocess.DEVNULL)

        alice = ldap.initialize(other.ldapi_uri)
        alice.simple_bind_s(ALICE, word("alice"))
        [(_, values)] = alice.search_s(ALICE, ldap.SCOPE_BASE)
        alice.unbind_s()

    before = records(rita.get(LDIF))
    assert len(before) == exported.count("\ndn:")
    assert {name: values[name] for name in before[ALICE]} == before[ALICE]


def test_who_is_not_its_postmaster_exports_nothing(alice, otto, stranger):
    for url in (CSV, LDIF):
        assert alice.get(url).status_code == 404
        assert otto.get(url).status_code == 404
        assert stranger.get(url).status_code == 302


def test_nothing_is_missing_of_many(pia, world):
    add_crowd(world, 700)

    assert len([row for row in table(pia.get(CSV)) if ".x" in row["address"]]) == 700
    assert len([dn for dn in records(pia.get(LDIF)) if ".x" in dn]) == 700


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (b"plain", "n: plain\n"),
        (b"", "n: \n"),
        (b" blank", "n:: IGJsYW5r\n"),
        (b"blank ", "n:: Ymxhbmsg\n"),
        (b":colon", "n:: OmNvbG9u\n"),
        (b"<less", "n:: PGxlc3M=\n"),
        (b"two\nlines", "n:: dHdvCmxpbmVz\n"),
        ("ä".encode(), "n:: w6Q=\n"),
        (b"x" * 80, f"n: {'x' * 73}\n {'x' * 7}\n"),
    ],
)
def test_values_are_written_as_rfc_2849_says(value, line):
    assert line_of("n", value) == line
