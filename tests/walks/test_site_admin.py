"""A site admin's day: domains, and whoever asks for help."""

import re

import pytest
from playwright.sync_api import expect

from script.sample_people import BOOKSHOP, MILL, SHIPPING
from tests.walks.site import ANNA, INGRID, MATEO, dn_of, postmasters_of
from tests.walks.visitors import button, choice, link, menu_of, row_of, sign_in, switch, told

NEW = "xn--mller-kva.example"  # müller.example


@pytest.fixture
def anna(visitors):
    """The domains, where she lands."""
    return visitors.person(ANNA)


def test_a_domain_comes_with_its_first_postmaster(anna, visitors, site, picture):
    link(anna, "Add domain").click()
    anna.get_by_label("Domain", exact=True).fill("Müller.example")
    picture(anna, "form")
    button(anna, "Add domain").click()
    expect(told(anna)).to_contain_text("müller.example is here")
    picture(anna, "empty")
    assert site.value(postmasters_of(NEW), "mail") == f"postmaster@{NEW}"

    link(anna, "Add account").first.click()
    anna.get_by_label("Address", exact=True).fill("ulla")
    button(anna, "Add account").click()
    ulla = (f"ulla@{NEW}", anna.locator("#shown-password").text_content())
    link(anna, "Done").click()
    link(anna, "ulla@müller.example").click()
    switch(anna, "Postmaster").click()
    expect(told(anna)).to_contain_text("is postmaster of müller.example now")

    theirs = visitors.person(ulla)
    expect(theirs.get_by_role("heading", level=1)).to_have_text("müller.example")


def test_a_suspended_domain_is_felt_in_another_browser(anna, visitors, site, picture):
    mateo = visitors.person(MATEO)
    switch(anna, f"Active: {SHIPPING}").click()
    expect(told(anna)).to_contain_text("nobody in it can sign in")
    expect(row_of(anna, SHIPPING)).to_contain_text("suspended")
    picture(anna)

    sign_in(mateo, MATEO)
    expect(mateo.locator(".errorlist")).to_be_visible()
    assert not site.accepts(dn_of(MATEO[0]), MATEO[1])

    button(anna, "Undo").click()
    expect(told(anna)).to_contain_text("is as it was before")
    sign_in(mateo, MATEO)
    expect(mateo.get_by_role("heading", level=1)).to_have_text("Mateo García Fernández")


def test_whoever_is_signed_in_is_sent_out_of_a_suspended_domain(anna, visitors):
    mateo = visitors.person(MATEO)
    expect(choice(mateo, "Change my name")).to_be_visible()
    anna.goto(f"/domains/{SHIPPING}/settings/")
    switch(anna, "Active").click()
    expect(told(anna)).to_contain_text("is suspended")

    choice(mateo, "Change my name").click()

    expect(mateo).to_have_url(re.compile("/sign-in/"))
    expect(mateo.locator("main")).to_contain_text("You were signed out")


def test_what_a_domain_may_do_is_a_switch_with_undo(anna, site):
    switch(anna, f"May edit accounts: {SHIPPING}").click()
    expect(told(anna)).to_contain_text("may no longer add or delete accounts")
    assert site.value(dn_of(SHIPPING), "editAccounts") == "FALSE"

    button(anna, "Undo").click()
    expect(switch(anna, f"May edit accounts: {SHIPPING}")).to_be_checked()
    assert site.value(dn_of(SHIPPING), "editAccounts") == "TRUE"


