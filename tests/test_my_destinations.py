"""The owner of an alias says where its mail goes."""

import pytest

from tests.pages import errors_of, messages_of
from tests.world import ALEX, POST, word

PAGE = "/me/destinations/"


def test_the_mail_goes_where_its_owner_says(alex, world):
    wanted = "alice@example.test\nx@elsewhere.test\nÝ@bücher.example".replace("Ý", "y")

    page = alex.post(PAGE, {"destinations": wanted}, follow=True)

    assert messages_of(page) == ["Your mail goes to the new addresses."]
    assert sorted(world.entry(ALEX)["maildrop"]) == [
        "alice@example.test",
        "x@elsewhere.test",
        "y@xn--bcher-kva.example",
    ]
    assert int(world.value(ALEX, "lastChange")) > 1700000000


@pytest.mark.parametrize(
    ("destinations", "sentence"),
    [
        ("", "fill this in"),
        ("alex@example.test", "cannot send mail to itself"),
        ("ALEX@Example.TEST", "cannot send mail to itself"),
        ("|/bin/sh", "a name, an @ and a domain"),
        ("root", "a name, an @ and a domain"),
        ("x@elsewhere.test x@elsewhere.test", "is there twice"),
        ("a\x00@b.test", "ull characters"),
        ("x" * 30_000, "at most 20000 characters"),
    ],
)
def test_what_will_not_do_is_sent_back(alex, world, destinations, sentence):
    before = world.versions()

    assert sentence in errors_of(alex.post(PAGE, {"destinations": destinations}), "destinations")
    assert world.versions() == before


def test_an_old_local_name_may_stay(alex, world):
    world.change(ALEX, maildrop="root")

    alex.post(PAGE, {"destinations": "root\nalice@example.test"})

    assert sorted(world.entry(ALEX)["maildrop"]) == ["alice@example.test", "root"]


def test_the_postmaster_entry_itself_has_one(sign_in, world):
    """Its name is a part of its DN, and its note is not on this page."""
    post = sign_in("postmaster@example.test", word("post"))

    assert post.get(PAGE).status_code == 200
    assert post.post(PAGE, {"destinations": "pia@example.test"}).status_code == 302
    assert world.entry(POST)["maildrop"] == ["pia@example.test"]


def test_who_has_a_mailbox_has_no_such_page(alice, pia):
    assert alice.get(PAGE).status_code == 404
    assert pia.post(PAGE, {"destinations": "x@elsewhere.test"}).status_code == 404


def test_an_alias_that_is_gone_signs_its_owner_out(alex, world):
    world.delete(ALEX)

    page = alex.post(PAGE, {"destinations": "x@elsewhere.test"}, follow=True)

    assert page.redirect_chain[-1][0].startswith("/sign-in/")
