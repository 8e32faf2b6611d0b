"""What everybody may do with the own entry: the page of large choices, and the name."""

import pytest

from tests.pages import errors_of, form_of, messages_of
from tests.world import ALEX, ALICE, PIA, word


def facts(page):
    return dict(page.context["facts"])


def test_it_shows_where_the_mailbox_stands(alice):
    page = alice.get("/me/")

    assert facts(page)["Address"] == "alice@example.test"
    assert facts(page)["Quota"] == "10 MB"
    assert facts(page)["State"] == "active"
    assert facts(page)["Since"].year >= 2020


def test_an_owner_of_an_alias_is_offered_where_the_mail_goes(alice, alex):
    assert "/me/destinations/" in alex.get("/me/").content.decode()
    assert "/me/destinations/" not in alice.get("/me/").content.decode()


def test_a_new_name_is_kept_and_the_second_one_too(alice, world):
    page = alice.post("/me/name/", {"full_name": "Alice Berg"}, follow=True)

    assert messages_of(page) == ["Your name is saved."]
    assert world.entry(ALICE)["cn"] == ["Alice Berg", "Alice A."]
    assert int(world.value(ALICE, "lastChange")) > 1700000000


def test_an_owner_of_an_alias_changes_the_name_too(alex, world):
    alex.post("/me/name/", {"full_name": "Alexandra"})

    assert world.value(ALEX, "cn") == "Alexandra"


def test_a_postmaster_has_a_page_of_the_own_too(pia, world):
    assert "Look after example.test" in pia.get("/me/").content.decode()
    pia.post("/me/name/", {"full_name": "Pia P."})

    assert world.value(PIA, "cn") == "Pia P."


@pytest.mark.parametrize("name", ["a\x00", "a\r\nb", "x" * 10_000, "😀" * 129, "\u202ex"])
def test_a_name_that_slapd_would_not_take_is_sent_back(alice, world, name):
    assert errors_of(alice.post("/me/name/", {"full_name": name}), "full_name")
    assert world.value(ALICE, "cn") == "Alice Arden"


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "😀 اسم", "' OR 1=1 --"])
def test_any_other_text_is_a_name(alice, world, name):
    page = alice.post("/me/name/", {"full_name": name}, follow=True)

    assert world.value(ALICE, "cn") == name
    assert b"<script>alert" not in page.content


def test_nobody_changes_more_than_the_form_holds(alice, world):
    fields = {"full_name": "A", "quota": "90 GB", "mailbox": "other.test/carol/", "active": "on"}

    alice.post("/me/name/", fields)

    assert world.value(ALICE, "quota") == "10000000S"
    assert world.value(ALICE, "mailbox") == "example.test/alice/"


def test_a_site_admin_has_no_mailbox_page(rita):
    for url in ("/me/", "/me/name/", "/me/destinations/"):
        assert rita.get(url).status_code == 404


def test_the_postmaster_by_name_keeps_the_name_that_is_in_the_dn(world, sign_in):
    post = sign_in("postmaster@example.test", word("post"))

    assert post.get("/me/name/").status_code == 404
    assert post.get("/me/").status_code == 200
    assert "/me/name/" not in post.get("/me/").content.decode()


def test_saving_without_a_change_writes_nothing(alice, alex, world):
    before = world.versions()

    alice.post("/me/name/", form_of(alice.get("/me/name/")))
    alex.post("/me/destinations/", form_of(alex.get("/me/destinations/")))

    assert world.versions() == before
