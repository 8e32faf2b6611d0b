"""What an installation would change, shown without a password."""

from dataclasses import replace

import pytest
from django.core.management import call_command

from deploy.diff import differences
from deploy.emit import emit
from deploy.site import Secrets, Site

HUSH = "hush-hush-4711"
SITE = Site(
    access="howto", secrets=Secrets(manager_password=HUSH, service_password=f"service {HUSH}")
)


def shown(site, root, service="slapd"):
    return [line for one in differences(service, site, root) for line in one.lines()]


@pytest.fixture
def live(tmp_path):
    """A server that has the site's files."""
    emit(["slapd"], SITE, tmp_path)
    return tmp_path


def change(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_nothing_differs_where_everything_was_emitted(live):
    assert shown(SITE, live) == []


def test_a_changed_line_is_shown_with_its_file(live):
    lines = shown(replace(SITE, slapd=replace(SITE.slapd, max_size_gb=1)), live)

    assert f"--- {live}/etc/ldap/slapd.conf" in lines
    assert {"-maxsize 17179869184", "+maxsize 1073741824"} <= set(lines)


def test_a_file_that_is_missing_is_shown_whole(live):
    (live / "etc/ldap/slapd.conf").unlink()

    lines = shown(SITE, live)

    assert "--- /dev/null" in lines
    assert '+suffix "dc=myhosting,dc=example"' in lines


def test_a_mode_that_is_too_open_is_shown(live):
    file = live / "etc/ldap/slapd.conf"
    file.chmod(0o644)

    assert shown(SITE, live) == [f"mode of {file}: 0644 becomes 0640"]


def test_a_new_password_shows_that_it_changes_and_no_more(live):
    new = replace(SITE, secrets=replace(SITE.secrets, manager_password="another-4712"))

    lines = shown(new, live)

    assert lines.count('-rootpw "********"') + lines.count("-rootpw ********") == 1
    assert '+rootpw "********"' in lines
    assert not any("4711" in line or "4712" in line or "$6$" in line for line in lines)


def test_a_password_that_reaches_a_file_in_clear_is_masked(tmp_path):
    old = replace(SITE, access="strict")
    emit(["dovecot"], old, tmp_path)
    new = replace(old, secrets=replace(SITE.secrets, service_password="another-4712"))

    lines = shown(new, tmp_path, "dovecot")

    assert any(line.startswith("+dnpass = *") for line in lines)
    assert not any("4711" in line or "4712" in line for line in lines)


@pytest.mark.parametrize(
    "line",
    [
        f"rootpw {HUSH}",
        f'   rootpw\t"{HUSH}"',
        f"olcRootPW: {HUSH}",
        f"userPassword:: {HUSH}",
        f"bind_pw={HUSH}",
        f"LDAP_BINDPW\t\t{HUSH}",
        f"dnpass = {HUSH}",
        f'syncrepl rid=1 credentials="{HUSH}" type=refreshOnly',
        f"$config['des_key'] = '{HUSH}';",
        f"$config['smtp_pass'] = '{HUSH}';",
        f"$config['db_dsnw'] = 'mysql://roundcube:{HUSH}@localhost/roundcube';",
        f"-- dnpass = {HUSH}",
        f"something else {HUSH} in between",
    ],
)
def test_what_somebody_else_wrote_is_masked_by_its_name_or_its_text(live, line):
    with (live / "etc/ldap/slapd.conf").open("a") as file:
        file.write(f"{line}\n")

    lines = shown(SITE, live)

    assert any(one.startswith("-") and "********" in one for one in lines)
    assert not any(HUSH in one for one in lines)


def test_an_unknown_password_is_masked_by_its_name(live):
    with (live / "etc/ldap/slapd.conf").open("a") as file:
        file.write("rootpw never-known-here\n")

    assert "-rootpw ********" in shown(SITE, live)


def test_what_a_terminal_would_obey_is_spelt_out(live):
    with (live / "etc/ldap/slapd.conf").open("ab") as file:
        file.write(b"# \x1b]0;owned\x07 \xff\n")

    [line] = [one for one in shown(SITE, live) if "owned" in one]
    assert line == r"-# \x1b]0;owned\x07 \xff"


def test_the_command_shows_the_same(live, tmp_path, capsys):
    facts = tmp_path / "site.toml"
    (tmp_path / "manager").write_text(HUSH)
    facts.write_text(f'access = "howto"\n[secrets]\nmanager_password_file = "{tmp_path}/manager"')
    before = {path: path.read_bytes() for path in live.rglob("*") if path.is_file()}

    call_command("emit", "slapd", site=str(facts), diff=str(live))
    change(live / "etc/ldap/slapd.conf", "idletimeout 300", "idletimeout 0")
    call_command("emit", "slapd", site=str(facts), diff=str(live))

    said = capsys.readouterr().out
    assert said.startswith("Nothing differs.\n")
    assert "-idletimeout 0\n+idletimeout 300\n" in said
    change(live / "etc/ldap/slapd.conf", "idletimeout 0", "idletimeout 300")
    assert {path: path.read_bytes() for path in before} == before
