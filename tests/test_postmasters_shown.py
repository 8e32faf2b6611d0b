"""The postmasters of a domain: who they are, and what stands in their way."""

import pytest

from tests.crowd import add_crowd
from tests.slapd_log import Counted
from tests.world import ALEX, ALICE, CAROL, EXAMPLE, OTTO, PIA, POST, RITA

PAGE = "/domains/example.test/settings/"
ALIAS_PAGE = "/aliases/postmaster@example.test/"


def shown_on(page):
    return {one.name: one for one in page.context["postmasters"]}


def text_of(page):
    return page.content.decode()


@pytest.mark.parametrize("url", [PAGE, ALIAS_PAGE])
def test_each_is_linked_to_the_page_that_is_about_it(rita, world, url):
    world.change(POST, roleOccupant=[POST, PIA, ALEX, OTTO])

    page = rita.get(url)

    links = {name: one.entry.edit_url for name, one in shown_on(page).items()}
    assert links == {
        "alex@example.test": "/aliases/alex@example.test/",
        "otto@other.test": "/accounts/otto@other.test/",
        "pia@example.test": "/accounts/pia@example.test/",
    }
    for link in links.values():
        assert f'href="{link}"' in text_of(page)
        assert rita.get(link).status_code == 200


@pytest.mark.parametrize("url", [PAGE, ALIAS_PAGE])
def test_who_is_not_there_and_who_has_no_address_are_named_without_a_link(rita, world, url):
    gone = f"mail=gone@example.test,{EXAMPLE}"
    world.change(POST, roleOccupant=[POST, gone, RITA])

    page = rita.get(url)

    assert list(shown_on(page)) == ["gone@example.test", "rita"]
    assert text_of(page).count("no longer there") == 1
    assert not [one for one in shown_on(page).values() if one.opens]


def test_an_entry_further_down_in_an_old_tree_is_found(rita, world):
    root = world.root()
    root.add_s(f"ou=crew,{EXAMPLE}", [("objectClass", b"organizationalUnit"), ("ou", b"crew")])
    deeper = f"mail=deep@example.test,ou=crew,{EXAMPLE}"
    fields = {"objectClass": "JammMailAlias", "mail": "deep@example.test", "lastChange": "1"}
    fields |= {"maildrop": "x@y.test", "accountActive": "TRUE"}
    root.add_s(deeper, [(name, value.encode()) for name, value in fields.items()])
    root.unbind_s()
    world.change(POST, roleOccupant=[POST, PIA, deeper])

    assert shown_on(rita.get(PAGE))["deep@example.test"].entry.dn == deeper


def test_what_stands_in_the_way_of_a_postmaster_is_said(rita, world):
    world.change(POST, roleOccupant=[POST, PIA, ALICE, CAROL])
    world.change(ALICE, accountActive="FALSE")
    world.change(CAROL, accountActive="FALSE", delete="TRUE")

    said = shown_on(rita.get(PAGE))

    assert not said["alice@example.test"].entry.active
    assert "switched off</span>" in text_of(rita.get(PAGE))
    assert "marked for deletion</span>" in text_of(rita.get(PAGE))


@pytest.mark.parametrize(("who", "url"), [("rita", PAGE), ("pia", PAGE), ("pia", ALIAS_PAGE)])
def test_a_hundred_of_them_cost_no_more_searches_than_one(request, world, who, url):
    client, asked = request.getfixturevalue(who), []
    add_crowd(world, 100)
    crowd = [f"mail={mail},{EXAMPLE}" for mail in crowd_of(world)]
    for some in ([PIA], [PIA, ALEX, OTTO, *crowd]):
        world.change(POST, roleOccupant=[POST, *some])
        with Counted(world.slapd) as counted:
            page = client.get(url)
        assert len(shown_on(page)) == len(some)
        asked.append(str(counted))

    assert asked[0] == asked[1]


def crowd_of(world):
    found = world.root().search_s(EXAMPLE, 1, "(objectClass=JammMailAccount)", ["mail"])
    mails = {values["mail"][0].decode() for _, values in found}
    crowd = sorted(mails - {"alice@example.test", "pia@example.test", "dora@example.test"})
    assert len(crowd) == 100
    return crowd


def test_a_user_sees_none(alice):
    assert alice.get(PAGE).status_code == 404


def test_who_may_not_appoint_sees_them_and_no_button(otto):
    page = text_of(otto.get("/domains/other.test/settings/"))

    assert "/accounts/otto@other.test/" in page
    assert "/appoint/" not in page
    assert "/dismiss/" not in page
