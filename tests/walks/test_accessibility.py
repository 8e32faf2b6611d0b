"""axe-core finds nothing on any page of any role, in both colours, on a desk and on a phone.

The pages come from the panel's own map, so one that is added is judged from then on.
"""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from script.sample_people import BOOKSHOP, MILL, SCHOOL, SHIPPING
from tests.walk import OWN as USUAL
from tests.walk import POST_ONLY, every_url
from tests.walks.judging import faults_of, sideways, violations
from tests.walks.site import ANNA, INGRID, MATEO, MOIRA, PRESS, dn_of
from tests.walks.visitors import button, switch, told

ABOUT = USUAL | {
    "domain_name": SHIPPING,
    "account": f"anais.lefebvre@{SHIPPING}",
    "alias": f"everybody@{SHIPPING}",
    "service": "unix",
}
LENA = f"lena.vogel@{BOOKSHOP}"
PAGES = every_url(ABOUT)
# Judged where somebody is half signed in: test_second_factor.py.
HALF_OPEN = {"sign-in-code", "sign-in-set-up"}
DOWNLOADS = {"servers-archive", "server-archive", "export-csv", "export-ldif"}
FOR_MACHINES = {"healthz", "readyz", "metrics"}
# Judged where there is work: test_many.py.
WORK = {"work"}
OWN = {"my-page", "my-name", "my-password", "my-sessions", "my-destinations", "my-journal"}
SITE_ADMINS = {
    *("domain-list", "domain-new", "domain-retire", "servers", "server", "journal", "trash"),
}
SHUT = (
    POST_ONLY
    | DOWNLOADS
    | FOR_MACHINES
    | WORK
    | HALF_OPEN
    | {"home", "sign-in", "second-factor-remove"}
)

# States of pages that have no name of their own.
OF_ADMINS = {
    "found": "/find/?search=ma",
    "nothing-found": "/find/?search=xyzzy",
    "no-domain": "/domains/?search=xyzzy",
    "none-marked": "/domains/?show=marked",
    "suspended-domain": f"/domains/{MILL}/",
    "idn-domain": f"/domains/{BOOKSHOP}/settings/",
    "not-found": "/accounts/nobody@nowhere.example/",
}
OF_POSTMASTERS = {
    "no-match": f"/domains/{SHIPPING}/?search=xyzzy",
    "catch-all-new": f"/domains/{BOOKSHOP}/aliases/new/?catch-all=1",
    "catch-all": f"/aliases/@{SHIPPING}/",
    "postmaster-alias": f"/aliases/postmaster@{SHIPPING}/",
    "dismiss": f"/domains/{BOOKSHOP}/dismiss/?holder={quote(dn_of(LENA))}",
    "marked-account": f"/accounts/gisela.brandt@{SHIPPING}/",
    "no-catch-all": f"/domains/{BOOKSHOP}/?sort=-name",
}
OF_FEWER_RIGHTS = {
    "list": f"/domains/{SCHOOL}/",
    "about": f"/domains/{SCHOOL}/settings/",
    "account": f"/accounts/daniel.okonkwo@{SCHOOL}/",
    "refused": f"/domains/{SCHOOL}/accounts/new/",
}
WALKS = {
    "anna": (ANNA, {name: PAGES[name] for name in SITE_ADMINS} | OF_ADMINS),
    "ingrid": (
        INGRID,
        {name: PAGES[name] for name in PAGES.keys() - SHUT - OWN - SITE_ADMINS} | OF_POSTMASTERS,
    ),
    "moira": (MOIRA, OF_FEWER_RIGHTS),
    "mateo": (MATEO, {name: PAGES[name] for name in OWN - {"my-destinations"}}),
    "press": (PRESS, {name: PAGES[name] for name in OWN}),
}


@pytest.mark.parametrize("name", WALKS)
def test_nobody_is_kept_out(name, visitors, album):
    who, pages = WALKS[name]
    page = visitors.person(who)

    faults = []
    for page_name, path in sorted(pages.items()):
        page.goto(path)
        expect(page).to_have_title(re.compile(" · vmail-admin$"))
        faults += faults_of(page, album, page_name)

    assert not faults, "\n".join(faults)


def test_the_door_and_what_it_says(visitors, album):
    page = visitors.stranger()
    page.goto("/sign-in/")
    faults = faults_of(page, album, "sign-in")

    button(page, "Sign in").click()
    expect(page.get_by_label("Address or name")).to_be_focused()
    faults += faults_of(page, album, "empty")

    assert not faults, "\n".join(faults)


def test_forms_that_were_refused(visitors, album):
    page = visitors.person(INGRID)
    faults = []
    for name in ("account-new", "alias-new", "account-password"):
        page.goto(PAGES[name])
        for box in page.locator("main input.secret:visible").all():
            box.fill("short")
        page.locator("main form.card button[type=submit]").last.click()
        expect(page.locator("main [aria-invalid=true]").first).to_be_focused()
        faults += faults_of(page, album, name)

    assert not faults, "\n".join(faults)


def test_an_appointment_that_was_refused(visitors, album):
    page = visitors.person(ANNA)
    page.goto(PAGES["domain-edit"])
    page.get_by_label("Appoint another address").fill("nobody@nowhere.example")
    button(page, "Appoint").click()
    expect(page.get_by_label("Appoint another address")).to_be_focused()

    faults = faults_of(page, album, "appoint")

    assert not faults, "\n".join(faults)


def test_menus_that_are_open_and_messages_with_undo(visitors, album):
    page = visitors.person(INGRID)
    page.goto("/find/?search=lena")
    switch(page, "Active: lena.vogel@bücher.example").click()
    expect(told(page)).to_contain_text("switched off")
    faults = faults_of(page, album, "undo")

    for menu in page.locator("details.menu").all():
        menu.locator("summary").click()
        faults += faults_of(page, album, "menu")

    assert not faults, "\n".join(faults)


def test_a_password_that_is_shown(visitors, album):
    page = visitors.person(INGRID)
    page.goto(PAGES["account-password"])
    button(page, "Set password").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("has a new password")

    faults = faults_of(page, album, "shown")

    assert not faults, "\n".join(faults)


def test_a_page_that_keeps_somebody_out_is_noticed(visitors):
    page = visitors.stranger()
    page.goto("/sign-in/")
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate("document.querySelector('.card').style.width = '2000px'")

    assert any("label" in one for one in violations(page))
    assert sideways(page)
