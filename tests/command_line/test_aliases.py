"""Aliases and posts, from the command line."""

from tests.world import ALEX, ALICE, CAROL, EXAMPLE, OTHER, PIA, POST


def test_aliases_are_listed_and_added(pia_says, world):
    words = ["alias", "add", "team@example.test", "--to", "alice@example.test", "b@x.example"]
    assert pia_says(*words).code == 0

    rows = {row["address"]: row for row in pia_says("alias", "list", "example.test", "--json").rows}
    assert rows["team@example.test"]["destinations"] == ["alice@example.test", "b@x.example"]
    assert "alice@example.test" not in rows


def test_the_catch_all_is_an_alias_without_a_name(pia_says, world):
    assert pia_says("alias", "add", "@example.test", "--to", "alice@example.test").code == 0
    assert world.entry(f"mail=@example.test,{EXAMPLE}")["maildrop"] == ["alice@example.test"]


def test_a_circle_is_refused_in_the_forms_words(pia_says):
    said = pia_says("alias", "add", "a@example.test", "--to", "a@example.test")

    assert (said.code, "An alias cannot send mail to itself." in said.err) == (1, True)


def test_destinations_come_and_go_one_by_one(pia_says, world):
    pia_says(
        *("alias", "edit", "alex@example.test", "--add", "new@x.example"),
        *("--remove", "ALEX@elsewhere.test"),
    )
    assert world.entry(ALEX)["maildrop"] == ["alice@example.test", "new@x.example"]

    pia_says("alias", "edit", "alex@example.test", "--to", "pia@example.test")
    assert world.entry(ALEX)["maildrop"] == ["pia@example.test"]


def test_what_was_no_destination_is_said(pia_says, world):
    before = world.entry(ALEX)["maildrop"]
    said = pia_says("alias", "edit", "alex@example.test", "--remove", "typo@x.example")

    assert (said.code, said.err) == (0, "alex@example.test sent no mail to typo@x.example.\n")
    assert world.entry(ALEX)["maildrop"] == before
    assert pia_says("alias", "edit", "alex@example.test", "--add", before[0]).code == 0
    assert pia_says("alias", "edit", "alex@example.test").code == 2


def test_the_last_destination_stays(pia_says, world):
    said = pia_says(
        *("alias", "edit", "alex@example.test", "--remove"),
        *("alice@example.test", "alex@elsewhere.test"),
    )
    assert said.code == 1
    assert len(world.entry(ALEX)["maildrop"]) == 2


def test_an_alias_is_deleted_and_dismissed(pia_says, rita_says, world):
    pia_says("alias", "delete", "alex@example.test")
    assert world.entry(ALEX) is None


def test_the_postmaster_alias_stays(rita_says, world):
    assert rita_says("alias", "delete", "postmaster@example.test").code == 1
    assert world.entry(POST)


def test_postmasters_are_listed_appointed_and_dismissed(pia_says, world):
    assert pia_says("postmaster", "appoint", "alice@example.test").code == 0
    assert pia_says("postmaster", "list", "example.test", "--json").rows == [
        {"domain": "example.test", "postmaster": "alice@example.test"},
        {"domain": "example.test", "postmaster": "pia@example.test"},
    ]

    assert pia_says("postmaster", "dismiss", "alice@example.test").code == 0
    assert ALICE not in world.entry(POST)["roleOccupant"]


def test_a_site_admin_appoints_somebody_of_another_domain(rita_says, world):
    said = rita_says("postmaster", "appoint", "carol@other.test", "--domain", "example.test")

    assert said.code == 0
    assert CAROL in world.entry(POST)["roleOccupant"]


def test_an_alias_and_who_is_no_longer_there_are_dismissed(rita_says, world):
    gone = f"mail=gone@other.test,{OTHER}"
    world.change(POST, roleOccupant=[POST, PIA, ALEX, gone])

    assert rita_says("postmaster", "dismiss", "Alex@example.test").code == 0
    assert (
        rita_says("postmaster", "dismiss", "gone@other.test", "--domain", "example.test").code == 0
    )

    assert set(world.entry(POST)["roleOccupant"]) == {POST, PIA}
    assert (
        rita_says("postmaster", "dismiss", "gone@other.test", "--domain", "example.test").code == 3
    )


def test_nobody_is_appointed_who_is_marked_for_deletion(rita_says, world):
    world.change(ALICE, delete="TRUE", accountActive="FALSE")

    said = rita_says("postmaster", "appoint", "alice@example.test")

    assert said.code == 1
    assert "alice@example.test is marked for deletion: restore it first." in said.err
    assert ALICE not in world.entry(POST)["roleOccupant"]


def test_a_domain_without_a_postmaster_entry_is_said(rita_says):
    assert rita_says("postmaster", "list", "asleep.test").code == 3
