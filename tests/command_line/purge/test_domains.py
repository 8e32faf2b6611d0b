"""Whole domains: with all they hold, or not at all."""

import ldap.dn

from tests.command_line.purge.maildirs import archives, everybody_lives_below, mark, snapshot
from tests.world import CAROL, HOSTING, OTHER, OTTO


def test_a_domain_goes_with_all_it_holds(purge, mail, world):
    everybody_lives_below(world, mail)
    mark(world, OTHER)

    assert purge("--yes").code == 0
    assert [world.entry(dn) for dn in (OTHER, CAROL, OTTO)] == [None, None, None]
    assert not (mail / "other.test").exists()
    assert {path.name.partition("-")[0] for path in archives(mail)} == {
        "carol@other.test",
        "otto@other.test",
    }
    assert (mail / "example.test/alice").exists()


def test_a_domain_that_holds_what_nobody_knows_stays_whole(purge, mail, world):
    everybody_lives_below(world, mail)
    mark(world, OTHER)
    root = world.root()
    strange = f"ou=sub,{OTHER}"
    root.add_s(strange, [("objectClass", [b"organizationalUnit"]), ("ou", [b"sub"])])
    root.unbind_s()
    before = snapshot(mail)

    said = purge("--yes")

    assert (said.code, "neither an account nor an alias" in said.err) == (1, True)
    assert snapshot(mail) == before
    assert world.entry(CAROL)


def test_one_unsafe_account_keeps_its_whole_domain(purge, mail, world):
    everybody_lives_below(world, mail)
    mark(world, OTHER)
    world.change(CAROL, mailbox="example.test//alice/")
    before = snapshot(mail)

    said = purge("--yes")

    assert "carol@other.test: alice@example.test has mail there too" in said.err
    assert snapshot(mail) == before
    assert world.entry(OTTO)


def test_a_domain_whose_name_is_a_path_takes_no_folder_with_it(purge, mail, world):
    """An empty folder may stand for something, wherever it is: a queue, or where a disk goes."""
    elsewhere = mail.parent / "elsewhere"
    elsewhere.mkdir()
    flags = ("accountActive", "delete", "editAccounts", "editPostmasters")
    values = {"objectClass": "JammVirtualDomain", "jvd": str(elsewhere), "lastChange": "1"}
    dn = ldap.dn.dn2str([[("jvd", str(elsewhere), 1)]]) + f",{HOSTING}"
    root = world.root()
    values |= dict.fromkeys(flags, "TRUE")
    root.add_s(dn, [(name, [value.encode()]) for name, value in values.items()])
    root.unbind_s()

    assert purge("--yes").code == 0
    assert world.entry(dn) is None
    assert elsewhere.exists()
