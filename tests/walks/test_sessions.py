"""Coming and going: what is left of a session, and what of a page that was open too long."""

import re

from playwright.sync_api import expect

from script.sample_people import SHIPPING
from tests.walks.site import INGRID, MATEO, dn_of
from tests.walks.visitors import button, choice, sign_in, sign_out, told

PAPER, INK = re.compile(r"rgb\(2\d\d, 2\d\d, 2\d\d\)"), re.compile(r"rgb\(\d\d?, \d\d?, \d\d?\)")


def test_back_after_signing_out_shows_nothing(visitors, picture):
    page = visitors.stranger()
    sign_in(page, MATEO)
    choice(page, "Change my name").click()
    expect(page.get_by_label("Name")).to_have_value("Mateo García Fernández")
    sign_out(page, MATEO)

    page.go_back()

    expect(page).to_have_url(re.compile("/sign-in/"))
    expect(page.locator("body")).not_to_contain_text("Mateo")
    picture(page)


def test_somebody_who_signs_out_is_out_in_every_tab(visitors):
    page = visitors.stranger()
    sign_in(page, MATEO)
    expect(choice(page, "Change my name")).to_be_visible()
    other_tab = page.context.new_page()
    other_tab.goto("/me/name/")
    sign_out(page, MATEO)

    button(other_tab, "Save").click()

    expect(other_tab.locator("main")).not_to_contain_text("Mateo")


def test_a_form_whose_token_has_expired_changes_nothing(visitors, site, picture):
    page = visitors.person(MATEO)
    page.goto("/me/name/")
    page.get_by_label("Name").fill("Too Late")
    page.context.clear_cookies(name="vmail_csrf")
    button(page, "Save").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("That form was too old")
    picture(page)
    assert site.value(dn_of(MATEO[0]), "cn") == "Mateo García Fernández"

    page.goto("/me/name/")
    page.get_by_label("Name").fill("In Time")
    button(page, "Save").click()
    expect(told(page)).to_contain_text("is saved")


def test_a_wrong_password_is_said_where_it_is_read(visitors, picture):
    page = visitors.stranger()
    sign_in(page, (MATEO[0], "wrong"))

    password = page.get_by_label("Password", exact=True)
    expect(password).to_be_focused()
    expect(password).to_have_accessible_description(re.compile("does not accept this name"))
    expect(password).to_have_value("")
    expect(page.get_by_label("Address or name")).to_have_value(MATEO[0])
    picture(page)


def test_whoever_was_on_the_way_arrives_there_after_signing_in(visitors):
    page = visitors.stranger()
    page.goto(f"/accounts/{MATEO[0]}/")
    page.get_by_label("Address or name").fill(INGRID[0].upper())
    page.get_by_label("Password", exact=True).fill(INGRID[1])
    button(page, "Sign in").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(MATEO[0])


def test_the_colours_one_chose_stay_after_signing_out(visitors, picture):
    page = visitors.stranger(color_scheme="light")
    sign_in(page, MATEO)
    expect(page.locator("html")).to_have_css("background-color", PAPER)

    button(page, "Dark").click()
    expect(page.locator("html")).to_have_css("background-color", INK)
    expect(button(page, "Dark")).to_have_attribute("aria-pressed", "true")
    sign_out(page, MATEO)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_css("background-color", INK)
    picture(page)

    button(page, "System").click()
    # Once the panel was told.
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_css("background-color", PAPER)


def test_a_half_filled_form_survives_other_colours(visitors):
    page = visitors.person(INGRID)
    page.goto(f"/domains/{SHIPPING}/accounts/new/")
    page.get_by_label("Address").fill("half")
    button(page, "Dark").click()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_label("Address")).to_have_value("half")
