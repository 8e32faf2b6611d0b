"""Names as long as the rules let them be still fit a phone."""

import pytest
from playwright.sync_api import expect

from script.sample_people import SHIPPING
from tests.walks.judging import sideways
from tests.walks.site import INGRID
from tests.walks.visitors import NARROW, button, told

# Without a place where a browser would break the line by itself.
ACCOUNT = f"{'llanfairpwllgwyngyll' * 4}"[:64]
ALIAS = f"{'everybodyaboard' * 5}"[:64]
FORTY = [f"{'crewmember' * 5}{number}@{'far' * 12}.example" for number in range(40)]
ABOUT_ACCOUNT = f"/accounts/{ACCOUNT}@{SHIPPING}/"
ABOUT_ALIAS = f"/aliases/{ALIAS}@{SHIPPING}/"
PAGES = [
    f"/domains/{SHIPPING}/?search={ACCOUNT[:12]}",
    f"/domains/{SHIPPING}/?search={ALIAS[:12]}",
    f"/domains/{SHIPPING}/journal/",
    *(ABOUT_ACCOUNT, f"{ABOUT_ACCOUNT}password/", f"{ABOUT_ACCOUNT}retire/"),
    *(ABOUT_ALIAS, f"{ABOUT_ALIAS}password/", f"{ABOUT_ALIAS}delete/"),
]


@pytest.fixture
def page(visitors, site):
    page = visitors.person(INGRID, viewport=NARROW)
    page.goto(f"/domains/{SHIPPING}/accounts/new/")
    page.get_by_label("Address").fill(ACCOUNT)
    page.get_by_label("Name").fill("Wolfeschlegelsteinhausenbergerdorff" * 3)
    button(page, "Add account").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(ACCOUNT)
    page.goto(f"/domains/{SHIPPING}/aliases/new/")
    page.get_by_label("Address").fill(ALIAS)
    page.get_by_label("Send mail to").fill("\n".join(FORTY))
    button(page, "Add alias").click()
    expect(told(page)).to_contain_text(ALIAS)
    return page


def test_long_names_fit_a_phone(page, album):
    faults = []
    for number, path in enumerate(PAGES):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).not_to_have_text("There is nothing here")
        album(page, f"{number}.narrow")
        faults += [f"{path}: {one}" for one in sideways(page)]

    assert not faults, "\n".join(faults)


def test_of_forty_destinations_outside_some_are_shown_at_first(page, album):
    page.goto(ABOUT_ALIAS)
    outside = page.get_by_role("region", name="Goes outside")

    expect(outside.get_by_role("listitem").filter(visible=True)).to_have_text(FORTY[:6])
    outside.get_by_text("34 more").click()
    expect(outside.get_by_role("listitem").filter(visible=True)).to_have_count(40)
    assert sideways(page) == []
    album(page, "forty")
