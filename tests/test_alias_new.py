"""A postmaster adds an alias, or the catch-all."""

import time

import pytest

from tests.pages import errors_of, messages_of
from tests.world import EXAMPLE, OTHER

PAGE = "/domains/example.test/aliases/new/"
CATCH_ALL = f"{PAGE}?catch-all=1"
SALES = f"mail=sales@example.test,{EXAMPLE}"


def test_an_alias_to_one_or_many(pia, world):
    began = int(time.time())
    wanted = "alice@example.test\r\n  Pia@Example.TEST  \r\n\r\nx@elsewhere.test, y@bücher.example"

    page = pia.post(PAGE, {"local_part": "Sales", "destinations": wanted, "full_name": "Sales"})

    assert page.headers["Location"] == "/domains/example.test/"
    entry = world.entry(SALES, "*")
    assert int(entry.pop("lastChange")[0]) >= began
    assert sorted(entry.pop("maildrop")) == [
        "alice@example.test",
        "pia@example.test",
        "x@elsewhere.test",
        "y@xn--bcher-kva.example",
    ]
    assert entry == {
        "objectClass": ["top", "JammMailAlias"],
        "mail": ["sales@example.test"],
        "cn": ["Sales"],
        "accountActive": ["TRUE"],
    }


@pytest.mark.parametrize("local_part", ["ana+lists", "o'neil", "a=b", "#1", "100%", "{x}", "a&b?c"])
def test_an_alias_may_hold_unusual_characters_and_its_pages_open(pia, world, local_part):
    pia.post(PAGE, {"local_part": local_part, "destinations": "alice@example.test"})

    [row] = [
        row
        for row in pia.get("/domains/example.test/").context["page"].rows
        if row.local_part == local_part
    ]
    assert pia.get(row.edit_url).context["alias"].mail == f"{local_part}@example.test"
    assert pia.post(f"{row.edit_url}switch/", {"flag": "active", "to": "off"}).status_code == 302
    assert world.value(row.dn, "accountActive") == "FALSE"
    assert pia.post(f"{row.edit_url}delete/").status_code == 302
    assert world.entry(row.dn) is None


@pytest.mark.parametrize(
    ("destinations", "sentence"),
    [
        ("", "fill this in"),
        (" \r\n ", "fill this in"),
        ("alice", "a name, an @ and a domain"),
        ("postmaster", "a name, an @ and a domain"),
        ("|/bin/sh", "a name, an @ and a domain"),
        ("/dev/null", "a name, an @ and a domain"),
        ("@example.test", "a name, an @ and a domain"),
        ("alice@", "at least two parts"),
        ("alice@localhost", "at least two parts"),
        ("a@b@example.test", "before the @ holds letters"),
        ("älice@example.test", "before the @ holds letters"),
        ("alice@exa_mple.test", "letters, digits and hyphens"),
        ("alice@example.test\nALICE@example.test", "is there twice"),
        ("x@bücher.example\nx@xn--bcher-kva.example", "is there twice"),
        ("sales@example.test", "cannot send mail to itself"),
        ("alice@example.test\nSales@Example.test.", "cannot send mail to itself"),
        ("alice\x00@example.test", "ull characters"),
        ("alice@example.test\x1b", "letters, digits and hyphens"),
        ("\u202ealice@example.test", "before the @ holds letters"),
        ("<script>@example.test", "before the @ holds letters"),
        ("x" * 10_000, "a name, an @ and a domain"),
        ("x" * 10_000 + "@example.test", "before the @ holds letters"),
        ("x@" + "ü" * 10_000, "at most 253 characters"),
        ("x@example.test " * 10_000, "at most 20000 characters"),
        ("\n".join(f"x{number}@example.test" for number in range(101)), "at most 100 destinations"),
    ],
)
def test_a_destination_that_will_not_do_is_sent_back_with_a_sentence(
    pia, world, destinations, sentence
):
    before = world.versions()

    page = pia.post(PAGE, {"local_part": "sales", "destinations": destinations})

    assert sentence in errors_of(page, "destinations")
    assert world.versions() == before


def test_every_bad_line_is_named(pia):
    page = pia.post(PAGE, {"local_part": "sales", "destinations": "one\ntwo@example.test\nthree"})

    assert "one: " in errors_of(page, "destinations")
    assert "three: " in errors_of(page, "destinations")
    assert "two@" not in errors_of(page, "destinations")


def test_a_hundred_destinations_are_kept(pia, world):
    many = "\n".join(f"x{number}@example.test" for number in range(100))

    pia.post(PAGE, {"local_part": "sales", "destinations": many})

    assert len(world.entry(SALES)["maildrop"]) == 100


