"""A day without a mouse: Tab, Enter, the space bar and "/"."""

import re

from playwright.sync_api import expect

from script.sample_people import BOOKSHOP, SHIPPING
from tests.walks.site import ANNA, INGRID, MATEO, dn_of
from tests.walks.visitors import button, link, menu_of, row_of, switch, told

EMEKA = f"emeka.okafor@{SHIPPING}"
MOST_TABS = 40


def tab_to(page, goal, key="Tab"):
    """Presses Tab until the focus is there."""
    for _ in range(MOST_TABS):
        page.keyboard.press(key)
        if goal.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{MOST_TABS} times Tab do not lead to {goal}")


def keyboard_sign_in(page, who):
    page.goto("/sign-in/")
    expect(page.get_by_label("Address or name")).to_be_focused()
    page.keyboard.type(who[0])
    page.keyboard.press("Tab")
    page.keyboard.type(who[1])
    page.keyboard.press("Enter")


def test_a_postmaster_finds_somebody_and_gives_a_password(visitors, site, picture):
    page = visitors.stranger()
    keyboard_sign_in(page, INGRID)
    expect(page.get_by_label("Search by address or name")).to_be_focused()
    page.keyboard.type("okaf")
    expect(page.locator("#found")).to_have_text(re.compile("^1 address matches"))

    tab_to(page, link(page, f"Password of {EMEKA}"))
    picture(page)
    page.keyboard.press("Enter")
    tab_to(page, button(page, "Set password"))
    password = page.get_by_label("New password").input_value()
    page.keyboard.press("Enter")

    expect(page.locator("#shown-password")).to_have_text(password)
    assert site.accepts(dn_of(EMEKA), password)


def test_a_slash_leads_to_the_search_box_but_is_typed_in_a_form(visitors):
    page = visitors.person(INGRID)
    switch(page, f"Active: {EMEKA}").focus()
    page.keyboard.press("/")
    expect(page.get_by_label("Search by address or name")).to_be_focused()
    expect(page.get_by_label("Search by address or name")).to_have_value("")

    page.goto(f"/accounts/{EMEKA}/")
    page.get_by_label("Note").fill("in")
    page.get_by_label("Note").press("/")
    expect(page.get_by_label("Note")).to_have_value("in/")


def test_a_switch_by_the_space_bar_and_undo(visitors, site):
    page = visitors.person(INGRID)
    page.keyboard.type("okafor")
    expect(page.locator("#found")).to_have_text(re.compile("^1 address matches"))
    tab_to(page, switch(page, f"Active: {EMEKA}"))
    page.keyboard.press("Space")
    expect(told(page)).to_contain_text("switched off")

    tab_to(page, button(page, "Undo"))
    page.keyboard.press("Enter")

    expect(told(page)).to_contain_text("is as it was before")
    assert site.value(dn_of(EMEKA), "accountActive") == "TRUE"


def test_the_menus_open_and_close(visitors, picture):
    page = visitors.stranger()
    keyboard_sign_in(page, INGRID)
    switcher = page.locator("details.switcher > summary")
    switcher.focus()
    page.keyboard.press("Enter")
    tab_to(page, link(page, "bücher.example"))
    picture(page)
    page.keyboard.press("Escape")
    expect(switcher).to_be_focused()
    expect(link(page, "bücher.example")).to_be_hidden()

    page.keyboard.press("Enter")
    tab_to(page, link(page, "bücher.example"))
    page.keyboard.press("Enter")
    expect(row_of(page, "lena.vogel@bücher.example")).to_be_visible()

    tab_to(page, menu_of(page, INGRID), "Shift+Tab")
    page.keyboard.press("Enter")
    tab_to(page, button(page, "Sign out"))
    page.keyboard.press("Enter")
    expect(told(page)).to_contain_text("You are signed out.")


def test_the_first_tab_skips_to_the_content(visitors, picture):
    page = visitors.person(MATEO)
    page.keyboard.press("Tab")
    skip = link(page, "Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    picture(page)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_site_admin_finds_anybody_from_anywhere(visitors):
    page = visitors.stranger()
    keyboard_sign_in(page, ANNA)
    expect(page.get_by_role("heading", level=1)).to_have_text("Domains")
    page.goto(f"/domains/{BOOKSHOP}/settings/")
    page.keyboard.press("/")
    expect(page.get_by_label("Find any address")).to_be_focused()
    page.keyboard.type("okonkwo")
    page.keyboard.press("Enter")

    expect(row_of(page, "daniel.okonkwo@riverside-school.example")).to_be_visible()
