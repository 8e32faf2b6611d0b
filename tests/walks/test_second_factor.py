"""The second factor and one's own sessions, as somebody with a keyboard meets them."""

import re
import time

import pyotp
import pytest
from playwright.sync_api import expect

from tests.walks.judging import faults_of
from tests.walks.site import ANNA, KWAME, MATEO, panel_of
from tests.walks.test_keyboard import keyboard_sign_in, tab_to
from tests.walks.visitors import Visitors, button, choice, link, menu_of, sign_in, sign_out, told


def secret_on(page):
    return page.locator("#letters").text_content().replace(" ", "")


def code_of(secret):
    """The code of now, with time enough to be typed."""
    if time.time() % 30 > 27:
        time.sleep(3.5)
    return pyotp.TOTP(secret).now()


def recovery_codes_on(page):
    return page.locator("#recovery-codes").text_content().split()


def test_a_postmaster_sets_it_up_uses_it_and_turns_it_off_without_a_mouse(visitors, album):
    page = visitors.stranger()
    keyboard_sign_in(page, KWAME)
    menu = menu_of(page, KWAME)
    tab_to(page, menu, "Shift+Tab")
    page.keyboard.press("Enter")
    tab_to(page, link(page, "Second factor"))
    page.keyboard.press("Enter")
    faults = faults_of(page, album, "off")
    tab_to(page, link(page, "Set it up"))
    page.keyboard.press("Enter")
    faults += faults_of(page, album, "set-up")

    tab_to(page, page.get_by_label("Your password"))
    page.keyboard.type(KWAME[1])
    tab_to(page, page.get_by_label("The six digits that the app shows now"))
    page.keyboard.type(code_of(secret_on(page)))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    faults += faults_of(page, album, "codes")
    codes = recovery_codes_on(page)
    assert len(codes) == 10
    tab_to(page, link(page, "Done"))
    page.keyboard.press("Enter")
    faults += faults_of(page, album, "on")

    sign_out(page, KWAME)
    keyboard_sign_in(page, KWAME)
    expect(page.get_by_label("Code")).to_be_focused()
    page.keyboard.type("no code")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code")).to_be_focused()
    faults += faults_of(page, album, "wrong")
    page.get_by_label("Code").fill("")
    page.keyboard.type(codes[0])
    page.keyboard.press("Enter")
    expect(told(page)).to_contain_text("You have 9 more.")

    page.goto("/me/second-factor/")
    tab_to(page, page.get_by_label("Code"))
    page.keyboard.type(codes[1])
    tab_to(page, button(page, "Turn it off"))
    page.keyboard.press("Enter")
    expect(told(page)).to_contain_text("Your second factor is off.")
    assert not faults, "\n".join(faults)


def test_where_one_is_signed_in(visitors, album):
    page, phone = visitors.stranger(), visitors.stranger()
    sign_in(phone, MATEO)
    sign_in(page, MATEO)
    choice(page, "Where I am signed in").click()
    faults = faults_of(page, album, "list")

    tab_to(page, button(page, "Sign out the others"))
    page.keyboard.press("Enter")
    expect(told(page)).to_contain_text("Signed out in")
    expect(button(page, "Sign out the others")).to_have_count(0)
    phone.goto("/me/")
    expect(told(phone)).to_contain_text("You were signed out from another browser of yours.")
    assert not faults, "\n".join(faults)


def test_who_guesses_is_told_how_long_to_wait(visitors, album):
    page = visitors.stranger()
    for _ in range(6):
        sign_in(page, ("guessed@nowhere.example", "wrong"))
        page.wait_for_load_state()
    expect(page.locator(".errorlist")).to_contain_text(
        re.compile(r"Try again in \d+ (second|minute)s?\.")
    )

    faults = faults_of(page, album, "wait")
    assert not faults, "\n".join(faults)


@pytest.fixture
def strict_visitors(site, chromium, tmp_path):
    """At a panel that asks everybody above users for a second factor."""
    with panel_of(site, tmp_path, VMAIL_SECOND_FACTOR="postmasters") as url:
        visitors = Visitors(chromium, url, {})
        yield visitors
        visitors.leave()


def test_a_site_that_demands_it(strict_visitors, album):
    page = strict_visitors.stranger()
    sign_in(page, ANNA)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your second factor")
    faults = faults_of(page, album, "demanded")
    page.goto("/domains/")
    expect(page).to_have_url(re.compile("/sign-in/"))

    page.goto("/sign-in/set-up/")
    page.get_by_label("The six digits that the app shows now").fill(code_of(secret_on(page)))
    button(page, "Turn it on and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    faults += faults_of(page, album, "demanded-codes")
    link(page, "I have kept them: go on").click()
    expect(page).to_have_url(re.compile("/domains/$"))

    page.goto("/me/second-factor/")
    expect(button(page, "Turn it off")).to_have_count(0)
    faults += faults_of(page, album, "demanded-on")
    assert not faults, "\n".join(faults)