def test_a_circle_over_several_aliases_is_refused_and_shown(pia, world):
    pia.post(PAGE, {"local_part": "one", "destinations": "two@example.test"})
    pia.post(PAGE, {"local_part": "two", "destinations": "three@example.test\nalice@example.test"})
    before = world.versions()

    page = pia.post(PAGE, {"local_part": "three", "destinations": "one@example.test"})

    way = " → ".join(f"{name}@example.test" for name in ("three", "one", "two", "three"))
    assert f"round in a circle: {way}" in errors_of(page, "destinations")
    assert world.versions() == before


def test_a_circle_over_two_domains_is_seen_by_who_may_see_both(rita, world):
    rita.post(
        "/domains/other.test/aliases/new/", {"local_part": "b", "destinations": "a@example.test"}
    )

    page = rita.post(PAGE, {"local_part": "a", "destinations": "b@other.test"})

    assert "round in a circle" in errors_of(page, "destinations")
    assert world.entry(f"mail=b@other.test,{OTHER}")


def test_a_circle_through_the_catch_all_is_refused(pia, world):
    pia.post(PAGE, {"local_part": "one", "destinations": "nobody@example.test"})

    page = pia.post(CATCH_ALL, {"destinations": "one@example.test"})

    assert "round in a circle" in errors_of(page, "destinations")
    assert (
        "is here"
        in messages_of(pia.post(CATCH_ALL, {"destinations": "alice@example.test"}, follow=True))[-1]
    )


@pytest.mark.parametrize("taken", ["alice", "ALEX", "bob+news", "postmaster", "abuse"])
def test_an_address_that_is_taken_is_said_at_the_field(pia, world, taken):
    before = world.versions()

    page = pia.post(PAGE, {"local_part": taken, "destinations": "dora@example.test"})

    assert "is taken already" in errors_of(page, "local_part")
    assert world.versions() == before


@pytest.mark.parametrize(
    "local_part",
    [
        "",
        "a@b",
        "a b",
        ".a",
        "a.",
        "a..b",
        "ä",
        "a\x00",
        "a\r\nb",
        "a/b",
        "x" * 65,
        "(a)",
        '"a"',
        "a,b",
    ],
)
def test_what_is_no_address_is_sent_back(pia, world, local_part):
    before = world.versions()

    page = pia.post(PAGE, {"local_part": local_part, "destinations": "alice@example.test"})

    assert errors_of(page, "local_part")
    assert world.versions() == before


def test_the_catch_all_is_the_alias_without_a_name(pia, world):
    pia.post(CATCH_ALL, {"destinations": "alice@example.test"})

    catch_all = f"mail=@example.test,{EXAMPLE}"
    assert world.value(catch_all, "maildrop") == "alice@example.test"
    assert pia.get("/aliases/@example.test/").status_code == 200

    page = pia.post(CATCH_ALL, {"destinations": "alice@example.test"})
    assert "has a catch-all already" in errors_of(page, None)

    pia.post("/aliases/@example.test/switch/", {"flag": "active", "to": "off"})
    assert world.value(catch_all, "accountActive") == "FALSE"

    pia.post("/aliases/@example.test/delete/")
    assert world.entry(catch_all) is None


def test_the_catch_all_cannot_send_to_itself_or_to_nobody(pia, world):
    for wanted in ("@example.test", "nobody@example.test"):
        page = pia.post(CATCH_ALL, {"destinations": wanted})
        assert errors_of(page, "destinations")
    assert world.entry(f"mail=@example.test,{EXAMPLE}") is None


def test_an_empty_form_is_sent_back(pia):
    page = pia.post(PAGE, {})

    assert "fill this in" in errors_of(page, "local_part")
    assert "fill this in" in errors_of(page, "destinations")


def test_otto_may_add_aliases(otto, world):
    url = "/domains/other.test/aliases/new/"
    otto.post(url, {"local_part": "sales", "destinations": "carol@other.test"})

    assert world.entry(f"mail=sales@other.test,{OTHER}")


def test_a_foreign_domain_is_not_found(pia, alice, world):
    before = world.versions()
    fields = {"local_part": "sales", "destinations": "alice@example.test"}

    assert pia.post("/domains/other.test/aliases/new/", fields).status_code == 404
    assert pia.get("/domains/other.test/aliases/new/").status_code == 404
    assert alice.post(PAGE, fields).status_code == 404
    assert world.versions() == before
