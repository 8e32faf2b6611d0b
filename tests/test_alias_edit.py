"""A postmaster edits an alias, switches it, and deletes it."""

import pytest

from tests.pages import changes_written, errors_of, form_of, messages_of, undo_of
from tests.world import ALEX, ALICE, BOB_NEWS, EXAMPLE, PIA, POST

PAGE = "/aliases/alex@example.test/"
ABUSE = f"mail=abuse@example.test,{EXAMPLE}"
ABUSE = f"mail=abuse@example.test,{EXAMPLE}"


def outside(page):
    return {one["address"]: one["outside"] for one in page.context["destinations"]}


def test_an_address_outside_the_site_is_labelled(pia):
    page = pia.get(PAGE)

    assert outside(page) == {"alice@example.test": False, "alex@elsewhere.test": True}
    assert "outside" in page.content.decode()


def test_a_name_of_the_server_itself_is_not_outside(pia):
    assert outside(pia.get("/aliases/abuse@example.test/")) == {"postmaster": False}


def test_saving_without_a_change_writes_nothing(pia, world):
    before = world.versions()

    for url in (PAGE, "/aliases/abuse@example.test/", "/aliases/bob+news@example.test/"):
        pia.post(url, form_of(pia.get(url)))

    assert world.versions() == before


def test_destinations_change_one_by_one_in_one_change(pia, world):
    shown = form_of(pia.get(PAGE))

    with changes_written(world) as changes:
        pia.post(PAGE, shown | {"destinations": "alice@example.test\ndora@example.test"})

    assert world.entry(ALEX)["maildrop"] == ["alice@example.test", "dora@example.test"]
    assert int(world.value(ALEX, "lastChange")) > 1700000000
    assert changes == ["maildrop maildrop lastChange"]


def test_a_local_name_of_an_old_tree_may_stay_but_not_come(pia, world):
    url = "/aliases/abuse@example.test/"
    pia.post(url, {"destinations": "postmaster\nalice@example.test"})
    assert sorted(world.entry(ABUSE)["maildrop"]) == ["alice@example.test", "postmaster"]

    page = pia.post(url, {"destinations": "postmaster\nroot"})

    assert "root: " in errors_of(page, "destinations")
    pia.post(url, {"destinations": "alice@example.test"})
    assert "postmaster: " in errors_of(
        pia.post(url, {"destinations": "postmaster"}), "destinations"
    )


def test_a_circle_made_by_an_edit_is_refused(pia, world):
    page = pia.post("/aliases/bob+news@example.test/", {"destinations": "alex@example.test"})
    assert page.status_code == 302

    page = pia.post(PAGE, {"destinations": "alice@example.test\nbob+news@example.test"})

    assert "round in a circle" in errors_of(page, "destinations")
    assert "cannot send mail to itself" in errors_of(
        pia.post(PAGE, {"destinations": "alex@example.test"}), "destinations"
    )
    assert "alice@example.test" in world.entry(ALEX)["maildrop"]


def test_an_old_circle_does_not_stop_an_edit_of_the_name(pia, world):
    world.change(ALEX, maildrop="alex@example.test")

    pia.post(PAGE, form_of(pia.get(PAGE)) | {"full_name": "Alexander"})

    assert world.value(ALEX, "cn") == "Alexander"


def test_who_points_here_is_shown(pia, world):
    world.change(BOB_NEWS, maildrop="ALEX@example.test")

    assert [alias.mail for alias in pia.get(PAGE).context["pointing"]] == ["bob+news@example.test"]


def test_the_switch_and_its_undo(pia, world):
    pia.post(f"{PAGE}switch/", {"flag": "active", "to": "off"})
    assert world.value(ALEX, "accountActive") == "FALSE"

    url, fields = undo_of(pia.get(PAGE))
    pia.post(url, fields)

    assert world.value(ALEX, "accountActive") == "TRUE"


@pytest.mark.parametrize("flag", ["postmaster", "delete", ""])
def test_an_alias_has_one_switch_only(pia, world, flag):
    assert pia.post(f"{PAGE}switch/", {"flag": flag, "to": "on"}).status_code == 404


def test_deleting_says_what_it_does_and_does_it(pia, world):
    world.change(BOB_NEWS, maildrop="alex@example.test")
    page = pia.get(f"{PAGE}delete/").content.decode()
    assert "1 other alias sends mail here" in page
    assert "2 destinations" in page

    page = pia.post(f"{PAGE}delete/")

    assert page.headers["Location"] == "/domains/example.test/"
    assert world.entry(ALEX) is None
    assert pia.post(f"{PAGE}delete/").status_code == 404


def test_undo_adds_a_deleted_alias_again(pia, world):
    before = world.entry(BOB_NEWS, "*")
    pia.post("/aliases/bob+news@example.test/delete/")
    url, fields = undo_of(pia.get("/domains/example.test/"))

    pia.post(url, fields)

    after = world.entry(BOB_NEWS, "*")
    assert after == before | {"lastChange": after["lastChange"]}


def test_undo_adds_the_catch_all_again(pia, world):
    catch_all = f"mail=@example.test,{EXAMPLE}"
    url = "/domains/example.test/aliases/new/?catch-all=1"
    pia.post(url, {"destinations": "x@y.test z@y.test"})
    pia.get("/domains/example.test/")
    pia.post("/aliases/@example.test/delete/")
    url, fields = undo_of(pia.get("/domains/example.test/"))

    pia.post(url, fields)

    assert sorted(world.entry(catch_all)["maildrop"]) == ["x@y.test", "z@y.test"]


