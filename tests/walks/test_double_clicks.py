"""Whoever clicks twice means once: one change reaches the directory."""

import re

import pytest
from playwright.sync_api import expect

from script.sample_people import BOOKSHOP, MILL, SHIPPING
from tests.pages import changes_written
from tests.walks.site import ANNA, INGRID, MATEO, PRESS, dn_of
from tests.walks.visitors import button, choice, link, switch, told

LIST = f"/domains/{SHIPPING}/"
GISELA = f"gisela.brandt@{SHIPPING}"
BILLS = f"invoices@{SHIPPING}"


@pytest.fixture
def written(site):
    """Double-clicks a button, waits until it says what it did, and counts what slapd wrote."""

    def count(page, goal, sentence=""):
        with changes_written(site) as changes:
            goal.dblclick()
            expect(told(page)).to_contain_text(sentence or re.compile("saved|new addresses"))
            # Had there been a second one, the panel would have had it before this.
            page.reload()
        return changes

    return count


def test_one_domain(visitors, site):
    page = visitors.person(ANNA)
    page.goto("/domains/new/")
    page.get_by_label("Domain", exact=True).fill("twice.example")
    button(page, "Add domain").dblclick()

    expect(told(page)).to_contain_text("twice.example is here")
    expect(page.get_by_role("rowheader")).to_have_count(3)


def test_one_account(visitors, site):
    page = visitors.person(INGRID)
    page.goto(f"{LIST}accounts/new/")
    page.get_by_label("Address").fill("twice")
    button(page, "Add account").dblclick()

    password = page.locator("#shown-password").text_content()
    assert site.accepts(dn_of(f"twice@{SHIPPING}"), password)


def test_one_alias(visitors, site):
    page = visitors.person(INGRID)
    page.goto(f"{LIST}aliases/new/")
    page.get_by_label("Address").fill("twice")
    page.get_by_label("Send mail to").fill(MATEO[0])
    button(page, "Add alias").dblclick()

    expect(told(page)).to_contain_text(f"twice@{SHIPPING} is here")


def test_one_new_password_and_it_is_the_shown_one(visitors, site):
    page = visitors.person(INGRID)
    page.goto(f"/accounts/{MATEO[0]}/password/")
    button(page, "Set password").dblclick()

    assert site.accepts(dn_of(MATEO[0]), page.locator("#shown-password").text_content())


def test_a_switch_and_its_undo(visitors, written):
    page = visitors.person(INGRID)
    assert len(written(page, switch(page, f"Active: {MATEO[0]}"), "is switched off")) == 1
    switch(page, f"Active: {MATEO[0]}").click()
    expect(told(page)).to_contain_text("is switched on")
    assert len(written(page, button(page, "Undo"), "is as it was before")) == 1


@pytest.mark.parametrize(
    ("who", "path", "field"),
    [
        (INGRID, f"/accounts/{MATEO[0]}/", "Note"),
        (INGRID, f"/aliases/{BILLS}/", "Note"),
        (ANNA, f"/domains/{BOOKSHOP}/settings/", "Note"),
        (MATEO, "/me/name/", "Name"),
        (PRESS, "/me/destinations/", "Send mail to"),
    ],
)
def test_one_form_saved(visitors, written, who, path, field):
    page = visitors.person(who)
    page.goto(path)
    page.get_by_label(field).fill("new@agency.example")

    assert len(written(page, button(page, "Save"))) == 1


@pytest.mark.parametrize(
    ("who", "path", "name", "sentence"),
    [
        (INGRID, f"/accounts/{MATEO[0]}/retire/", "Delete account", "is closed and marked"),
        (INGRID, f"/accounts/{GISELA}/", "Keep this account", "is back"),
        (INGRID, f"/aliases/{BILLS}/", "Take any password away", "Nobody can sign in"),
    ],
)
def test_one_change(visitors, site, written, who, path, name, sentence):
    page = visitors.person(who)
    page.goto(path)
    changes = written(page, button(page, name), sentence)

    # The password is taken away by a change of its own, and the entry is dated by another.
    assert len(changes) == (2 if "password" in name else 1)


def test_one_mark_and_one_mercy(visitors, site, written):
    page = visitors.person(ANNA)
    page.goto(f"/domains/{MILL}/retire/")
    page.get_by_label("Type the name of the domain").fill(MILL)
    assert len(written(page, button(page, "Mark for deletion"), "is marked for deletion")) == 1

    page.goto(f"/domains/{MILL}/settings/")
    assert len(written(page, button(page, "Keep this domain"), "stays")) == 1


def test_an_alias_is_deleted_once(visitors, site):
    page = visitors.person(INGRID)
    page.goto(f"/aliases/{BILLS}/delete/")
    button(page, "Delete alias").dblclick()

    expect(told(page)).to_contain_text(f"{BILLS} is deleted")
    expect(link(page, BILLS)).to_have_count(0)


def test_ones_own_password_and_the_doors(visitors, site):
    page = visitors.stranger()
    page.goto("/sign-in/")
    page.get_by_label("Address or name").fill(MATEO[0])
    page.get_by_label("Password", exact=True).fill(MATEO[1])
    button(page, "Sign in").dblclick()
    choice(page, "Change my password").click()
    page.get_by_label("Old password").fill(MATEO[1])
    page.get_by_label("New password").fill("wind over the harbour")
    button(page, "Change password").dblclick()
    expect(told(page)).to_contain_text("Your password is changed")

    page.locator("details.who > summary").click()
    button(page, "Sign out").dblclick()
    expect(told(page)).to_contain_text("You are signed out.")
