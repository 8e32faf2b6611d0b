"""A day without a mouse: Tab, Enter, the space bar and "/"."""

import re

import pytest
from playwright.sync_api import expect

from script.sample_people import BOOKSHOP, MILL, SHIPPING
from tests.walks.site import ANNA, INGRID, MATEO, PRESS, dn_of
from tests.walks.visitors import button, link, menu_of, row_of, switch, told

EMEKA = f"emeka.okafor@{SHIPPING}"
MOST_TABS = 40

# Everything one can act on with a mouse. Of radio buttons a group is one stop.
TO_BE_REACHED = """() => {
  const all = document.querySelectorAll("a[href], button, input, select, textarea, summary");
  window.places = [...all].filter((one) => one.checkVisibility() && !one.disabled
    && !one.matches(".skip, [type=hidden], [type=radio]"));
  return places.map((one) => one.outerHTML.slice(0, 120));
}"""
# Which of them has the focus, and whether one sees it.
STOP = """() => {
  const one = document.activeElement;
  const look = getComputedStyle(one), box = one.getBoundingClientRect();
  const ring = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  const inside = box.bottom > 0 && box.top < innerHeight && box.width > 1 && box.height > 1;
  return {number: places.indexOf(one), seen: ring && inside, html: one.outerHTML.slice(0, 120)};
}"""
EVERYWHERE = [
    (ANNA, "/domains/"),
    (ANNA, f"/domains/{MILL}/settings/"),
    (ANNA, f"/domains/{MILL}/"),
    (ANNA, "/journal/"),
    (INGRID, f"/domains/{SHIPPING}/accounts/new/"),
    (INGRID, f"/domains/{SHIPPING}/import/"),
    (INGRID, f"/accounts/{EMEKA}/"),
    (INGRID, f"/accounts/{EMEKA}/password/"),
    (INGRID, f"/aliases/everybody@{SHIPPING}/"),
    (MATEO, "/me/"),
    (MATEO, "/me/password/"),
    (PRESS, "/me/destinations/"),
]


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


SETTLED = "!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"


def test_a_postmaster_finds_somebody_and_gives_a_password(visitors, site, picture):
    page = visitors.stranger()
    keyboard_sign_in(page, INGRID)
    expect(page.get_by_label("Search by address or name")).to_be_focused()
    # Three letters find him too: the list is drawn once more for the fourth, under the focus.
    with page.expect_response(lambda answer: "search=okaf" in answer.url):
        page.keyboard.type("okaf")
    page.wait_for_function(SETTLED)
    expect(page.locator("#found")).to_have_text(re.compile("^1 address matches"))

    tab_to(page, link(page, f"Password of {EMEKA}"))
    picture(page)
    page.keyboard.press("Enter")
    tab_to(page, button(page, "Set password"))
    password = page.get_by_label("New password").input_value()
    page.keyboard.press("Enter")

    expect(page.locator("#shown-password")).to_have_text(password)
    assert site.accepts(dn_of(EMEKA), password)


@pytest.mark.parametrize(("who", "path"), EVERYWHERE)
def test_tab_comes_by_everything_and_one_sees_where_it_is(visitors, who, path):
    page = visitors.person(who)
    page.goto(path)
    places = page.evaluate(TO_BE_REACHED)
    page.evaluate("document.querySelector('.skip').focus()")
    stops = []
    for _ in range(3 * len(places)):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if "skip" in stop["html"] or stop["html"].startswith("<body"):
            break
        stops.append(stop)
    else:
        raise AssertionError(f"Tab goes round and round: {stops[-1]['html']}")

    passed_by = {one["number"] for one in stops}
    assert [one for number, one in enumerate(places) if number not in passed_by] == []
    assert [one["html"] for one in stops if not one["seen"]] == []


def test_enter_leads_from_a_selected_row_to_what_can_be_done_with_it(visitors, site):
    page = visitors.person(INGRID)
    page.goto(f"/domains/{SHIPPING}/?search=okafor")
    tab_to(page, page.get_by_role("checkbox", name=f"Select {EMEKA}"))
    page.keyboard.press("Enter")
    expect(page.locator("#chosen")).to_be_hidden()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    expect(button(page, "Switch on")).to_be_focused()
    assert site.value(dn_of(EMEKA), "accountActive") == "TRUE"
    tab_to(page, button(page, "Switch off"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 address switched off.")).to_be_visible()
    assert site.value(dn_of(EMEKA), "accountActive") == "FALSE"


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
