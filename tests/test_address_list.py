"""One list of a domain: accounts and aliases, with the special addresses on top."""

import pytest
from django.db import connections

from tests.slapd_log import Counted
from tests.world import ALEX, ALICE, EXAMPLE, PIA, POST, word
from vmail_admin.directory.backend.kept import KEPT

PAGE = "/domains/example.test/"


def mails(page):
    return [row.mail for row in page.context["page"].rows]


def pinned(page):
    return [row.special for row in page.context["pinned"]]


def test_accounts_and_aliases_stand_in_one_list(pia):
    page = pia.get(PAGE)

    assert mails(page) == [
        "alex@example.test",
        "alice@example.test",
        "bob+news@example.test",
        "dora@example.test",
        "pia@example.test",
    ]
    assert pinned(page) == ["postmaster", "abuse"]
    assert not page.context["has_catch_all"]
    assert "Add catch-all" in page.content.decode()


def test_the_catch_all_is_pinned_and_labelled(pia):
    pia.post(f"{PAGE}aliases/new/?catch-all=1", {"destinations": "alice@example.test"})

    page = pia.get(PAGE)

    assert pinned(page) == ["postmaster", "abuse", "catch-all"]
    assert "Add catch-all" not in page.content.decode()


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("alic", ["alice@example.test"]),
        ("ALICE", ["alice@example.test"]),
        ("arden", ["alice@example.test"]),
        ("Alice A.", ["alice@example.test"]),
        ("al", ["alex@example.test", "alice@example.test"]),
        ("pet", ["pia@example.test"]),
        ("bob+news", ["bob+news@example.test"]),
        ("abuse", ["abuse@example.test"]),
        ("example.test", None),
        ("carol", []),
        ("*", []),
        (")(mail=*", []),
        ("\x00alice\x00", ["alice@example.test"]),
        ("\\2a", []),
        ("א", []),
        ("😀" * 50, []),
        ("x" * 10_000, []),
    ],
)
def test_one_box_searches_address_and_name(pia, search, found):
    page = pia.get(PAGE, {"search": search})

    assert page.status_code == 200
    if found is None:
        assert len(mails(page)) == 7
    else:
        assert mails(page) == found
    assert pinned(page) == []


@pytest.mark.parametrize("typed", ["Müller", "müller", "jürg", "JÜR", "Jürg Mü"])
def test_a_name_with_umlauts_is_found_as_it_is_written(pia, world, typed):
    world.change(ALICE, cn="Jürg Müller")

    assert mails(pia.get(PAGE, {"search": typed})) == ["alice@example.test"]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("?sort=-address", "pia@example.test"),
        ("?sort=name&kind=accounts", "alice@example.test"),
        ("?sort=changed", "alex@example.test"),
        ("?sort=-changed", "dora@example.test"),
        ("?kind=accounts", "alice@example.test"),
        ("?kind=aliases", "alex@example.test"),
        ("?kind=odd&sort=odd&page=-1", "alex@example.test"),
        ("?page=99", "alex@example.test"),
    ],
)
def test_it_is_sorted_and_narrowed(pia, world, query, first):
    world.change(f"mail=dora@example.test,{EXAMPLE}", lastChange=1800000000)
    world.change(ALEX, lastChange=1600000000)

    assert mails(pia.get(PAGE + query))[0] == first


def test_what_a_row_says(pia, world):
    rows = {row.mail: row for row in pia.get(PAGE).context["page"].rows}

    assert rows["alice@example.test"].quota == "10 MB"
    assert rows["alice@example.test"].full_name == "Alice Arden"
    assert rows["pia@example.test"].is_postmaster
    assert not rows["alice@example.test"].is_postmaster
    assert not rows["dora@example.test"].active
    assert rows["alex@example.test"].kind == "alias"
    assert sorted(rows["alex@example.test"].destinations) == [
        "alex@elsewhere.test",
        "alice@example.test",
    ]


def test_a_long_list_comes_in_pages_and_the_special_ones_on_the_first(pia, world):
    root = world.root()
    for number in range(60):
        mail = f"user{number:02}@example.test"
        values = {"objectClass": "JammMailAlias", "mail": mail, "maildrop": "alice@example.test"}
        flags = {"accountActive": "TRUE", "lastChange": "1700000000"}
        pairs = [(name, value.encode()) for name, value in {**values, **flags}.items()]
        root.add_s(f"mail={mail},{EXAMPLE}", pairs)
    root.unbind_s()

    first, second = pia.get(PAGE), pia.get(PAGE + "?page=2")

    assert (first.context["page"].total, first.context["page"].pages) == (67, 2)
    assert pinned(first) == ["postmaster", "abuse"]
    assert pinned(second) == []
    assert len(mails(first)) + len(mails(second)) == 65
    assert mails(second)[-1] == "user59@example.test"


def test_a_page_costs_the_same_few_operations_however_long_the_list(pia, world):
    pia.get(PAGE)

    with Counted(world.slapd) as asked:
        pia.get(PAGE)

    assert str(asked) == "1 BIND, 5 SRCH"


def test_the_postmaster_by_name_sees_the_same(sign_in):
    page = sign_in("postmaster@example.test", word("post")).get(PAGE)

    assert page.status_code == 200
    assert len(mails(page)) == 5


def test_the_site_admin_sees_a_domain_that_has_no_postmaster(rita):
    page = rita.get("/domains/asleep.test/")

    assert mails(page) == ["sleeper@asleep.test"]
    assert "suspended" in page.content.decode()


def test_a_postmaster_of_two_domains_can_go_from_one_to_the_other(world, sign_in):
    root = world.root()
    post = "cn=postmaster,jvd=other.test,o=hosting,dc=myhosting,dc=example"
    root.modify_s(post, [(0, "roleOccupant", [PIA.encode()])])
    root.unbind_s()
    pia = sign_in("pia@example.test", word("pia"))

    page = pia.get("/", follow=True)

    assert 'href="/domains/other.test/"' in page.content.decode()
    assert mails(pia.get("/domains/other.test/")) == ["carol@other.test", "otto@other.test"]


@pytest.mark.parametrize(
    "url", ["/domains/other.test/", "/domains/nowhere.test/", "/domains/example.test,x/"]
)
def test_another_domain_is_not_found(pia, alice, url):
    assert pia.get(url).status_code == 404
    assert alice.get(url).status_code == 404


def test_a_user_of_the_domain_sees_no_list(alice, alex):
    assert alice.get(PAGE).status_code == 404
    assert alex.get(PAGE).status_code == 404


def test_who_is_dismissed_loses_the_page_at_once(pia, world):
    world.change(POST, roleOccupant=POST)

    assert pia.get(PAGE).status_code == 404


def test_what_is_not_allowed_is_not_offered(otto):
    page = otto.get("/domains/other.test/").content.decode()

    assert "Add account" not in page
    assert "Add alias" in page


def test_who_was_dismissed_after_looking_at_it_finds_no_list(world, sign_in, monkeypatch):
    """Also on the connection for which slapd has sorted that list."""
    monkeypatch.setitem(connections["directory"].settings_dict["OPTIONS"], "keep_bound", 60)
    pia = sign_in("pia@example.test", word("pia"))
    assert pia.get(PAGE).status_code == 200
    world.change(POST, roleOccupant=[POST])

    assert pia.get(PAGE).status_code == 404
    assert pia.get(PAGE).status_code == 404
    KEPT.clear()
