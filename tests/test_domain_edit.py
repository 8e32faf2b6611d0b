"""A domain's settings: its note, and the flags that save at once."""

import time

import pytest

from tests.pages import changes_written, undo_of
from tests.world import ALICE, ASLEEP, DORA, EXAMPLE, OTHER, word

PAGE = "/domains/example.test/settings/"
SWITCH = "/domains/example.test/switch/"
ATTRIBUTES = {
    "active": "accountActive",
    "may_edit_accounts": "editAccounts",
    "may_appoint": "editPostmasters",
}


@pytest.mark.parametrize(("flag", "attribute"), ATTRIBUTES.items())
def test_a_switch_saves_at_once_in_one_change_with_its_date(rita, world, flag, attribute):
    began = int(time.time())

    with changes_written(world) as changes:
        page = rita.post(SWITCH, {"flag": flag, "to": "off", "next": "/domains/"})

    assert page.headers["Location"] == "/domains/"
    assert world.value(EXAMPLE, attribute) == "FALSE"
    assert int(world.value(EXAMPLE, "lastChange")) >= began
    assert changes == [f"{attribute} lastChange"]


@pytest.mark.parametrize(("flag", "attribute"), ATTRIBUTES.items())
def test_undo_posts_the_reverse(rita, world, flag, attribute):
    rita.post(SWITCH, {"flag": flag, "to": "off"})
    url, fields = undo_of(rita.get(PAGE))

    rita.post(url, fields)

    assert world.value(EXAMPLE, attribute) == "TRUE"
    url, fields = undo_of(rita.get(PAGE))
    rita.post(url, fields)
    assert world.value(EXAMPLE, attribute) == "FALSE"


def test_suspending_touches_one_entry_and_waking_it_restores_everybody(rita, world):
    before = world.versions()
    assert world.accepts(ALICE, word("alice"))

    rita.post(SWITCH, {"flag": "active", "to": "off"})

    after = world.versions()
    assert {dn for dn in after if after[dn] != before[dn]} == {EXAMPLE}
    assert not world.accepts(ALICE, word("alice"))

    rita.post(SWITCH, {"flag": "active", "to": "on"})

    assert world.accepts(ALICE, word("alice"))
    assert not world.accepts(DORA, word("dora"))


def test_the_page_says_what_suspending_does(rita):
    page = rita.get(PAGE).content.decode()

    assert "its mail is refused, and nobody in it can sign in" in page


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"flag": "active"},
        {"flag": "active", "to": "TRUE"},
        {"flag": "to_be_deleted", "to": "on"},
        {"flag": "name", "to": "on"},
        {"flag": "<script>", "to": "off"},
        {"to": "off"},
    ],
)
def test_a_switch_that_makes_no_sense_is_not_found(rita, world, wish):
    before = world.versions()

    assert rita.post(SWITCH, wish).status_code == 404
    assert world.versions() == before


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)", "x" * 9000],
)
def test_the_way_back_never_leads_elsewhere(rita, elsewhere):
    page = rita.post(SWITCH, {"flag": "active", "to": "on", "next": elsewhere})

    assert page.headers["Location"] == PAGE


def test_a_way_back_with_a_line_break_makes_no_header(rita):
    page = rita.post(SWITCH, {"flag": "active", "to": "on", "next": "/domains/\r\nX-Evil: 1"})

    assert page.status_code == 302
    assert "X-Evil" not in page.headers


def test_a_domain_deleted_under_ones_feet_is_a_page_not_an_error(rita, world):
    world.delete(f"mail=sleeper@asleep.test,{ASLEEP}")
    world.delete(ASLEEP)

    for url in ("settings/", "retire/", ""):
        page = rita.get(f"/domains/asleep.test/{url}")
        assert page.status_code == 404
        assert "was deleted meanwhile" in page.content.decode()
    for url, fields in [("switch/", {"flag": "active", "to": "on"}), ("restore/", {})]:
        assert rita.post(f"/domains/asleep.test/{url}", fields).status_code == 404


def test_the_note_is_kept_with_a_date(rita, world):
    page = rita.post(PAGE, {"description": "Ünïcode <b>note</b> 😀"}, follow=True)

    assert world.value(EXAMPLE, "description") == "Ünïcode <b>note</b> 😀"
    assert int(world.value(EXAMPLE, "lastChange")) > 1700000000
    assert "&lt;b&gt;note" in page.content.decode()


def test_an_emptied_note_is_taken_away(rita, world):
    world.change(EXAMPLE, description="old")

    rita.post(PAGE, {"description": ""})

    assert world.value(EXAMPLE, "description") is None


@pytest.mark.parametrize("flag", ATTRIBUTES)
def test_a_postmaster_sees_the_flags_and_slapd_refuses_to_change_them(otto, world, flag):
    before = world.versions()
    page = otto.get("/domains/other.test/settings/").content.decode()
    assert 'role="switch"' not in page

    answer = otto.post("/domains/other.test/switch/", {"flag": flag, "to": "off"})
    if flag != "active":  # these are off by now
        answer = otto.post("/domains/other.test/switch/", {"flag": flag, "to": "on"})

    assert answer.status_code == 403
    assert "does not allow you" in answer.content.decode()
    assert world.versions() == before


def test_a_postmaster_cannot_write_the_note(otto, world):
    answer = otto.post("/domains/other.test/settings/", {"description": "mine"})

    assert answer.status_code == 403
    assert world.value(OTHER, "description") is None


def test_a_user_finds_no_settings(alice):
    assert alice.get(PAGE).status_code == 404
    assert alice.post(SWITCH, {"flag": "active", "to": "off"}).status_code == 403


def test_what_was_done_is_said_also_of_the_longest_names(rita):
    name = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 42])
    rita.post("/domains/new/", {"name": name})
    rita.get("/domains/")
    way = f"/domains/?search={'x' * 200}#{name}"

    rita.post(f"/domains/{name}/switch/", {"flag": "active", "to": "off", "next": way})

    assert undo_of(rita.get("/domains/"))[1]["next"] == way
