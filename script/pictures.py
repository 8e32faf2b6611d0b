"""Takes the picture of README from a demo that runs:  .venv/bin/python -m script.pictures"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
POSTMASTER, PASSWORD = "ingrid.solberg@nordwind.example", "demo-postmaster"


def main(panel="http://127.0.0.1:8000"):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 760}, color_scheme="light")
        page.goto(f"{panel}/sign-in/")
        page.fill("[name=login]", POSTMASTER)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_selector("table.addresses")
        page.screenshot(path=PICTURES / "addresses.png")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
