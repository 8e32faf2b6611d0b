"""Chromium, as every test starts it."""

from contextlib import contextmanager

from playwright.sync_api import expect, sync_playwright

PATIENCE = 30_000  # milliseconds; what is there sooner is seen at once, and a busy machine is slow
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium_runs():
    """A browser. While it runs, Django takes the thread for an async one."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield browser
        browser.close()
