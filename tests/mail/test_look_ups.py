"""Every look-up of Postfix, asked with postmap -q as an administrator would."""

import pytest

from deploy.programs import ProgramError
from tests.world import ALICE, CAROL, EXAMPLE, PIA

ALICE_IS_ON = [
    ("domains", "example.test", "example.test"),
    ("domains", "EXAMPLE.test", "example.test"),
    ("domains", "unknown.test", None),
    ("domains", "asleep.test", None),
    ("accounts", "alice@example.test", "example.test/alice/"),
    ("accounts", "Alice@Example.Test", "example.test/alice/"),
    ("accounts", "dora@example.test", None),
    ("accounts", "alex@example.test", None),
    ("accounts", "nobody@example.test", None),
    ("accounts", "alice@unknown.test", None),
    ("accounts", "alice", None),
    ("accountsmap", "alice@example.test", "alice@example.test"),
    ("accountsmap", "dora@example.test", "dora@example.test"),
    ("accountsmap", "alex@example.test", None),
    ("aliases", "alex@example.test", "alice@example.test,alex@elsewhere.test"),
    ("aliases", "bob+news@example.test", "alice@example.test"),
    ("aliases", "postmaster@example.test", "postmaster"),
    ("aliases", "alice@example.test", None),
    ("catch_all", "@example.test", None),
    ("sender_logins", "alice@example.test", "alice@example.test"),
    ("sender_logins", "dora@example.test", None),
    ("sender_logins", "@example.test", None),
    ("disabled_domains", "asleep.test", "550 5.2.1 This mail domain is switched off"),
    ("disabled_domains", "example.test", None),
    ("disabled_addresses", "dora@example.test", "550 5.2.1 This address is switched off"),
    ("disabled_addresses", "alice@example.test", None),
    ("transport", "asleep.test", "error:5.2.1 This mail domain is switched off"),
    ("transport", "example.test", None),
    ("transport", "elsewhere.test", None),
]


@pytest.mark.parametrize(("table", "key", "answer"), ALICE_IS_ON)
def test_a_look_up(postfix, table, key, answer):
    assert postfix.look_up(table, key) == answer


@pytest.mark.parametrize("table", ["accounts", "accountsmap", "aliases", "sender_logins"])
@pytest.mark.parametrize("key", ["*@example.test", "x)(mail=*@example.test", "alice@*", "*"])
def test_signs_of_a_filter_are_only_signs(postfix, table, key):
    assert postfix.look_up(table, key) is None


def test_the_owners_of_an_alias_may_send_as_it(postfix):
    owners = postfix.look_up("sender_logins", "alex@example.test").split(",")

    assert set(owners) == {"alex@example.test", "alice@example.test", "alex@elsewhere.test"}


def test_who_has_the_catch_all_may_not_send_as_everybody(postfix, alias):
    alias("@example.test", "alice@example.test")

    assert postfix.look_up("catch_all", "@example.test") == "alice@example.test"
    assert postfix.look_up("sender_logins", "@example.test") is None
    assert postfix.look_up("aliases", "@example.test") is None


def test_a_catch_all_that_is_switched_off_catches_nothing(postfix, alias):
    alias("@example.test", "alice@example.test", active="FALSE")

    assert postfix.look_up("catch_all", "@example.test") is None
    assert postfix.look_up("accountsmap", "@example.test") is None


@pytest.mark.parametrize("mark", [{"accountActive": "FALSE"}, {"delete": "TRUE"}])
def test_an_account_goes_at_once_and_comes_back(postfix, world, mark):
    world.change(ALICE, **mark)
    assert postfix.look_up("accounts", "alice@example.test") is None
    assert postfix.look_up("disabled_addresses", "alice@example.test").startswith("550 5.2.1")

    world.change(ALICE, accountActive="TRUE", delete="FALSE")
    assert postfix.look_up("accounts", "alice@example.test") == "example.test/alice/"
    assert postfix.look_up("disabled_addresses", "alice@example.test") is None


@pytest.mark.parametrize("mark", [{"accountActive": "FALSE"}, {"delete": "TRUE"}])
def test_a_domain_goes_at_once_and_comes_back(postfix, world, mark):
    world.change(EXAMPLE, **mark)
    assert postfix.look_up("domains", "example.test") is None
    assert postfix.look_up("transport", "example.test").startswith("error:5.2.1")

    world.change(EXAMPLE, accountActive="TRUE", delete="FALSE")
    assert postfix.look_up("domains", "example.test") == "example.test"
    assert postfix.look_up("transport", "example.test") is None


def test_an_address_counts_in_its_own_domain_only(postfix, world):
    """Where the access rules are weaker, a postmaster might add an address of another domain."""
    world.change(PIA, mail=["pia@example.test", "vip@other.test"])

    for table in ("accounts", "accountsmap", "sender_logins"):
        assert postfix.look_up(table, "vip@other.test") is None
    assert postfix.look_up("accounts", "carol@other.test") == world.value(CAROL, "mailbox")


def test_the_files_with_the_password_are_for_root_and_postfix_alone(postfix, open_folder):
    files = list((open_folder / "courier/etc/postfix/ldap").iterdir())

    assert len(files) == 9
    assert {(file.stat().st_mode & 0o777, file.group()) for file in files} == {(0o640, "postfix")}


def test_postfix_has_nothing_to_say_against_its_files(postfix):
    assert postfix.check() == ""


def test_postfix_is_heard_when_a_look_up_is_broken(postfix, open_folder):
    broken = open_folder / "courier/etc/postfix/ldap/broken.cf"
    broken.write_text("server_host = ldap://127.0.0.1:1\nsearch_base = o=x\nversion = 3\n")

    with pytest.raises(ProgramError, match="Can't contact LDAP server"):
        postfix.look_up("broken", "alice@example.test")
    broken.unlink()
