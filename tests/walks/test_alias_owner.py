"""The owner of an alias chooses where its mail goes."""

import pytest
from playwright.sync_api import expect

from script.sample_people import SHIPPING
from tests.walks.site import INGRID, PRESS, dn_of
from tests.walks.visitors import button, choice, told

PRESS_DN = dn_of(PRESS[0])
AGENCY = "desk@agentur-hafen.example"


@pytest.fixture
def agency(visitors):
    page = visitors.person(PRESS)
    choice(page, "Change where my mail goes").click()
    return page


def test_mail_goes_to_one_more(agency, site, picture):
    box = agency.get_by_label("Send mail to")
    expect(box).to_have_value(AGENCY)
    box.fill(f"{AGENCY}\nnight.desk@agentur-hafen.example")
    picture(agency)
    button(agency, "Save").click()

    expect(told(agency)).to_contain_text("Your mail goes to the new addresses")
    assert site.entry(PRESS_DN)["maildrop"] == [AGENCY, "night.desk@agentur-hafen.example"]


def test_what_is_no_address_is_said_and_what_was_typed_stays(agency, site, picture):
    box = agency.get_by_label("Send mail to")
    box.fill(f"{AGENCY}\nthe night desk")
    button(agency, "Save").click()

    expect(box).to_be_focused()
    expect(box).to_have_value(f"{AGENCY}\nthe night desk")
    expect(agency.locator(".errorlist")).to_contain_text("night")
    picture(agency)
    assert site.entry(PRESS_DN)["maildrop"] == [AGENCY]


def test_a_box_left_empty_is_said_in_plain_words(agency):
    box = agency.get_by_label("Send mail to")
    box.fill("")
    button(agency, "Save").click()

    expect(box).to_be_focused()
    expect(agency.locator(".errorlist")).to_have_text("Please fill this in.")


def test_the_postmaster_was_faster(agency, visitors, site, picture):
    ingrid = visitors.person(INGRID)
    ingrid.goto(f"/aliases/press@{SHIPPING}/")
    ingrid.get_by_label("Send mail to").fill(INGRID[0])
    button(ingrid, "Save").click()
    expect(told(ingrid)).to_contain_text("is saved")

    agency.get_by_label("Send mail to").fill("late@agentur-hafen.example")
    button(agency, "Save").click()

    expect(agency.get_by_role("region", name="Not saved")).to_contain_text(INGRID[0])
    picture(agency)
    assert site.entry(PRESS_DN)["maildrop"] == [INGRID[0]]
