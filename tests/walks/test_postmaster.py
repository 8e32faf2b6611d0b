"""A postmaster's day: one list, and everything that is done from it."""

import re

import pytest
from playwright.sync_api import expect

from script.sample_people import BOOKSHOP, PEOPLE_SIGN_IN_WITH, SHIPPING
from tests.walks.site import INGRID, KWAME, MATEO, MOIRA, dn_of, postmasters_of
from tests.walks.visitors import button, choice, link, row_of, sign_in, switch, told

LIST = f"/domains/{SHIPPING}/"
BOOKS = f"/domains/{BOOKSHOP}/"
MATEO_AT = MATEO[0]
LENA_AT = f"lena.vogel@{BOOKSHOP}"
LENA = (LENA_AT, INGRID[1])
BILLS = f"invoices@{SHIPPING}"


@pytest.fixture
def ingrid(visitors):
    """The list on which she lands."""
    return visitors.person(INGRID)


def test_two_clicks_give_somebody_a_password_that_can_be_copied(ingrid, visitors, site, picture):
    ingrid.context.grant_permissions(["clipboard-read", "clipboard-write"])
    link(ingrid, f"Password of {MATEO_AT}").click()
    button(ingrid, "Set password").click()

    button(ingrid, "Copy password").click()
    expect(button(ingrid, "Copied")).to_be_visible()
    picture(ingrid)
    copied = ingrid.evaluate("navigator.clipboard.readText()")
    assert site.accepts(dn_of(MATEO_AT), copied)
    assert not site.accepts(dn_of(MATEO_AT), PEOPLE_SIGN_IN_WITH)
    mateo = visitors.person((MATEO_AT, copied))
    expect(mateo.get_by_role("heading", level=1)).to_have_text("Mateo García Fernández")

    link(ingrid, "Done").click()
    expect(ingrid).to_have_url(f"{visitors.url}{LIST}")


def test_a_switch_saves_at_once_and_undo_takes_it_back(ingrid, site, picture):
    switch(ingrid, f"Active: {MATEO_AT}").click()

    expect(told(ingrid)).to_contain_text("cannot sign in and receives no mail")
    expect(switch(ingrid, f"Active: {MATEO_AT}")).not_to_be_checked()
    assert site.value(dn_of(MATEO_AT), "accountActive") == "FALSE"
    picture(ingrid)

    button(ingrid, "Undo").click()
    expect(switch(ingrid, f"Active: {MATEO_AT}")).to_be_checked()
    assert site.value(dn_of(MATEO_AT), "accountActive") == "TRUE"


def test_the_list_follows_the_typing(ingrid, picture):
    ingrid.get_by_label("Search by address or name").press_sequentially("brien")

    expect(ingrid.locator("#found")).to_have_text("1 address matches “brien”")
    expect(row_of(ingrid, f"aoife.obrien@{SHIPPING}")).to_be_visible()
    expect(row_of(ingrid, MATEO_AT)).to_have_count(0)
    assert ingrid.url.endswith("search=brien")
    picture(ingrid)

    ingrid.get_by_label("Search by address or name").fill("ليلى")
    expect(row_of(ingrid, f"layla.haddad@{SHIPPING}")).to_be_visible()

    ingrid.get_by_label("Search by address or name").fill("nobody at all")
    expect(ingrid.get_by_role("heading", name="Nothing matches")).to_be_visible()


def test_after_a_search_back_leads_to_the_found(ingrid):
    ingrid.get_by_label("Search by address or name").fill("okafor")
    expect(ingrid.locator("#found")).to_have_text(re.compile("^1 address matches"))
    link(ingrid, f"emeka.okafor@{SHIPPING}").click()
    expect(ingrid.get_by_role("heading", level=1)).to_have_text(f"emeka.okafor@{SHIPPING}")

    ingrid.go_back()

    expect(ingrid.get_by_label("Search by address or name")).to_have_value("okafor")
    expect(row_of(ingrid, f"emeka.okafor@{SHIPPING}")).to_be_visible()
    expect(row_of(ingrid, MATEO_AT)).to_have_count(0)


def test_somebody_new_gets_an_account(ingrid, visitors, site, picture):
    link(ingrid, "Add account").click()
    ingrid.get_by_label("Address").fill("Nils.Holm")
    ingrid.get_by_label("Name").fill("Nils Holm")
    ingrid.get_by_label("I type one").check()
    ingrid.get_by_label("The password").fill("a goose over Lapland")
    expect(ingrid.locator(".meter-word")).to_have_text("Strong")
    picture(ingrid)
    button(ingrid, "Add account").click()

    expect(ingrid.locator("#shown-password")).to_have_text("a goose over Lapland")
    nils = visitors.person((f"nils.holm@{SHIPPING}", "a goose over Lapland"))
    expect(nils.get_by_role("heading", level=1)).to_have_text("Nils Holm")


