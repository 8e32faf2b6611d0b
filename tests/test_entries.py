"""Saving an entry: what differs is changed, what is not understood stays, nothing moves."""

import threading
import time

import ldap
import pytest
from django.db import connections

from accounts.models import Address, MailAccount, MailAlias
from domains.models import Postmaster, VirtualDomain
from tests.slapd_log import Counted
from tests.world import ALEX, ALICE, BOB_NEWS, EXAMPLE, PIA, POST, word
from vmail_admin.directory.errors import (
    AlreadyThere,
    Gone,
    Invalid,
    NotAllowed,
    NotAnswering,
    Stale,
    Unexpected,
    named,
)
from vmail_admin.directory.identity import Identity, acting_as


@pytest.fixture
def pia(world):
    with acting_as(Identity(PIA, word("pia"))):
        yield


def changes_of(world, dn):
    """The attributes that the last change of an entry named, in slapd's log."""
    lines = world.slapd.log_path.read_text().splitlines()
    at = max(place for place, line in enumerate(lines) if f'MOD dn="{dn}"' in line)
    return lines[at + 1].partition("MOD attr=")[2].split()


def test_only_what_differs_is_changed_and_the_date_with_it(pia, world):
    alice = MailAccount.objects.at(ALICE).get()
    alice.quota = "1S"
    began = int(time.time())
    alice.save()

    assert changes_of(world, ALICE) == ["quota", "lastChange"]
    assert began <= int(world.value(ALICE, "lastChange")) <= time.time()


def test_saving_what_is_as_it_was_asks_slapd_nothing(pia, world):
    alice = MailAccount.objects.at(ALICE).get()
    with Counted(world.slapd) as asked:
        alice.save()

    assert str(asked) == "nothing"


def test_everything_else_stays(pia, world):
    before = world.entry(ALICE)
    alice = MailAccount.objects.at(ALICE).get()
    alice.active = False
    alice.save()

    after = world.entry(ALICE)
    assert {name for name in before if before[name] != after[name]} == {
        "accountActive",
        "lastChange",
    }


def test_an_entry_never_moves_by_being_saved(pia, world):
    post = MailAlias.objects.at(POST).get()
    post.full_name = "The postmaster of example.test"
    with pytest.raises(Invalid):
        post.save()  # its cn is its name in the tree
    news = MailAlias.objects.of("bob+news@example.test").get()
    news.description = "a newsletter"
    news.save()

    assert world.value(POST, "roleOccupant")
    assert world.value(BOB_NEWS, "description") == "a newsletter"
    assert news.dn == BOB_NEWS


def test_a_version_that_is_no_longer_the_present_one_is_not_overwritten(pia, world):
    alice = MailAccount.objects.at(ALICE).get()
    world.change(ALICE, quota="7S")
    alice.description = "late"
    with pytest.raises(Stale):
        alice.save()

    assert world.value(ALICE, "quota") == "7S"
    assert world.value(ALICE, "description") is None


def test_nor_is_it_deleted(pia, world):
    alias = MailAlias.objects.at(ALEX).get()
    world.change(ALEX, description="somebody wrote this meanwhile")
    with pytest.raises(Stale):
        alias.delete()

    assert world.entry(ALEX)


def test_saving_twice_is_no_conflict_with_oneself(pia, world):
    alice = MailAccount.objects.at(ALICE).get()
    for note in ("one", "two"):
        alice.description = note
        alice.save()

    assert world.value(ALICE, "description") == "two"


def test_values_of_a_list_come_and_go_one_by_one(pia, world):
    alias = MailAlias.objects.at(ALEX).get()
    alias.destinations = ["alex@elsewhere.test", "new@elsewhere.test"]
    alias.save()

    assert set(world.entry(ALEX, "maildrop")["maildrop"]) == {
        "alex@elsewhere.test",
        "new@elsewhere.test",
    }


def test_of_several_values_the_first_is_changed_and_stays_the_first(pia, world):
    alice = MailAccount.objects.at(ALICE).get()
    alice.full_name = "Alice Ames"
    alice.save()

    assert world.entry(ALICE, "cn")["cn"] == ["Alice Ames", "Alice A."]


def test_what_an_old_tree_holds_can_be_put_right(pia, world):
    """A line break in a note may go, though none may come."""
    world.change(ALICE, description=["two\nlines", "three\nmore\nlines"])
    alice = MailAccount.objects.at(ALICE).get()
    alice.description = "one line"
    alice.save()

    assert world.entry(ALICE, "description")["description"] == ["one line", "three\nmore\nlines"]


