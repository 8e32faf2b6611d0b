"""Many rows at once in the browser: a table is imported, rows are selected, work goes in steps."""

import re

import pytest
from playwright.sync_api import expect

from script.sample_people import SHIPPING
from tests.walks.judging import faults_of
from tests.walks.site import INGRID, MATEO, dn_of
from tests.walks.visitors import button, told

LIST, IMPORT = f"/domains/{SHIPPING}/", f"/domains/{SHIPPING}/import/"
TABLE = (
    "E-Mail;Name;Password;Quota;Room\nnora;Nora Nash;;2 GB;1\n"
    f"{INGRID[0]};Taken;;;\nx y;A <b>name</b>;short;lots;\n"
)


def pick(page, mail):
    return page.get_by_role("checkbox", name=f"Select {mail}")


def crowd(count):
    return "address,name\n" + "".join(f"crew{n:04},Crew Member {n}\n" for n in range(count))


def test_a_table_is_checked_added_and_taken_back(visitors, site, album):
    page = visitors.person(INGRID)
    page.goto(LIST)
    page.get_by_text("Import, export").click()
    page.get_by_role("link", name="Import a table").click()
    page.get_by_label("Or paste the rows").fill(TABLE)
    button(page, "Check the table").click()

    expect(page.get_by_text("is taken already")).to_be_visible()
    expect(page.get_by_text("Columns that are not used: Room.")).to_be_visible()
    faults = faults_of(page, album, "preview")
    button(page, "Add the good one").click()
    expect(page.get_by_text("1 added.")).to_be_visible()
    faults += faults_of(page, album, "done")
    with page.expect_download() as download:
        button(page, "Download the passwords").click()
    password = re.search(r"nora@\S+?,(\S+)", download.value.path().read_text())[1]
    assert site.accepts(dn_of(f"nora@{SHIPPING}"), password)
    expect(page.get_by_text("on their way to your downloads")).to_be_visible()
    expect(page.get_by_text("1 new password.")).to_be_hidden()
    faults += faults_of(page, album, "downloaded")

    page.reload()
    results = page.url
    button(page, "Take it all back").click()
    expect(page.get_by_text("1 taken back.")).to_be_visible()
    page.goto(results)
    expect(page.get_by_text("1 added.")).to_be_visible()
    expect(button(page, "Take it all back")).to_have_count(0)
    assert site.value(dn_of(f"nora@{SHIPPING}"), "delete") == "TRUE"
    assert not faults, "\n".join(faults)


def test_long_work_shows_how_far_it_is_and_survives_a_reload(visitors, site, album):
    page = visitors.person(INGRID)
    page.goto(IMPORT)
    page.get_by_label("get none yet").check()
    file = {"name": "crew.csv", "mimeType": "text/csv", "buffer": crowd(1200).encode()}
    page.get_by_label("CSV file").set_input_files(file)
    # The steps stand still, for a look at the page.
    page.route("**/step/", lambda route: route.abort())
    button(page, "Check the table").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_text("tried again")).to_be_visible()
    faults = faults_of(page, album, "progress")
    page.unroute("**/step/")

    page.reload()
    expect(button(page, "Add the 1,200 good ones")).to_be_visible(timeout=60_000)
    button(page, "Add the 1,200 good ones").click()
    page.goto(IMPORT)
    page.get_by_role("link", name="Import 1,200 accounts").click()

    expect(page.get_by_text("1,200 added.")).to_be_visible(timeout=60_000)
    assert site.entry(dn_of(f"crew1199@{SHIPPING}"))
    visitors.troubles.clear()  # what was cut off above
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_rows_are_selected_and_switched_off(visitors, site, album, script):
    page = visitors.person(INGRID, java_script_enabled=script)
    page.goto(LIST)
    off = button(page, "Switch off")
    expect(off).to_be_hidden()
    pick(page, MATEO[0]).check()
    pick(page, INGRID[0]).check()
    expect(off).to_be_visible()
    faults = []
    if script:
        expect(page.get_by_text("2 selected:")).to_be_visible()
        faults = faults_of(page, album, "selected")
    off.click()

    expect(page.get_by_text("1 address switched off.")).to_be_visible()
    expect(page.get_by_text("This is you")).to_be_visible()
    assert site.value(dn_of(MATEO[0]), "accountActive") == "FALSE"
    assert not faults, "\n".join(faults)


def test_deleting_several_asks_with_numbers(visitors, site, album):
    page = visitors.person(INGRID)
    page.goto(LIST)
    pick(page, MATEO[0]).check()
    button(page, "Delete").click()
    expect(page.get_by_text("1 account can no longer sign in")).to_be_visible()
    faults = faults_of(page, album, "asked")

    button(page, "Do nothing").click()

    expect(told(page)).to_contain_text("Nothing was changed")
    assert site.value(dn_of(MATEO[0]), "delete") == "FALSE"
    assert not faults, "\n".join(faults)


def test_a_wrong_quota_leads_to_its_field_and_loses_nothing(visitors, site, album):
    page = visitors.person(INGRID)
    page.goto(LIST)
    pick(page, MATEO[0]).check()
    pick(page, INGRID[0]).check()
    button(page, "Set quota").click()
    page.get_by_label("Quota").fill("3 lots")
    page.keyboard.press("Enter")

    field = page.get_by_label("Quota")
    expect(page.get_by_text("A quota is a number and a unit")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("3 lots")
    faults = faults_of(page, album, "wrong")
    field.fill("3 GB")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Quota of 2 addresses set.")).to_be_visible()
    assert site.value(dn_of(MATEO[0]), "quota") == "3000000000S"
    assert not faults, "\n".join(faults)


def test_a_deleted_alias_in_a_table_is_left_out_or_added_anyway(visitors, site, album):
    page = visitors.person(INGRID)
    for name in ("harbour", "pier"):
        page.goto(f"{LIST}aliases/new/")
        page.get_by_label("Address").fill(name)
        page.get_by_label("Send mail to").fill(INGRID[0])
        button(page, "Add alias").click()
        page.goto(f"/aliases/{name}@{SHIPPING}/delete/")
        button(page, "Delete alias").click()
    table = f"address,destinations\nharbour,{MATEO[0]}\nquay,{MATEO[0]}\n"

    preview_of_aliases(page, table)
    expect(page.get_by_text("1 row is left out")).to_be_visible()
    expect(page.get_by_text("restore it from the trash")).to_be_visible()
    faults = faults_of(page, album, "left-out")
    button(page, "Add nothing").click()

    preview_of_aliases(page, table, anyway=True)
    expect(
        page.get_by_text("is added, though an alias of this address was deleted")
    ).to_be_visible()
    faults += faults_of(page, album, "anyway")
    button(page, "Add the 2 good ones").click()
    expect(page.get_by_text("2 added.")).to_be_visible()
    assert site.entry(dn_of(f"harbour@{SHIPPING}"))
    page.goto(f"{LIST}trash/")
    faults += faults_of(page, album, "trash")
    assert not faults, "\n".join(faults)


def preview_of_aliases(page, table, anyway=False):
    page.goto(IMPORT)
    page.get_by_label("Aliases").check()
    page.get_by_label("Or paste the rows").fill(table)
    if anyway:
        page.get_by_label("add them anyway").check()
    button(page, "Check the table").click()
