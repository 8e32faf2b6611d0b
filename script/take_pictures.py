"""README's picture: the addresses of a sample domain, as its postmaster sees them."""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from threading import Event

from playwright.sync_api import sync_playwright

from deploy.private_slapd import free_port
from script.demo_servers import started_panel, started_slapd
from script.sample_people import SHIPPING
from script.sample_site import LOGINS

PICTURES = Path("docs/pictures")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def main():
    with tempfile.TemporaryDirectory(prefix="vmail-pictures-") as name, ExitStack() as servers:
        folder, port = Path(name), free_port()
        (folder / "secret.key").write_text("picture" * 8)
        slapd = servers.enter_context(started_slapd(folder))
        servers.enter_context(started_panel(folder, slapd, port, Event()))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
            take(browser, f"http://127.0.0.1:{port}")
            browser.close()


def take(browser, url):
    page = browser.new_page(viewport={"width": 1280, "height": 660}, color_scheme="light")
    _, login, password = LOGINS[1]
    page.goto(url)
    page.get_by_label("Address or name").fill(login)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{url}/domains/{SHIPPING}/")
    page.evaluate("document.fonts.ready")
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / "addresses.png"
    page.screenshot(path=path, animations="disabled", caret="hide")
    print(f"{path}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
