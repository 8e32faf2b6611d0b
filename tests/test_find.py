"""The site admin finds any address of the server."""

import pytest

from tests.world import CAROL


def mails(page):
    return [row.mail for row in page.context["page"].rows]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("carol", ["carol@other.test"]),
        ("Alice Arden", ["alice@example.test"]),
        ("postmaster", ["postmaster@example.test", "postmaster@other.test"]),
        ("@asleep", ["sleeper@asleep.test"]),
        ("nobody", []),
        ("*)(objectClass=*", []),
    ],
)
def test_every_domain_is_searched(rita, search, found):
    assert mails(rita.get("/find/", {"search": search})) == found


def test_an_address_in_another_script_is_found_in_either_spelling(rita):
    rita.post("/domains/new/", {"name": "bücher.example"})

    for typed in ("abuse@bücher.example", "abuse@xn--bcher-kva.example"):
        assert mails(rita.get("/find/", {"search": typed})) == ["abuse@xn--bcher-kva.example"]


def test_a_name_with_umlauts_is_found(rita, world):
    world.change(CAROL, cn="Ångström")

    assert mails(rita.get("/find/?search=ångst")) == ["carol@other.test"]


def test_nothing_is_searched_before_something_is_typed(rita):
    assert rita.get("/find/").context["page"] is None
    assert rita.get("/find/?search=++").context["page"] is None
    assert rita.get("/find/?search=%00").context["page"] is None


def test_the_search_box_is_on_every_page(rita):
    for url in ("/domains/", "/domains/example.test/", "/accounts/alice@example.test/"):
        assert 'action="/find/"' in rita.get(url).content.decode()


def test_a_postmaster_finds_no_more_than_the_own_domain(pia):
    found = mails(pia.get("/find/?search=test"))

    assert len(found) == 7
    assert all(mail.endswith("@example.test") for mail in found)


def test_a_user_is_not_offered_it(alice):
    assert alice.get("/find/?search=carol").status_code == 403