def test_what_is_wrong_with_a_new_account_is_said_at_the_field(ingrid, site, picture):
    link(ingrid, "Add account").click()
    button(ingrid, "Add account").click()
    box = ingrid.get_by_label("Address")
    expect(box).to_be_focused()
    expect(box).to_have_accessible_description("Please fill this in.")

    box.fill("mateo.garcia")
    button(ingrid, "Add account").click()
    expect(box).to_be_focused()
    expect(box).to_have_accessible_description(f"{MATEO_AT} is taken already.")
    picture(ingrid)


def test_an_alias_to_two_people_one_of_them_outside(ingrid, site, picture):
    link(ingrid, "Add alias").click()
    ingrid.get_by_label("Address").fill("harbour")
    ingrid.get_by_label("Send mail to").fill(f"{MATEO_AT}\npilot@port.example")
    button(ingrid, "Add alias").click()
    expect(told(ingrid)).to_contain_text("is here")

    link(ingrid, f"harbour@{SHIPPING}").click()
    outside = ingrid.get_by_role("region", name="Goes outside")
    expect(outside.get_by_role("listitem")).to_have_text(["pilot@port.example"])
    picture(ingrid)
    assert site.entry(dn_of(f"harbour@{SHIPPING}"))["maildrop"] == [MATEO_AT, "pilot@port.example"]


def test_mail_does_not_go_round_in_a_circle(ingrid, site, picture):
    ingrid.goto(f"/aliases/orders@{BOOKSHOP}/")
    ingrid.get_by_label("Send mail to").fill(f"bestellung@{BOOKSHOP}")
    button(ingrid, "Save").click()

    expect(ingrid.get_by_label("Send mail to")).to_be_focused()
    expect(ingrid.locator(".errorlist")).to_contain_text("round in a circle")
    picture(ingrid)
    assert f"bestellung@{BOOKSHOP}" not in site.entry(dn_of(f"orders@{BOOKSHOP}"))["maildrop"]


def test_the_catch_all_goes_on_and_off(ingrid, site, picture):
    ingrid.goto(BOOKS)
    link(ingrid, "Add catch-all").click()
    ingrid.get_by_label("Send mail to").fill(LENA_AT)
    button(ingrid, "Add catch-all").click()
    expect(row_of(ingrid, "catch-all")).to_contain_text("lena.vogel")
    picture(ingrid)
    assert site.value(dn_of(f"@{BOOKSHOP}"), "maildrop") == LENA_AT

    link(ingrid, "@bücher.example").click()
    link(ingrid, "Delete this alias…").click()
    button(ingrid, "Delete alias").click()
    expect(row_of(ingrid, "catch-all")).to_contain_text("refused")
    assert site.entry(dn_of(f"@{BOOKSHOP}")) is None

    button(ingrid, "Undo").click()
    expect(row_of(ingrid, "catch-all")).to_contain_text("lena.vogel")
    assert site.value(dn_of(f"@{BOOKSHOP}"), "maildrop") == LENA_AT


def test_who_is_appointed_looks_after_the_domain(ingrid, visitors, site):
    mateo = visitors.person(MATEO)
    link(ingrid, MATEO_AT).click()
    switch(ingrid, "Postmaster").click()
    expect(told(ingrid)).to_contain_text(f"is postmaster of {SHIPPING} now")
    assert dn_of(MATEO_AT) in site.entry(postmasters_of(SHIPPING))["roleOccupant"]

    mateo.goto("/")
    expect(row_of(mateo, KWAME[0])).to_be_visible()

    button(ingrid, "Undo").click()
    expect(told(ingrid)).to_contain_text("is as it was before")
    mateo.goto(LIST)
    expect(mateo.get_by_role("heading", level=1)).to_have_text("There is nothing here")


def test_a_leaver_goes_and_comes_back(ingrid, site, picture):
    link(ingrid, MATEO_AT).click()
    link(ingrid, "Delete this account…").click()
    picture(ingrid)
    button(ingrid, "Delete account").click()
    expect(row_of(ingrid, MATEO_AT)).to_contain_text("marked for deletion")
    assert site.value(dn_of(MATEO_AT), "delete") == "TRUE"

    button(ingrid, "Undo").click()
    expect(told(ingrid)).to_contain_text("is as it was before")
    assert site.value(dn_of(MATEO_AT), "delete") == "FALSE"


