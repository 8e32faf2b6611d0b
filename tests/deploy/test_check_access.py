"""check_servers --access: a live slapd's rules are tried in a domain that is gone afterwards."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import ldap
import pytest
from django.core.management import CommandError, call_command

from deploy.check_servers import access
from deploy.check_servers.access import ATTEMPTS, UNTRIED
from deploy.check_servers.throwaway import NAME, SECOND
from deploy.private_slapd import FORMS, PrivateSlapd

from .asking import Asked
from .cast import ADMIN, MANAGER, SITE, password_of, world

DOMAIN = f"jvd={NAME},{SITE.hosting}"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", params=FORMS)
def form(request):
    return request.param


def served(folder, profile, form):
    site = replace(SITE, access=profile)
    slapd = PrivateSlapd(folder, site, form=form, fast=True)
    slapd.load(f"{slapd.base_ldif}\n{world()}")
    return slapd


@pytest.fixture(scope="module")
def strict(tmp_path_factory, form):
    with served(tmp_path_factory.mktemp("strict"), "strict", form) as slapd:
        yield Asked(slapd)


@pytest.fixture(scope="module")
def howto(tmp_path_factory, form):
    with served(tmp_path_factory.mktemp("howto"), "howto", form) as slapd:
        yield Asked(slapd)


@pytest.fixture
def facts(tmp_path):
    """A site file that names this slapd."""

    def written(asked):
        file = tmp_path / "site.toml"
        uris = f'[directory]\nuris = ["{asked.slapd.ldap_uri}"]\n'
        file.write_text(f'access = "{asked.slapd.site.access}"\n{uris}')
        return str(file)

    return written


@pytest.fixture
def command(facts, monkeypatch, capsys):
    """Runs it as a site admin; gives how it ended and what it said."""

    def run(asked, admin="admin", password="", yes=True):
        monkeypatch.setenv("VMAIL_CHECK_ADMIN_PASSWORD", password or password_of(ADMIN))
        try:
            call_command("check_servers", site=facts(asked), access=True, admin=admin, yes=yes)
        except SystemExit as ending:
            return ending.code, capsys.readouterr().out
        return 0, capsys.readouterr().out

    return run


def everything(asked):
    found = asked.as_root().search_s(SITE.suffix, ldap.SCOPE_SUBTREE, attrlist=["entryCSN"])
    return dict(found)


def test_the_strict_rules_have_no_hole(strict, command):
    before = everything(strict)

    code, said = command(strict)

    assert (code, said.count("pass  ")) == (0, len(ATTEMPTS)), said
    assert everything(strict).keys() == before.keys()
    assert members(strict) == [ADMIN]
    assert password_of(ADMIN) not in said
    assert [sentence for sentence, why in UNTRIED if f"{sentence} ({why})" not in said] == []


def members(asked):
    [(_, entry)] = asked.as_root().search_s(f"cn=siteadmins,{SITE.admins}", ldap.SCOPE_BASE)
    return [one.decode() for one in entry["member"]]


def test_the_howto_s_holes_are_named_with_the_rule_that_closes_each(howto, command):
    before = everything(howto)

    code, said = command(howto, admin=MANAGER, password=password_of(MANAGER))

    about_site_admins = [one for one in ATTEMPTS if "is site admin" in one.sentence]
    rest = [one for one in ATTEMPTS if one not in about_site_admins]
    assert (code, said.count("fail  ")) == (1, len(rest)), said
    for one in about_site_admins:
        assert f"not asked      {one.sentence} (there is no list of site admins)" in said
    for one in rest:
        assert f"{one.sentence}\n" in said
        assert f"Fix: {access.fix_of(one.rule)}" in said
    assert everything(howto) == before


@contextmanager
def rules_of(asked, changed):
    """Inside, the live slapd has other rules: what is made of each of the old ones, as text."""
    root, database = asked.as_root(), "olcDatabase={1}mdb,cn=config"
    [(_, entry)] = root.search_s(database, ldap.SCOPE_BASE, attrlist=["olcAccess"])
    rules = [rule.decode().partition("}")[2] for rule in entry["olcAccess"]]
    numbered = [b"{%d}%s" % (n, rule.encode()) for n, rule in enumerate(changed(rules))]
    root.modify_s(database, [(ldap.MOD_REPLACE, "olcAccess", numbered)])
    try:
        yield
    finally:
        root.modify_s(database, [(ldap.MOD_REPLACE, "olcAccess", entry["olcAccess"])])


IN_RULE_10B = (
    ("]/member & this", "]/member & [cn=nobody]", "an odd"),
    ("(member=$0)", "(member=cn=nobody)", "a plain"),
)


@pytest.mark.parametrize("gone", [1, 2])
def test_a_site_admin_whom_a_postmaster_could_reset_is_found(strict, command, gone):
    """The question about odd addresses answers for plain ones too."""

    def without(rules):
        text = "\0".join(rules)
        for part, nothing, _ in IN_RULE_10B[:gone]:
            assert part in text
            text = text.replace(part, nothing)
        return text.split("\0")

    with rules_of(strict, without):
        code, said = command(strict)

    assert (code, said.count("fail  ")) == (1, gone), said
    for _, _, kind in IN_RULE_10B[:gone]:
        assert f"to who is site admin, with {kind} address\n" in failed(said)
    assert members(strict) == [ADMIN]


def failed(said):
    return "".join(f"{line}\n" for line in said.splitlines() if line.startswith("fail  "))


def test_one_rule_that_was_weakened_is_found(strict, command):
    opened = f"to dn.subtree={SITE.hosting} attrs=quota by self write by * break"
    with rules_of(strict, lambda rules: [opened, *rules]):
        code, said = command(strict)

    assert code == 1
    assert "fail           a user cannot set the own quota\n" in said
    assert said.count("fail  ") == 1


@pytest.mark.parametrize("name", [NAME, SECOND])
def test_a_domain_of_that_name_is_left_alone(strict, command, name):
    root, domain = strict.as_root(), f"jvd={name},{SITE.hosting}"
    mine = {"objectClass": "JammVirtualDomain", "jvd": name, "delete": "FALSE", "lastChange": "1"}
    mine |= dict.fromkeys(("accountActive", "editAccounts", "editPostmasters"), "TRUE")
    root.add_s(domain, [(name, [value.encode()]) for name, value in mine.items()])
    before = everything(strict)
    try:
        with pytest.raises(CommandError, match=f"^{name} is in the directory already"):
            command(strict)
        assert everything(strict) == before
    finally:
        root.delete_s(domain)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_cleans_up_when_it_is_interrupted(strict, facts, number, tmp_path):
    before = everything(strict)
    slow = tmp_path / "slow.py"
    slow.write_text(SLOW)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "VMAIL_CHECK_ADMIN_PASSWORD": password_of(ADMIN),
    }
    child = subprocess.Popen(
        [sys.executable, str(slow), facts(strict)],
        cwd=ROOT,
        env=environment | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 60
        while DOMAIN not in everything(strict) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert DOMAIN in everything(strict)
        child.send_signal(number)
        _, said = child.communicate(timeout=60)
    finally:
        child.kill()

    assert f"Interrupted. {NAME} and {SECOND} are removed." in said
    assert everything(strict).keys() == before.keys()


# The command itself, with a moment's rest after each attempt.
SLOW = """
import signal, sys, time
import django
# Who starts the tests in the background of a shell has it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
django.setup()
from django.core.management import execute_from_command_line
from deploy.check_servers import access
from deploy.management.commands import check_servers as command
def slowly(domain):
    for answer in access.tries(domain):
        time.sleep(0.2)
        yield answer
command.tries = slowly
words = ["manage.py", "check_servers", "--site", sys.argv[1]]
execute_from_command_line([*words, "--access", "--admin", "admin", "--yes"])
"""


def test_it_cleans_up_after_a_failure_in_the_middle(strict, command, monkeypatch):
    before = everything(strict)

    def broken(connection, domain):
        raise ldap.SERVER_DOWN({"desc": "Can't contact LDAP server"})

    half = [*ATTEMPTS[:3], replace(ATTEMPTS[3], attempt=broken)]
    monkeypatch.setattr("deploy.check_servers.access.ATTEMPTS", half)

    with pytest.raises(CommandError, match="Can't contact LDAP server"):
        command(strict)
    assert everything(strict).keys() == before.keys()


def test_nobody_is_asked_without_consent(strict, command):
    with pytest.raises(CommandError, match="say --yes"):
        command(strict, yes=False)
    with pytest.raises(CommandError, match="--access needs --admin"):
        command(strict, admin="")
    with pytest.raises(CommandError, match=r"^as cn=admin,.*Invalid credentials$"):
        command(strict, password="wrong")
    assert DOMAIN not in everything(strict)
