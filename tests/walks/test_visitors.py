"""The walks see what a browser complains about, or they would pass whatever happens."""

import pytest

from tests.walks.visitors import Visitors


@pytest.fixture
def careless(panel, chromium):
    """Visitors whose troubles are looked at here, not at the end."""
    visitors = Visitors(chromium, panel, {})
    yield visitors
    visitors.troubles.clear()
    visitors.leave()


def test_a_script_in_a_page_breaks_the_policy_and_is_noticed(careless):
    page = careless.stranger()
    page.goto("/sign-in/")

    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), "
        "{textContent: 'document.title = 1'}))"
    )

    assert "Content Security Policy" in careless.troubles[0]
    assert page.title() == "Sign in · vmail-admin"


def test_an_error_in_a_script_is_noticed(careless):
    page = careless.stranger()
    page.goto("/sign-in/")

    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { nobody.home })")

    assert "nobody is not defined" in careless.troubles[0]


def test_a_file_that_is_missing_is_noticed(careless):
    page = careless.stranger()
    page.goto("/sign-in/")

    page.evaluate("fetch('/static/css/nothing.css')")

    assert any("404" in trouble for trouble in careless.troubles)
