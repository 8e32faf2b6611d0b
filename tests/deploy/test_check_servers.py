"""The running servers are asked, and what is wrong with them is found."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from deploy.check_servers import slapd
from deploy.check_servers.checks import State, answer, answers
from deploy.check_servers.every import SYSTEMS
from deploy.check_servers.target import Target
from deploy.children import free_ports
from deploy.facts import Secret
from deploy.hashes import ldap_hash
from deploy.private_mail import PrivateMail
from deploy.private_slapd import PrivateSlapd
from tests.deploy.asking import Asked
from tests.deploy.cast import (
    ALICE,
    DAVE,
    ERIN,
    MAILSERVICE,
    PAT,
    SITE,
    password_of,
    world,
)
from tests.deploy.live import (
    DATABASE,
    changed,
    facts_of,
    open_folder,
    opened,
    reload_postfix,
)

MAIL = replace(
    SITE,
    imap="dovecot",
    slapd=replace(SITE.slapd, local_writes=True),
    postfix=replace(SITE.postfix, postmaster="postmaster@other.test"),
)


@pytest.fixture(scope="module")
def servers():
    """slapd, Postfix and Dovecot on the emitted files, and a target for the checks."""
    with open_folder() as folder:
        directory = PrivateSlapd(folder / "slapd", MAIL, form="config", fast=True)
        directory.load(f"{directory.base_ldif}\n{world()}")
        with directory, PrivateMail(folder / "mail", MAIL, [directory.ldap_uri]) as mail:
            site = replace(mail.site, slapd=directory.site.slapd, mail_home=MAIL.mail_home)
            yield (
                directory,
                Target(
                    site=site,
                    address="127.0.0.1",
                    root_uri=directory.ldapi_uri,
                    login="alice@example.test",
                    password=Secret(password_of(ALICE)),
                    postmaster="pat@example.test",
                    postmaster_password=Secret(password_of(PAT)),
                ),
            )


@pytest.fixture
def target(servers):
    """A target without open connections."""
    return replace(servers[1], _connections={})


@pytest.fixture
def as_root(servers):
    return Asked(servers[0]).as_root()


def sentences(system, target, state):
    return [one.check.sentence for one in answers(SYSTEMS[system], target) if one.state is state]


@pytest.mark.parametrize("system", [name for name in SYSTEMS if name != "panel"])
def test_servers_on_the_emitted_files_pass(system, target):
    found = list(answers(SYSTEMS[system], target))

    told = {one.check.sentence: (one.state, one.detail) for one in found}
    # Dovecot trusts whoever connects from its own machine.
    told.pop("IMAP takes no password before TLS", None)
    assert {state for state, _ in told.values()} <= {State.PASS, State.NOTE}, told


def test_an_open_directory_is_found(target, as_root):
    with opened(as_root, "mail"):
        failed = sentences("slapd", target, State.FAIL)

    assert failed == [
        "slapd shows nobody an address without signing in",
        "a postmaster sees the own domain in slapd, and no other",
        "slapd runs with the rules, limits and indexes that are emitted",
    ]


def test_passwords_that_can_be_searched_are_found(target, as_root):
    with opened(as_root, "userPassword"):
        failed = sentences("slapd", target, State.FAIL)

    assert "slapd shows nobody a password" in failed
    assert "the mail servers see no password in slapd" in failed


def test_a_missing_index_and_a_small_database_are_found(target, as_root):
    with changed(as_root, DATABASE, "olcDbIndex", "objectClass eq"):
        assert answer(slapd.rules_are_the_emitted_ones, target).detail == "olcDbIndex differs"
    with changed(as_root, DATABASE, "olcDbMaxSize", str(2**30)):
        assert answer(slapd.maxsize_is_enough, target).state is State.FAIL


def test_a_wrong_service_password_is_found(target, as_root):
    with changed(as_root, MAILSERVICE, "userPassword", ldap_hash("another")):
        failed = list(answers(SYSTEMS["slapd"], target))

    [one] = [one for one in failed if one.check is slapd.service_sees_addresses]
    assert (one.state, one.detail) == (State.FAIL, "Invalid credentials")


def test_a_look_up_table_that_is_wrong_is_found(target):
    table = Path(target.site.postfix.config_dir) / "ldap/accounts.cf"
    right = table.read_text()
    table.write_text(right.replace("(accountActive=TRUE)", ""))
    try:
        failed = sentences("postfix", target, State.FAIL)
    finally:
        table.write_text(right)

    assert failed == ["Postfix has no mailbox for an account that is switched off"]


def test_a_server_that_relays_is_found(target):
    main = Path(target.site.postfix.config_dir) / "main.cf"
    right = main.read_text()
    main.write_text(right.replace("127.0.0.2/32", "127.0.0.0/8"))
    try:
        reload_postfix(target)
        failed = sentences("smtp", target, State.FAIL)
    finally:
        main.write_text(right)
        reload_postfix(target)
    assert failed == ["SMTP refuses to relay for strangers"]


def test_a_certificate_for_another_name_is_found(target):
    other = replace(target, site=replace(target.site, host="other.myhosting.example"))

    failed = sentences("imap", other, State.FAIL)

    assert failed == [
        "IMAPS shows a valid certificate",
        "IMAP offers TLS with a valid certificate",
    ]


def test_a_certificate_nobody_trusts_is_found(target):
    strange = replace(target, site=replace(target.site, tls=replace(target.site.tls, ca="")))

    assert "submissions speaks TLS with a valid certificate" in sentences(
        "smtp", strange, State.FAIL
    )


def test_a_certificate_that_ends_soon_is_found(target, monkeypatch):
    monkeypatch.setattr("deploy.check_servers.certificates.FEWEST_DAYS", 365)

    [imaps, *_] = answers(SYSTEMS["imap"], target)

    assert imaps.state is State.FAIL
    assert "more days" in imaps.detail


def test_a_wrong_password_of_the_probe_is_found(target):
    wrong = replace(target, password=Secret("wrong"))

    [probe, _] = answers(SYSTEMS["mail"], wrong)

    assert probe.state is State.FAIL
    assert "authentication failed" in probe.detail.lower()


def test_what_is_not_there_is_not_asked_about(target, as_root):
    with (
        changed(as_root, DAVE, "accountActive", "TRUE"),
        changed(as_root, ERIN, "delete", "FALSE"),
    ):
        unasked = sentences("postfix", target, State.NOT_ASKED)
    assert unasked == ["Postfix has no mailbox for an account that is switched off"]
    assert sentences("mail", replace(target, password=None), State.NOT_ASKED) == [
        "a mail that is sent can be read a moment later",
        "a wrong password opens no mailbox",
    ]


def test_servers_that_do_not_run_are_not_reachable(target, tmp_path):
    nowhere, port = free_ports(2)
    listen = replace(target.site.listen, smtp=nowhere, submission=port)
    directory = replace(target.site.directory, uris=(f"ldap://127.0.0.1:{nowhere}",))
    gone = replace(
        target,
        site=replace(target.site, listen=listen, directory=directory),
        root_uri=f"ldapi://{str(tmp_path / 'ldapi').replace('/', '%2F')}",
    )

    assert {one.state for one in answers(SYSTEMS["slapd"], gone)} == {State.NOT_REACHABLE}
    assert sentences("mail", gone, State.NOT_REACHABLE) == [
        "a mail that is sent can be read a moment later"
    ]


@pytest.fixture
def command(target, tmp_path, monkeypatch, capsys):
    """manage.py check_servers; gives how it ended and what it said."""
    facts = facts_of(target, tmp_path)
    monkeypatch.setenv("VMAIL_CHECK_PASSWORD", password_of(ALICE))

    def run(*systems, **options):
        options = {"site": facts, "address": "127.0.0.1", "ldapi": target.root_uri} | options
        try:
            call_command("check_servers", *systems, **options)
        except SystemExit as ending:
            return ending.code, capsys.readouterr().out
        return 0, capsys.readouterr().out

    return run


def test_the_command_says_a_line_for_each_question(command):
    code, said = command("imap", "mail", account="alice@example.test")

    assert code == 0
    assert "pass           IMAPS shows a valid certificate (good for 29 days)\n" in said
    assert "pass           a mail that is sent can be read a moment later (alice@" in said
    assert said.endswith("\n4 pass, 1 not asked\n")
    assert password_of(ALICE) not in said


def test_the_command_ends_with_1_and_the_fix_where_something_is_wrong(command, as_root):
    with changed(as_root, DATABASE, "olcDbIndex", "objectClass eq"):
        code, said = command("slapd")

    assert code == 1
    line = "slapd runs with the rules, limits and indexes that are emitted (olcDbIndex differs)"
    assert f"fail           {line}\n               Fix: emit slapd --diff" in said


def test_the_command_ends_with_2_where_nobody_answers(command):
    code, said = command("slapd", ldapi="ldapi://%2Fnonesuch%2Fldapi")

    assert code == 2
    assert "not reachable  slapd's database has room (Can't contact LDAP server" in said


def test_the_command_names_the_systems_there_are(command):
    with pytest.raises(CommandError, match="No system 'pop'; there are: slapd, postfix, smtp"):
        command("pop")


def test_the_howto_s_open_list_is_no_failure(tmp_path):
    site = replace(MAIL, access="howto")
    directory = PrivateSlapd(tmp_path, site, fast=True)
    directory.load(f"{directory.base_ldif}\n{world()}")
    with directory:
        facts = replace(directory.site.directory, uris=(directory.ldap_uri,))
        target = Target(site=replace(directory.site, directory=facts), root_uri=directory.ldapi_uri)
        found = {one.check.sentence: one for one in answers(SYSTEMS["slapd"], target)}

    assert found["slapd shows nobody an address without signing in"].state is State.NOT_ASKED
    assert [one for one in found.values() if one.state is State.FAIL] == []