def test_what_a_postmaster_may_not_add_again_has_no_undo_for_them(pia, rita, world):
    before = world.entry(ABUSE, "*")
    page = pia.post("/aliases/abuse@example.test/delete/", follow=True)
    assert messages_of(page) == ["abuse@example.test is deleted."]
    assert not [message for message in page.context["messages"] if message.extra_tags]

    [found] = rita.get("/domains/example.test/trash/").context["found"]
    url, fields = found.restoring
    rita.post(url, fields)

    after = world.entry(ABUSE, "*")
    assert after == before | {"lastChange": after["lastChange"]}


def test_undo_for_an_alias_that_was_switched_off_does_not_wake_it(pia, world):
    world.change(BOB_NEWS, accountActive="FALSE")
    pia.post("/aliases/bob+news@example.test/delete/")
    url, fields = undo_of(pia.get("/domains/example.test/"))

    pia.post(url, fields)

    assert world.value(BOB_NEWS, "accountActive") == "FALSE"


def test_an_alias_whose_owner_is_postmaster_takes_the_post_along(pia, world):
    root = world.root()
    root.modify_s(POST, [(0, "roleOccupant", [ALEX.encode()])])
    root.unbind_s()
    assert "Its owner is a postmaster" in pia.get(f"{PAGE}delete/").content.decode()

    pia.post(f"{PAGE}delete/")

    assert set(world.entry(POST)["roleOccupant"]) == {POST, PIA}


def test_the_postmaster_of_a_domain_cannot_be_deleted(pia, rita, world):
    url = "/aliases/postmaster@example.test/delete/"

    for person in (pia, rita):
        assert "has to have its postmaster" in person.get(url).content.decode()
        assert person.post(url).status_code == 403
    assert world.entry(POST)


def test_where_postmaster_sends_its_mail_can_be_changed(pia, world):
    url = "/aliases/postmaster@example.test/"
    assert "full_name" not in pia.get(url).context["form"].fields

    pia.post(url, {"destinations": "pia@example.test", "full_name": "P"})

    assert world.entry(POST)["maildrop"] == ["pia@example.test"]
    assert world.entry(POST)["cn"] == ["postmaster"]


def test_a_postmaster_from_another_domain_is_named_without_a_link_to_a_shut_page(pia, rita, world):
    otto = f"mail=otto@other.test,jvd=other.test,{EXAMPLE.partition(',')[2]}"
    world.change(POST, roleOccupant=[POST, PIA, otto])
    url = "/aliases/postmaster@example.test/"

    assert [(one.name, one.opens) for one in pia.get(url).context["postmasters"]] == [
        ("otto@other.test", False),
        ("pia@example.test", True),
    ]
    assert "/accounts/otto@other.test/" not in pia.get(url).content.decode()
    assert "/accounts/otto@other.test/" in rita.get(url).content.decode()
    assert pia.get("/accounts/otto@other.test/").status_code == 404


def test_destinations_are_shown_as_people_write_them_and_kept_as_they_are(pia, world):
    kept = ["x@xn--bcher-kva.example", "Old@xn--bcher-kva.example", "postmaster"]
    world.change(ALEX, maildrop=kept)
    fields = form_of(pia.get(PAGE))
    assert fields["destinations"].split() == [
        "x@bücher.example",
        "Old@bücher.example",
        "postmaster",
    ]

    pia.post(PAGE, fields | {"description": "new"})

    assert world.entry(ALEX)["maildrop"] == kept
    assert world.value(ALEX, "description") == "new"


def test_the_catch_all_is_spoken_of_as_what_it_is(pia, world):
    pia.post("/domains/example.test/aliases/new/?catch-all=1", {"destinations": "a@x.example"})

    text = pia.get("/aliases/@example.test/").content.decode()

    assert "only mail for @example.test itself" not in text
    assert "Mail to addresses that do not exist is refused from then on." in text
    text = pia.get("/aliases/@example.test/delete/").content.decode()
    assert "Mail to addresses that do not exist is refused." in text


def test_foreign_addresses_are_not_found(pia, alice, alex, world):
    before = world.versions()
    fields = {"destinations": "x@elsewhere.test"}

    for url in ("/aliases/abuse@other.test/", "/aliases/alice@example.test/", "/aliases/@x.test/"):
        for page in ("", "password/", "delete/"):
            assert pia.get(url + page).status_code == 404
            assert pia.post(url + page, fields).status_code == 404
        assert pia.post(f"{url}lock/").status_code == 404
        assert pia.post(f"{url}switch/", {"flag": "active", "to": "off"}).status_code == 404
    for user in (alice, alex):
        assert user.post(PAGE, fields).status_code == 404
        assert user.post(f"{PAGE}delete/").status_code == 404
    assert world.versions() == before
    assert world.entry(ALICE)


def test_an_owner_cannot_switch_on_or_lock_the_own_alias(alex, world):
    before = world.versions()

    assert alex.post(f"{PAGE}switch/", {"flag": "active", "to": "off"}).status_code in (302, 403)
    assert world.value(ALEX, "accountActive") == "TRUE"
    assert world.versions() == before
