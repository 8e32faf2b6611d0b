"""The site admin's list of domains."""

import pytest

from tests.world import ASLEEP, EXAMPLE, OTHER

PAGE = "/domains/"


def rows_of(page):
    return {row.name: row for row in page.context["page"].rows}


def test_every_domain_is_there_with_its_counts_and_flags(rita):
    rows = rows_of(rita.get(PAGE))

    assert set(rows) == {"asleep.test", "example.test", "other.test"}
    example, other = rows["example.test"], rows["other.test"]
    assert (example.accounts, example.aliases) == ("3", "4")
    assert (other.may_edit_accounts, other.may_appoint, other.active) == (False, False, True)
    assert not rows["asleep.test"].active


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?search=exam", ["example.test"]),
        ("?search=EXAM", ["example.test"]),
        ("?search=nowhere", []),
        ("?search=*", []),
        ("?show=suspended", ["asleep.test"]),
        ("?show=marked", ["other.test"]),
        (
            "?show=nonsense&sort=nonsense&page=nonsense",
            ["asleep.test", "example.test", "other.test"],
        ),
        ("?sort=-name", ["other.test", "example.test", "asleep.test"]),
        ("?sort=-changed&search=e", ["example.test", "other.test", "asleep.test"]),
        ("?page=999", ["asleep.test", "example.test", "other.test"]),
    ],
)
def test_the_list_is_searched_sorted_and_narrowed(rita, world, query, names):
    world.change(OTHER, delete="TRUE", lastChange=1700000001)
    world.change(EXAMPLE, lastChange=1700000002)
    world.change(ASLEEP, lastChange=1600000000)

    assert list(rows_of(rita.get(PAGE + query))) == names


@pytest.mark.parametrize("typed", ["bücher", "xn--bcher", "büc", "BÜCHER.example", "cher"])
def test_a_domain_of_another_script_is_found_in_either_spelling(rita, typed):
    rita.post("/domains/new/", {"name": "bücher.example"})

    assert list(rows_of(rita.get(PAGE, {"search": typed}))) == ["xn--bcher-kva.example"]
    assert "bücher.example" in rita.get(PAGE, {"search": typed}).content.decode()


def test_what_nobody_found_is_a_sentence(rita):
    assert "No domain matches “nowhere”" in rita.get(PAGE, {"search": "nowhere"}).content.decode()


def test_it_is_offered_to_site_admins_only(pia, alice):
    assert pia.get(PAGE).status_code == 403
    assert alice.get(PAGE).status_code == 403
    assert "Only the people who run this server" in pia.get(PAGE).content.decode()