@pytest.mark.parametrize("value", ["a\x00b", "a\nb", "a\x7f", "\r"])
def test_a_control_character_gets_into_no_entry(pia, world, value):
    before = world.versions()
    alice = MailAccount.objects.at(ALICE).get()
    alice.description = value
    with pytest.raises(Invalid):
        alice.save()
    with pytest.raises(Invalid):
        MailAlias(mail="new@example.test", destinations=[f"{value}@example.test"]).save()
    with pytest.raises(Invalid):
        MailAlias(mail=f"{value}@example.test", destinations=["a@example.test"]).save()

    assert world.versions() == before


def test_a_new_entry_is_where_its_address_says(pia, world):
    account = MailAccount(mail="new@example.test", full_name="Somebody New")
    account.save()

    assert account.dn == f"mail=new@example.test,{EXAMPLE}"
    assert world.entry(account.dn)["mailbox"] == ["example.test/new/"]
    assert world.entry(account.dn)["accountActive"] == ["TRUE"]


def test_what_is_there_already_is_left_alone(pia, world):
    before = world.versions()
    with pytest.raises(AlreadyThere):
        MailAccount(mail="alex@example.test").save()  # an alias of this address

    assert world.versions() == before


def test_what_slapd_refuses_is_refused_by_name(pia):
    with pytest.raises(NotAllowed):
        domain = VirtualDomain.objects.named("example.test").get()
        domain.may_appoint = False
        domain.save()
    with pytest.raises(Gone):
        MailAlias(dn=f"mail=nobody@example.test,{EXAMPLE}").touch()
    with pytest.raises((Invalid, NotAllowed)):
        connections["directory"].modify_s(ALICE, [(ldap.MOD_REPLACE, "quota", [b"\xff\xfe"])])


def test_an_address_in_a_list_is_only_looked_at(pia):
    with pytest.raises(TypeError):
        Address.objects.at(ALICE).get().save()


def test_flags_are_set_whatever_else_changed(pia, world):
    alice = MailAccount.objects.at(ALICE).get()
    world.change(ALICE, description="somebody wrote this meanwhile")
    alice.set_flags(active=False)

    assert world.value(ALICE, "accountActive") == "FALSE"
    assert world.value(ALICE, "description") == "somebody wrote this meanwhile"


def test_many_who_edit_one_entry_at_once_lose_nothing(world):
    """Each of eight reads the note, adds to it, saves, and begins again when it was late."""
    late, together = [], threading.Barrier(8)

    def work(number):
        try:
            with acting_as(Identity(PIA, word("pia"))):
                together.wait(60)
                for turn in range(5):
                    add_a_word(f"w{number}.{turn}", late)
        finally:
            connections["directory"].close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    words = world.value(ALICE, "description").split()
    assert sorted(words) == sorted(f"w{number}.{turn}" for number in range(8) for turn in range(5))
    assert late


def add_a_word(word_to_add, late):
    while True:
        alice = MailAccount.objects.at(ALICE).get()
        alice.description = f"{alice.description} {word_to_add}".strip()
        try:
            return alice.save()
        except Stale:
            late.append(word_to_add)


def test_many_who_are_appointed_at_once_are_all_postmaster(world):
    mails = [f"p{number}@example.test" for number in range(6)]
    with acting_as(Identity(PIA, word("pia"))):
        for mail in mails:
            MailAccount(mail=mail).save()
    threads = [threading.Thread(target=appoint, args=(mail,)) for mail in mails]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    holders = world.entry(POST, "roleOccupant")["roleOccupant"]
    assert set(holders) >= {f"mail={mail},{EXAMPLE}" for mail in mails}


def appoint(mail):
    try:
        with acting_as(Identity(PIA, word("pia"))):
            Postmaster.objects.at(POST).get().appoint(f"mail={mail},{EXAMPLE}")
    finally:
        connections["directory"].close()


# --- slapd's answers by name

NAMED = [
    (ldap.INSUFFICIENT_ACCESS, NotAllowed),
    (ldap.SERVER_DOWN, NotAnswering),
    (ldap.TIMEOUT, NotAnswering),
    (ldap.ALREADY_EXISTS, AlreadyThere),
    (ldap.ASSERTION_FAILED, Stale),
    (ldap.NO_SUCH_OBJECT, Gone),
    (ldap.CONSTRAINT_VIOLATION, Invalid),
    (ldap.OTHER, Unexpected),
]


@pytest.mark.parametrize(("code", "name"), NAMED)
def test_every_answer_has_a_name_and_keeps_slapds_own_words(code, name):
    error = named(code({"desc": "short", "info": "in slapd's words", "ctrls": []}))

    assert isinstance(error, name)
    assert str(error) == name.sentence
    assert error.detail == "in slapd's words"
