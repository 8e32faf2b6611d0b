"""Everything that matters works where JavaScript is switched off."""

import pytest
from playwright.sync_api import expect

from script.sample_people import BOOKSHOP, SHIPPING
from tests.walks.site import ANNA, INGRID, MATEO, PRESS, dn_of
from tests.walks.visitors import button, choice, link, menu_of, row_of, sign_in, switch, told


@pytest.fixture
def plain(visitors):
    """The page of somebody whose browser runs no script."""
    return lambda who: visitors.person(who, java_script_enabled=False)


def test_a_postmaster_finds_switches_and_undoes(plain, site, picture):
    page = plain(INGRID)
    page.get_by_label("Search by address or name").fill("garcia")
    button(page, "Search").click()
    expect(page.locator("#found")).to_contain_text("1 address matches")

    switch(page, f"Active: {MATEO[0]}").click()
    expect(told(page)).to_contain_text("is switched off")
    expect(page.get_by_label("Search by address or name")).to_have_value("garcia")
    picture(page)

    button(page, "Undo").click()
    expect(switch(page, f"Active: {MATEO[0]}")).to_be_checked()
    assert site.value(dn_of(MATEO[0]), "accountActive") == "TRUE"


def test_a_postmaster_gives_a_password(plain, site, picture):
    page = plain(INGRID)
    link(page, f"Password of {MATEO[0]}").click()
    suggested = page.get_by_label("New password").input_value()
    expect(button(page, "Copy")).to_have_count(0)
    button(page, "Set password").click()

    expect(page.locator("#shown-password")).to_have_text(suggested)
    picture(page)
    assert site.accepts(dn_of(MATEO[0]), suggested)


def test_a_postmaster_adds_an_account_and_an_alias(plain, site, picture):
    page = plain(INGRID)
    link(page, "Add account").click()
    page.get_by_label("Address").fill("plain")
    picture(page)
    button(page, "Add account").click()
    password = page.locator("#shown-password").text_content()
    assert site.accepts(dn_of(f"plain@{SHIPPING}"), password)

    link(page, "Done").click()
    link(page, "Add alias").click()
    page.get_by_label("Address").fill("plain")
    page.get_by_label("Send mail to").fill(INGRID[0])
    button(page, "Add alias").click()
    expect(page.locator(".errorlist")).to_have_text(f"plain@{SHIPPING} is taken already.")


def test_a_postmaster_of_two_domains_goes_to_the_other(plain):
    page = plain(INGRID)
    page.locator("details.switcher > summary").click()
    link(page, "bücher.example").click()
    expect(row_of(page, "lena.vogel@bücher.example")).to_be_visible()


def test_a_site_admin_adds_and_suspends(plain, site):
    page = plain(ANNA)
    link(page, "Add domain").click()
    page.get_by_label("Domain", exact=True).fill("plain.example")
    button(page, "Add domain").click()
    expect(told(page)).to_contain_text("plain.example is here")

    page.goto("/domains/")
    switch(page, "Active: bücher.example").click()
    expect(row_of(page, "bücher.example")).to_contain_text("suspended")
    assert site.value(dn_of(BOOKSHOP), "accountActive") == "FALSE"


def test_a_user_changes_the_password_and_the_colours(plain, visitors, site):
    page = visitors.stranger(java_script_enabled=False)
    sign_in(page, MATEO)
    choice(page, "Change my password").click()
    page.get_by_label("Old password").fill(MATEO[1])
    page.get_by_label("New password").fill("wind over the harbour")
    button(page, "Change password").click()
    expect(told(page)).to_contain_text("Your password is changed")
    assert site.accepts(dn_of(MATEO[0]), "wind over the harbour")

    button(page, "Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    menu_of(page, MATEO).click()
    button(page, "Sign out").click()
    expect(told(page)).to_contain_text("You are signed out.")


def test_the_owner_of_an_alias_sends_the_mail_elsewhere(plain, site):
    page = plain(PRESS)
    choice(page, "Change where my mail goes").click()
    page.get_by_label("Send mail to").fill("other@agency.example")
    button(page, "Save").click()

    expect(told(page)).to_contain_text("Your mail goes")
    assert site.entry(dn_of(PRESS[0]))["maildrop"] == ["other@agency.example"]
