"""legacy: the HOWTO's own rules and look-ups, which work, and whose holes are said."""

import smtplib
from dataclasses import replace
from pathlib import Path

import ldap
import pytest
from django.core.management import call_command

from deploy.checks import check
from deploy.emit import SERVICES, rendered
from deploy.holes import IN_LOOKUPS, IN_RULES, WAY_OUT, holes
from deploy.private_mail import PrivateMail
from deploy.private_slapd import PrivateSlapd
from deploy.programs import program, run, run_quietly
from deploy.site import Site
from tests.deploy.asking import Asked
from tests.deploy.cast import ALICE, CAROL, PAT, SITE, address_dn, world
from tests.deploy.live import open_folder

LEGACY = replace(
    SITE, legacy=True, postfix=replace(SITE.postfix, postmaster="postmaster@other.test")
)


def text_of(service, path, site=LEGACY):
    return {file.path: file.text for file in rendered(service, site)}[path]


def test_an_old_server_gets_the_old_rules():
    assert LEGACY.access == "howto"
    assert 'rootdn "cn=Manager,' in text_of("slapd", "etc/ldap/slapd.conf")


def test_an_old_server_gets_the_look_ups_where_they_were():
    main = text_of("postfix", "etc/postfix/main.cf")

    assert "virtual_alias_maps = ldap:accountsmap, ldap:aliases\n" in main
    assert "\ndomains_scope = one\n" in main
    assert "ldap/accounts.cf" not in main
    assert "static:5000" in main


@pytest.mark.parametrize("service", ["slapd", "postfix"])
def test_the_services_accept_their_files(service):
    assert check(service, LEGACY)


def test_postfix_is_silent_about_the_old_form():
    said = check("postfix", LEGACY)

    assert said == check("postfix", replace(LEGACY, legacy=False, access="strict"))


@pytest.fixture(scope="module")
def old_server():
    with open_folder() as folder:
        directory = PrivateSlapd(folder / "slapd", LEGACY, fast=True)
        directory.load(f"{directory.base_ldif}\n{world()}")
        with directory, PrivateMail(folder / "mail", LEGACY, [directory.ldap_uri]) as mail:
            yield Asked(directory), mail


@pytest.mark.parametrize(
    ("source", "key", "answer"),
    [
        ("domains", "example.test", "example.test"),
        ("domains", "quiet.test", ""),
        ("domains", "nowhere.test", ""),
        ("accounts", "alice@example.test", "example.test/alice/"),
        ("accounts", "dave@example.test", ""),
        ("accounts", "erin@example.test", ""),
        ("accountsmap", "alice@example.test", "alice@example.test"),
        ("aliases", "news@example.test", "alice@example.test"),
        ("aliases", "@example.test", "alice@example.test"),
    ],
)
def test_the_old_look_ups_answer(old_server, source, key, answer):
    folder = old_server[1].site.postfix.config_dir

    said = run_quietly([program("postmap"), "-c", folder, "-q", key, f"ldap:{source}"], None)

    assert said.stdout.strip() == answer


def answer_to(mail, recipient):
    with smtplib.SMTP("127.0.0.1", mail.site.listen.smtp, timeout=10) as smtp:
        smtp.ehlo("client.example.com")
        smtp.mail("somebody@example.com")
        return smtp.rcpt(recipient)[0]


def test_mail_is_taken_and_refused(old_server):
    _, mail = old_server

    assert answer_to(mail, "alice@example.test") == 250
    assert answer_to(mail, "anybody@example.test") == 250
    assert answer_to(mail, "anybody@other.test") == 550
    assert answer_to(mail, "carol@nowhere.test") == 554


def test_the_hole_in_the_rules_is_as_deep_as_it_is_said_to_be(old_server):
    asked, _ = old_server

    asked.signed_in(ALICE).modify_s(ALICE, [(ldap.MOD_REPLACE, "mailbox", [b"other.test/carol/"])])
    assert asked.connect().search_s(CAROL, ldap.SCOPE_BASE)[0][1]["mail"] == [b"carol@other.test"]


def test_the_hole_in_the_look_ups_is_as_deep_as_it_is_said_to_be(old_server):
    """pat, postmaster of example.test, takes the mail for a new address of other.test."""
    asked, mail = old_server
    folder = mail.site.postfix.config_dir
    entry = {
        "objectClass": [b"JammMailAlias"],
        "mail": [b"stolen@example.test", b"boss@other.test"],
        "maildrop": [b"pat@example.test"],
        "accountActive": [b"TRUE"],
        "lastChange": [b"1"],
    }
    asked.signed_in(PAT).add_s(address_dn("stolen@example.test"), list(entry.items()))

    assert run("postmap", "-c", folder, "-q", "boss@other.test", "ldap:aliases").strip() == (
        "pat@example.test"
    )


def test_each_hole_is_said_for_what_is_emitted():
    assert holes(Site(), SERVICES) == []
    assert holes(LEGACY, ["slapd"]) == [*IN_RULES, WAY_OUT]
    assert holes(LEGACY, ["postfix"]) == [*IN_LOOKUPS, WAY_OUT]
    assert holes(LEGACY, SERVICES) == [*IN_RULES, *IN_LOOKUPS, WAY_OUT]
    assert holes(LEGACY, ["panel"]) == []
    assert holes(Site(access="howto"), SERVICES) == [*IN_RULES, WAY_OUT]


def test_the_command_warns_of_each_hole(tmp_path, capsys):
    facts = tmp_path / "site.toml"
    facts.write_text("legacy = true\n")

    call_command("emit", "slapd", site=str(facts), to=str(tmp_path / "out"), no_check=True)

    said = capsys.readouterr().err
    for hole in IN_RULES:
        assert f"Warning: {hole}\n" in said
    assert Path(tmp_path / "out/etc/ldap/slapd.conf").exists()


def test_the_command_is_silent_where_nothing_is_open(tmp_path, capsys):
    facts = tmp_path / "site.toml"
    facts.write_text("")

    call_command("emit", "slapd", site=str(facts), to=str(tmp_path / "out"), no_check=True)

    assert capsys.readouterr().err == ""
