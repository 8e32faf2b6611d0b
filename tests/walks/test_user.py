"""A user's few minutes a year: the password, the name, and what the mailbox is."""

import pytest
from playwright.sync_api import expect

from script.sample_people import SHIPPING
from tests.walks.site import MATEO, dn_of
from tests.walks.visitors import button, choice, told

NEW = "wind over the harbour"
MATEO_DN = dn_of(MATEO[0])


@pytest.fixture
def mateo(visitors):
    """His page, where he lands."""
    return visitors.person(MATEO)


def test_the_home_of_a_user_says_it_all(mateo, picture):
    expect(mateo.locator("main li a")).to_have_count(4)
    expect(mateo.locator("main dl")).to_contain_text("2 GB")
    expect(mateo.locator("main table")).to_have_count(0)
    picture(mateo)


def test_a_new_password(mateo, site, picture):
    choice(mateo, "Change my password").click()
    expect(mateo.locator(".rules")).to_contain_text("At least 12 characters")
    mateo.get_by_label("Old password").fill(MATEO[1])
    box = mateo.get_by_label("New password")
    box.press_sequentially("short")
    expect(mateo.locator(".meter-word")).to_have_text("Too short: 7 more")
    box.fill(NEW)
    expect(mateo.locator(".meter-word")).to_have_text("Strong")
    picture(mateo)
    button(mateo, "Change password").click()

    expect(told(mateo)).to_contain_text("Your password is changed")
    assert site.accepts(MATEO_DN, NEW)
    mateo.reload()
    expect(choice(mateo, "Change my name")).to_be_visible()


def test_the_old_password_is_asked(mateo, site, picture):
    choice(mateo, "Change my password").click()
    old = mateo.get_by_label("Old password")
    old.fill("not mine")
    mateo.get_by_label("New password").fill(NEW)
    button(mateo, "Change password").click()

    expect(old).to_be_focused()
    expect(old).to_have_accessible_description("This is not your present password.")
    expect(mateo.get_by_label("New password")).to_have_value("")
    picture(mateo)
    assert not site.accepts(MATEO_DN, NEW)


def test_a_password_can_be_suggested_shown_and_hidden(mateo):
    choice(mateo, "Change my password").click()
    box = mateo.get_by_label("New password")
    expect(box).to_have_attribute("type", "password")

    button(mateo, "Suggest one").click()
    expect(box).to_have_attribute("type", "text")
    assert len(box.input_value()) >= 20

    button(mateo, "Hide").click()
    expect(box).to_have_attribute("type", "password")


def test_another_name(mateo, site):
    choice(mateo, "Change my name").click()
    mateo.get_by_label("Name").fill("Mateo García")
    button(mateo, "Save").click()

    expect(mateo.get_by_role("heading", level=1)).to_have_text("Mateo García")
    assert site.value(MATEO_DN, "cn") == "Mateo García"


def test_other_peoples_pages_are_not_there(mateo):
    for path in (f"/domains/{SHIPPING}/", f"/accounts/kwame.mensah@{SHIPPING}/", "/domains/"):
        answer = mateo.goto(path)
        assert answer.status in (403, 404)
        expect(mateo.locator("main")).not_to_contain_text("Kwame")
