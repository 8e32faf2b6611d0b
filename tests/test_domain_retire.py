"""The site admin marks a domain for deletion, and takes the mark away again."""

import pytest

from tests.pages import undo_of
from tests.world import ALICE, EXAMPLE, HOSTING, word

PAGE = "/domains/example.test/retire/"
RESTORE = "/domains/example.test/restore/"


def test_the_page_says_the_effect_in_numbers(rita):
    page = rita.get(PAGE).content.decode()

    assert "3 accounts" in page
    assert "4 aliases" in page


def test_the_mark_is_one_flag_on_the_domain(rita, world):
    before = world.versions()

    page = rita.post(PAGE, {"typed_name": "example.test"})

    after = world.versions()
    assert page.headers["Location"] == "/domains/"
    assert {dn for dn in after if after[dn] != before[dn]} == {EXAMPLE}
    assert world.value(EXAMPLE, "delete") == "TRUE"
    assert world.value(EXAMPLE, "accountActive") == "TRUE"
    assert not world.accepts(ALICE, word("alice"))


@pytest.mark.parametrize("url", ["undo", RESTORE])
def test_taking_the_mark_away_restores_everything(rita, world, url):
    rita.post(PAGE, {"typed_name": "example.test"})
    fields = {}
    if url == "undo":
        url, fields = undo_of(rita.get("/domains/"))

    rita.post(url, fields)

    assert world.value(EXAMPLE, "delete") == "FALSE"
    assert world.accepts(ALICE, word("alice"))


@pytest.mark.parametrize(
    "typed", ["", "other.test", "example", "example.test\x00", "example.test/", "x" * 10_000]
)
def test_another_name_marks_nothing(rita, world, typed):
    before = world.versions()

    page = rita.post(PAGE, {"typed_name": typed})

    assert page.context["form"].errors["typed_name"]
    assert world.versions() == before


@pytest.mark.parametrize(
    "typed", ["bücher.example", "xn--bcher-kva.example", " BÜCHER.example ", "bücher.example."]
)
def test_a_domain_of_another_script_is_typed_in_either_spelling(rita, world, typed):
    rita.post("/domains/new/", {"name": "bücher.example"})

    rita.post("/domains/xn--bcher-kva.example/retire/", {"typed_name": typed})

    assert world.value(f"jvd=xn--bcher-kva.example,{HOSTING}", "delete") == "TRUE"


def test_a_name_that_no_form_would_take_can_be_typed_too(rita, world):
    old = f"jvd=old_intranet,{HOSTING}"
    root = world.root()
    flags = ["accountActive", "editAccounts", "editPostmasters"]
    values = [("objectClass", b"JammVirtualDomain"), ("jvd", b"old_intranet"), ("delete", b"FALSE")]
    root.add_s(old, values + [(flag, b"TRUE") for flag in flags] + [("lastChange", b"1")])
    root.unbind_s()

    rita.post("/domains/old_intranet/retire/", {"typed_name": "old_intranet"})

    assert world.value(old, "delete") == "TRUE"


def test_the_url_of_a_domain_may_be_typed_in_its_own_script(rita):
    rita.post("/domains/new/", {"name": "bücher.example"})

    assert rita.get("/domains/bücher.example/").status_code == 200
    assert rita.get("/domains/Bücher.example/settings/").status_code == 200
    assert rita.get("/domains/ü\u202e.example/").status_code == 404


def test_a_postmaster_is_not_offered_it_and_slapd_refuses_it_anyway(pia, world):
    assert pia.get(PAGE).status_code == 403
    assert pia.post(PAGE, {"typed_name": "example.test"}).status_code == 403
    assert world.value(EXAMPLE, "delete") == "FALSE"
