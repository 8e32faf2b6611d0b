"""Workers, slapd and the database die in the middle of an import: it goes on, and misses no row."""

import re
import time
from itertools import product

import pytest

from tests.bulk.steps import IMPORT
from tests.faults.test_deaths import LOST, MADE, REFUSED, gate, served, signed_in, stage  # noqa: F401 (fixtures)
from tests.world import EXAMPLE

ROWS = 60  # more than are announced together
TABLE = "mail,name\n" + "".join(f"user{n:02},User {n}\n" for n in range(ROWS))
EVERYBODY = {f"mail=user{n:02}@example.test,{EXAMPLE}" for n in range(ROWS)}


def gone_on_with(browser, url):
    """The page of the job at its end: what a person sees who presses Continue until it is done."""
    for _ in range(100):
        answer = browser.post(f"{url}step/")
        assert answer.status in (302, 503), answer.text
        page = browser.get(url).text
        if "data-work" not in page:
            return page
        time.sleep(0.2)
    raise AssertionError("The work does not end.")


# A killed worker's part is free for others after some seconds: it dies in the middle only.
DEATHS = [(ROWS // 2, "worker"), *product((1, ROWS // 2, ROWS), ("slapd", "database"))]


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize(("number", "death"), DEATHS)
def test_every_row_is_added_once(stage, served, world, number, where, death):  # noqa: F811
    browser = signed_in(served, "pia")
    fields = {"kind": "accounts", "pasted": TABLE, "passwords": "none"}
    url = browser.post(IMPORT, **fields).headers["Location"]
    assert f"Add the {ROWS} good ones" in gone_on_with(browser, url)
    stage.forget()

    assert stage.play(browser, f"{url}start/", {}, number, where, death), "it never came so far"

    signed_in(served, "rita")  # waits for a panel that is coming up again
    page = gone_on_with(browser, url)
    assert f"{ROWS} added." in page
    assert world.versions().keys() >= EVERYBODY
    readers = signed_in(served, "rita")
    for _ in range(3):  # each page of the journal finds out about some
        assert readers.get("/journal/").status == 200
    made = [dn for dn, operation, state in stage.rows() if state == MADE and operation == "add"]
    assert sorted(made) == sorted(EVERYBODY)
    assert {state for *_, state in stage.rows()} <= {MADE, REFUSED, LOST}


ALIASES = "mail,goto\n" + "".join(f"user{n:02},team@elsewhere.test\n" for n in range(ROWS))


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("death", ["worker", "slapd", "database"])
def test_every_row_is_taken_back_once(stage, served, world, where, death):  # noqa: F811
    browser = signed_in(served, "pia")
    url = browser.post(IMPORT, kind="aliases", pasted=ALIASES).headers["Location"]
    gone_on_with(browser, url)
    browser.post(f"{url}start/")
    assert f"{ROWS} added." in gone_on_with(browser, url)
    assert world.versions().keys() >= EVERYBODY

    assert stage.play(browser, f"{url}undo/", {}, ROWS // 2, where, death), "it never came so far"

    signed_in(served, "rita")
    back = re.search(r"/work/[0-9a-f]+/", browser.get(IMPORT).text)[0]
    assert f"{ROWS} taken back." in gone_on_with(browser, back)
    assert not world.versions().keys() & EVERYBODY
    readers = signed_in(served, "rita")
    for _ in range(3):
        assert readers.get("/journal/").status == 200
    gone = [dn for dn, operation, state in stage.rows() if state == MADE and operation == "delete"]
    assert sorted(gone) == sorted(EVERYBODY)