def test_somebody_of_another_domain_is_appointed_and_dismissed(anna, visitors, site, picture):
    link(anna, f"Settings of {MILL}").click()
    box = anna.get_by_label("Appoint another address")
    box.fill("nobody@bücher.example")
    box.press("Enter")
    expect(box).to_be_focused()
    expect(box).to_have_accessible_description(
        re.compile("There is no account nobody@bücher.example")
    )
    picture(anna, "nobody")

    box.fill("Lena.Vogel@Bücher.example")
    box.press("Enter")
    expect(told(anna)).to_contain_text(f"lena.vogel@bücher.example is postmaster of {MILL} now")
    picture(anna, "appointed")
    lena = dn_of(f"lena.vogel@{BOOKSHOP}")
    assert lena in site.entry(postmasters_of(MILL))["roleOccupant"]
    theirs = visitors.person((f"lena.vogel@{BOOKSHOP}", INGRID[1]))
    theirs.goto(f"/domains/{MILL}/")
    expect(theirs.get_by_role("heading", level=1)).to_have_text(MILL)

    button(anna, "Dismiss lena.vogel@bücher.example").click()
    expect(told(anna)).to_contain_text(f"is no longer postmaster of {MILL}")
    assert lena not in site.entry(postmasters_of(MILL))["roleOccupant"]
    button(anna, "Undo").click()
    expect(link(anna, "lena.vogel@bücher.example")).to_be_visible()
    assert lena in site.entry(postmasters_of(MILL))["roleOccupant"]


def test_a_domain_is_marked_by_its_name_only_and_kept_again(anna, site, picture):
    link(anna, f"Settings of {MILL}").click()
    link(anna, "Mark for deletion…").click()
    expect(anna.get_by_role("listitem").filter(has_text="5 accounts")).to_be_visible()
    box = anna.get_by_label("Type the name of the domain")
    box.fill(SHIPPING)
    button(anna, "Mark for deletion").click()
    expect(box).to_be_focused()
    expect(box).to_have_accessible_description(f"This is not {MILL}.")
    picture(anna)

    box.fill("OldMill.example")
    button(anna, "Mark for deletion").click()
    expect(row_of(anna, MILL)).to_contain_text("marked for deletion")
    assert site.value(dn_of(MILL), "delete") == "TRUE"

    button(anna, "Undo").click()
    expect(told(anna)).to_contain_text("is as it was before")
    assert site.value(dn_of(MILL), "delete") == "FALSE"


def test_anybody_is_found_from_any_page(anna, picture):
    link(anna, f"Settings of {SHIPPING}").click()
    anna.get_by_label("Find any address").fill("stefan")
    anna.get_by_label("Find any address").press("Enter")
    expect(row_of(anna, "stefan.groszek@bücher.example")).to_be_visible()
    picture(anna)

    anna.get_by_label("Part of an address or of a name").fill("okonkwo")
    expect(row_of(anna, "daniel.okonkwo@riverside-school.example")).to_be_visible()
    expect(row_of(anna, "stefan.groszek@bücher.example")).to_have_count(0)


def test_the_domains_follow_the_typing_in_either_spelling(anna):
    anna.get_by_label("Search domains").press_sequentially("büch")
    expect(anna.locator("#found")).to_contain_text("1 domain matches")
    expect(row_of(anna, "bücher.example")).to_be_visible()
    expect(row_of(anna, SHIPPING)).to_have_count(0)


def test_a_domain_deleted_under_ones_feet(visitors, site, picture):
    ingrid = visitors.person(INGRID)
    ingrid.goto(f"/domains/{BOOKSHOP}/accounts/new/")
    ingrid.get_by_label("Address").fill("too.late")
    site.delete_tree(dn_of(BOOKSHOP))

    button(ingrid, "Add account").click()

    expect(ingrid.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    picture(ingrid)
    link(ingrid, "Go to the start page").click()
    expect(ingrid.get_by_role("heading", level=1)).to_have_text(SHIPPING)
    expect(link(ingrid, "bücher.example")).to_have_count(0)


def test_the_servers_files_are_shown(anna, picture):
    link(anna, "Servers").click()
    anna.locator("main a[href$='/postfix/']").first.click()
    expect(anna.locator("main")).to_contain_text("main.cf")
    picture(anna)


def test_a_password_of_ones_own(visitors, site):
    anna = visitors.person(ANNA)
    menu_of(anna, ANNA).click()
    link(anna, "Change my password").click()
    anna.get_by_label("Old password").fill(ANNA[1])
    anna.get_by_label("New password").fill("a new word for anna")
    button(anna, "Change password").click()

    expect(told(anna)).to_contain_text("Your password is changed")
    expect(anna.get_by_role("heading", level=1)).to_have_text("Domains")
