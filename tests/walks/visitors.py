"""People in front of a browser each. What their browsers complain about fails the test."""

import re

from playwright.sync_api import expect

from tests.browser import PATIENCE

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}


class Visitors:
    """Each has cookies of their own, as on a computer of their own."""

    def __init__(self, browser, url, signed_in):
        self.browser, self.url, self.signed_in = browser, url, signed_in
        self.contexts, self.troubles = [], []

    def stranger(self, **options):
        """The page of somebody who has not signed in. ``options`` are Playwright's of a context."""
        options = {"viewport": WIDE, "locale": "en", "reduced_motion": "reduce"} | options
        context = self.browser.new_context(base_url=self.url, **options)
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        context.on("page", self.watch)
        return context.new_page()

    def person(self, who, **options):
        """The page on which somebody lands who has just signed in.

        Whoever signed in for another test comes with the same cookies, unless that session ended.
        """
        page = self.stranger(storage_state=self.signed_in.get(who), **options)
        page.goto("/")
        if "/sign-in/" in page.url:
            sign_in(page, who)
            expect(page).not_to_have_url(re.compile("/sign-in/"))
            self.signed_in[who] = page.context.storage_state()
        return page

    def watch(self, page):
        """Notes every complaint of the console (a broken CSP is one), and every failed request.

        A page that says no by its status is no trouble: whether it should, the test says.
        """
        page.on("console", lambda message: self.complain(page, message.type, message.text))
        page.on("pageerror", lambda error: self.complain(page, "error", str(error)))
        page.on("response", lambda answer: self.look_at(page, answer))

    def complain(self, page, kind, text):
        if kind in ("error", "warning") and not text.startswith("Failed to load resource"):
            self.troubles.append(f"{page.url}: {text}")

    def look_at(self, page, answer):
        is_page = answer.request.resource_type == "document"
        if answer.status == 500 or (answer.status >= 400 and not is_page):
            self.troubles.append(f"{page.url}: {answer.status} for {answer.url}")

    def leave(self):
        for context in self.contexts:
            context.close()
        assert not self.troubles, "\n".join(self.troubles)


def sign_in(page, who):
    login, password = who
    page.goto("/sign-in/")
    page.get_by_label("Address or name").fill(login)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page, who):
    menu_of(page, who).click()
    page.get_by_role("button", name="Sign out").click()
    expect(told(page)).to_contain_text("You are signed out.")


def menu_of(page, who):
    return page.locator("details.who > summary", has_text=who[0])


def told(page):
    """What the panel says has just happened."""
    return page.locator("[data-messages]")


def row_of(page, name):
    """The row of an address or of a domain in a list."""
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))


def switch(page, name):
    return page.get_by_role("switch", name=name, exact=True)


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def choice(page, name):
    """One of the large choices of a user's page, whose names are followed by a sentence."""
    return page.get_by_role("link", name=name)


def link(page, name):
    return page.get_by_role("link", name=name, exact=True)
