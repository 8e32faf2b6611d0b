"""The site admin adds a domain."""

import time

import pytest

from tests.pages import errors_of
from tests.world import HOSTING

PAGE = "/domains/new/"
NEW = f"jvd=new.test,{HOSTING}"
LONGEST = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])  # 253 characters
LONGEST_KEPT = LONGEST[-234:]  # what slapd has room for, with abuse@ before it


def test_it_is_three_entries_and_live(rita, world):
    page = rita.post(PAGE, {"name": "new.test", "description": "The Newmans"})

    assert page.headers["Location"] == "/domains/new.test/"
    assert world.entry(NEW, "*") | {"lastChange": []} == {
        "objectClass": ["top", "JammVirtualDomain"],
        "jvd": ["new.test"],
        "description": ["The Newmans"],
        "accountActive": ["TRUE"],
        "delete": ["FALSE"],
        "editAccounts": ["TRUE"],
        "editPostmasters": ["TRUE"],
        "postfixTransport": ["virtual:"],
        "lastChange": [],
    }
    post = world.entry(f"cn=postmaster,{NEW}")
    assert post["roleOccupant"] == [f"cn=postmaster,{NEW}"]
    assert (post["mail"], post["maildrop"]) == (["postmaster@new.test"], ["postmaster"])
    assert world.value(f"mail=abuse@new.test,{NEW}", "maildrop") == "postmaster"


def test_every_entry_is_dated(rita, world):
    began = int(time.time())
    rita.post(PAGE, {"name": "new.test"})

    for dn in (NEW, f"cn=postmaster,{NEW}", f"mail=abuse@new.test,{NEW}"):
        assert int(world.value(dn, "lastChange")) >= began


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Bücher.Example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("  new.test. ", "new.test"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("דוגמה.example", "xn--6dbbec0c.example"),
        ("new。test", "new.test"),
        (LONGEST_KEPT, LONGEST_KEPT),
    ],
)
def test_a_name_of_any_script_is_kept_in_ascii(rita, world, typed, kept):
    rita.post(PAGE, {"name": typed})

    assert world.value(f"jvd={kept},{HOSTING}", "accountActive") == "TRUE"
    assert rita.get(f"/domains/{kept}/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "fill this in"),
        ("   ", "fill this in"),
        ("test", "at least two parts"),
        ("a" * 64 + ".test", "at most 63 characters"),
        (LONGEST + "e", "at most 253 characters"),
        (LONGEST, "at most 234 characters; this one has 253"),
        ("a" + LONGEST_KEPT, "at most 234 characters; this one has 235"),
        ("ü" * 60 + ".test", "not a domain name"),
        ("-new.test", "letters, digits and hyphens"),
        ("new..test", "letters, digits and hyphens"),
        ("new.test..", "letters, digits and hyphens"),
        ("new_.test", "letters, digits and hyphens"),
        ("new.test/../other", "letters, digits and hyphens"),
        ("192.0.2.1", "letters, digits and hyphens"),
        ("ana@new.test", "letters, digits and hyphens"),
        ("new.test,o=hosting", "letters, digits and hyphens"),
        ("xn--a.test", "not a domain name"),
        ("xn--zz-zz.test", "not a domain name"),
        ("😀.test", "not a domain name"),
        ("new\u202e.test", "an invisible character (U+202E)"),
        ("new\x00.test", "control character"),
        ("new\r\n.test", "control character"),
        ("a." * 5000 + "test", "at most 255 characters"),
        ("ü" * 10_000, "at most 255 characters"),
    ],
)
def test_what_is_no_domain_name_is_sent_back_with_a_sentence(rita, world, typed, sentence):
    before = world.versions()

    assert sentence in errors_of(rita.post(PAGE, {"name": typed}), "name")
    assert world.versions() == before


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("new.test", "NEW.test"),
        ("new.test", "new.test."),
        ("bücher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "BÜCHER.example"),
    ],
)
def test_no_domain_is_there_twice_in_any_spelling(rita, world, first, again):
    rita.post(PAGE, {"name": first})
    before = world.versions()

    assert "is already here" in errors_of(rita.post(PAGE, {"name": again}), "name")
    assert world.versions() == before


def test_a_note_too_long_for_slapd_is_said_at_the_field(rita, world):
    page = rita.post(PAGE, {"name": "new.test", "description": "😀" * 150})

    assert "too long" in errors_of(page, "description")
    assert world.entry(NEW) is None


def test_a_postmaster_is_not_offered_it_and_slapd_refuses_it_anyway(pia, world):
    before = world.versions()

    assert pia.get(PAGE).status_code == 403
    page = pia.post(PAGE, {"name": "new.test"})

    assert page.status_code == 403
    assert "does not allow you" in page.content.decode()
    assert world.versions() == before