def test_undo_is_pressed_while_the_sentence_beside_it_is_announced(ingrid, site):
    """What the page does a moment later is done while the button is down."""
    ingrid.add_init_script("window.later = []; window.setTimeout = (work) => later.push(work)")
    ingrid.goto(f"/accounts/{MATEO_AT}/retire/")
    button(ingrid, "Delete account").click()
    ingrid.wait_for_load_state()
    before = told(ingrid).inner_text()

    button(ingrid, "Undo").hover()
    ingrid.mouse.down()
    assert ingrid.evaluate(
        "later.length && later.splice(0).forEach((work) => work()) === undefined"
    )
    assert told(ingrid).inner_text() == before
    ingrid.mouse.up()
    expect(told(ingrid)).to_contain_text("is as it was before")
    assert site.value(dn_of(MATEO_AT), "delete") == "FALSE"


def test_the_owner_of_an_alias_gets_in_and_is_locked_out(ingrid, visitors, site):
    link(ingrid, BILLS).click()
    link(ingrid, "Set a password").click()
    password = ingrid.get_by_label("New password").input_value()
    button(ingrid, "Set password").click()
    expect(ingrid.locator("#shown-password")).to_have_text(password)
    owner = visitors.person((BILLS, password))
    expect(choice(owner, "Change where my mail goes")).to_be_visible()

    ingrid.goto(f"/aliases/{BILLS}/")
    button(ingrid, "Take the password away").click()
    expect(told(ingrid)).to_contain_text("Nobody can sign in")
    sign_in(owner, (BILLS, password))
    expect(owner.locator(".errorlist")).to_be_visible()
    assert not site.accepts(dn_of(BILLS), password)


def test_two_people_edit_one_account(ingrid, visitors, site, picture):
    kwame = visitors.person(KWAME)
    for page in (ingrid, kwame):
        page.goto(f"/accounts/{MATEO_AT}/")
    kwame.get_by_label("Name").fill("Mateo G. Fernández")
    button(kwame, "Save").click()
    expect(told(kwame)).to_contain_text("is saved")

    ingrid.get_by_label("Name").fill("Mateo García")
    button(ingrid, "Save").click()
    told_so = ingrid.get_by_role("region", name="Not saved")
    expect(told_so).to_be_focused()
    expect(told_so).to_contain_text(f"{KWAME[0]} changed this account")
    expect(told_so.get_by_role("row", name="Name")).to_contain_text("Mateo G. Fernández")
    expect(ingrid.get_by_label("Name")).to_have_value("Mateo García")
    picture(ingrid)
    assert site.value(dn_of(MATEO_AT), "cn") == "Mateo G. Fernández"

    button(ingrid, "Save").click()
    expect(told(ingrid)).to_contain_text("is saved")
    assert site.value(dn_of(MATEO_AT), "cn") == "Mateo García"


def test_a_switch_that_somebody_else_has_used_already(ingrid, visitors, site):
    kwame = visitors.person(KWAME)
    switch(kwame, f"Active: {MATEO_AT}").click()
    expect(told(kwame)).to_contain_text("switched off")

    switch(ingrid, f"Active: {MATEO_AT}").click()

    expect(switch(ingrid, f"Active: {MATEO_AT}")).not_to_be_checked()
    assert site.value(dn_of(MATEO_AT), "accountActive") == "FALSE"


def test_an_alias_somebody_has_deleted_under_ones_feet(ingrid, visitors):
    for page in (kwame := visitors.person(KWAME), ingrid):
        page.goto(f"/aliases/{BILLS}/")
    link(kwame, "Delete this alias…").click()
    button(kwame, "Delete alias").click()
    expect(told(kwame)).to_contain_text("is deleted")

    ingrid.get_by_label("Name").fill("Bills")
    button(ingrid, "Save").click()

    expect(ingrid.get_by_role("heading", level=1)).to_have_text("There is nothing here")


def test_what_the_site_does_not_allow_is_not_offered(visitors, picture):
    moira = visitors.person(MOIRA)

    expect(link(moira, "Add account")).to_have_count(0)
    expect(link(moira, "Add alias")).to_be_visible()
    picture(moira)

    link(moira, "daniel.okonkwo@riverside-school.example").click()
    expect(link(moira, "Delete this account…")).to_have_count(0)
    expect(switch(moira, "Postmaster")).to_have_count(0)
    expect(switch(moira, "Active")).to_be_visible()
