"""What comes out of a printer: what the page says, and nothing to click."""

import pytest
from playwright.sync_api import expect

from script.sample_people import SHIPPING
from tests.walks.site import INGRID

A4 = {"width": 718, "height": 1047}  # CSS pixels between margins of a centimetre
PAGES = (
    f"/domains/{SHIPPING}/",
    f"/domains/{SHIPPING}/journal/",
    f"/domains/{SHIPPING}/settings/",
    f"/accounts/anais.lefebvre@{SHIPPING}/",
)


@pytest.mark.parametrize("path", PAGES)
def test_on_paper_there_is_nothing_to_click(visitors, path):
    page = visitors.person(INGRID, viewport=A4)
    page.goto(path)
    expect(page.locator("button:visible").first).to_be_visible()

    page.emulate_media(media="print")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    clickable = "main button:not(.switch):visible, main [type=checkbox]:visible"
    expect(page.locator(clickable)).to_have_count(0)


def test_a_list_is_a_table_on_paper(visitors):
    page = visitors.person(INGRID, viewport=A4)
    page.goto(f"/domains/{SHIPPING}/")
    row = page.locator(".addresses tbody tr").last
    expect(row).not_to_have_css("display", "table-row")

    page.emulate_media(media="print")

    expect(row).to_have_css("display", "table-row")
