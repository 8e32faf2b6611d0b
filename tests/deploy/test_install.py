"""Putting files in their places: only what differs, with a copy of what was there."""

import grp
import os
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from deploy.emit import rendered
from deploy.install import install, places
from deploy.services import TOLD
from deploy.site import Secrets, Site

SITE = Site()
HOWTO = Site(access="howto", secrets=Secrets(manager_password="for the manager"))


def installed(site, root):
    return install(places("slapd", site, root), root)


def files_below(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def run(tmp_path, capsys):
    """manage.py emit slapd --install below a folder; gives what it said."""

    def command(facts="", *services):
        file = tmp_path / "site.toml"
        file.write_text(facts)
        root = tmp_path / "root"
        call_command("emit", *(services or ["slapd"]), site=str(file), install=True, root=str(root))
        return capsys.readouterr()

    return command


def test_everything_is_put_where_it_belongs(tmp_path):
    assert installed(SITE, tmp_path) is None

    for file in rendered("slapd", SITE):
        assert (tmp_path / file.path).read_text() == file.text
        assert (tmp_path / file.path).stat().st_mode & 0o7777 == file.mode


def test_a_second_time_changes_nothing(tmp_path):
    installed(HOWTO, tmp_path)
    before = files_below(tmp_path)

    assert places("slapd", HOWTO, tmp_path) == []
    assert installed(HOWTO, tmp_path) is None
    assert files_below(tmp_path) == before


def test_only_what_differs_is_written_and_what_was_there_is_kept(tmp_path):
    installed(SITE, tmp_path)
    conf, ldif = tmp_path / "etc/ldap/slapd.conf", tmp_path / "etc/ldap/slapd.ldif"
    old, inode = conf.read_text(), ldif.stat().st_ino
    conf.write_text("# by hand\n")
    conf.chmod(0o600)

    kept = installed(SITE, tmp_path)

    assert conf.read_text() == old
    assert ldif.stat().st_ino == inode
    assert [path.relative_to(kept) for path in kept.rglob("*") if path.is_file()] == [
        conf.relative_to(tmp_path)
    ]
    copy = kept / "etc/ldap/slapd.conf"
    assert copy.read_text() == "# by hand\n"
    assert copy.stat().st_mode & 0o7777 == 0o600


def test_the_copies_are_for_root_alone(tmp_path):
    installed(SITE, tmp_path)
    (tmp_path / "etc/ldap/slapd.conf").write_text("rootpw secret\n")

    kept = installed(SITE, tmp_path)

    assert kept.stat().st_mode & 0o7777 == 0o700
    assert kept.parent.stat().st_mode & 0o7777 == 0o700


def test_two_changes_in_one_second_are_kept_apart(tmp_path):
    installed(SITE, tmp_path)
    kept = set()
    for number in range(3):
        (tmp_path / "etc/ldap/slapd.conf").write_text(f"# {number}\n")
        kept.add(installed(SITE, tmp_path))

    assert sorted((one / "etc/ldap/slapd.conf").read_text() for one in kept) == [
        "# 0\n",
        "# 1\n",
        "# 2\n",
    ]


def test_a_mode_that_is_too_open_is_put_right(tmp_path):
    installed(HOWTO, tmp_path)
    conf = tmp_path / "etc/ldap/slapd.conf"
    conf.chmod(0o644)

    installed(HOWTO, tmp_path)

    assert conf.stat().st_mode & 0o7777 == 0o640


def test_the_service_can_read_its_passwords_and_others_cannot(tmp_path):
    installed(HOWTO, tmp_path)
    conf = (tmp_path / "etc/ldap/slapd.conf").stat()

    # Only root gives files away.
    expected = grp.getgrnam("openldap").gr_gid if os.geteuid() == 0 else os.getegid()
    assert (conf.st_uid, conf.st_gid) == (os.geteuid(), expected)
    assert conf.st_mode & 0o7777 == 0o640


def test_a_file_that_cannot_be_written_takes_the_others_back(tmp_path):
    installed(SITE, tmp_path)
    (tmp_path / "etc/ldap/slapd.conf").write_text("# by hand\n")
    before = {
        path: path.read_bytes()
        for path in (tmp_path / "etc").rglob("*")
        if path.name != "slapd.ldif" and path.is_file()
    }
    blocked = tmp_path / "etc/ldap/slapd.ldif"
    blocked.unlink()
    (blocked / "in the way").mkdir(parents=True)

    with pytest.raises(OSError, match=r"slapd\.ldif"):
        installed(replace(SITE, suffix="o=acme"), tmp_path)

    after = {path: path.read_bytes() for path in (tmp_path / "etc").rglob("*") if path.is_file()}
    assert after == before


def test_the_command_says_what_it_wrote_and_what_to_run(run, tmp_path):
    said = run().out

    assert f"{tmp_path}/root/etc/ldap/slapd.conf\n" in said
    assert "Now run:\n" in said
    assert "  systemctl daemon-reload && systemctl restart slapd\n" in said
    assert "slapd: config file testing succeeded" in said


def test_the_command_twice_in_a_row_changes_nothing(run, tmp_path):
    run()
    before = files_below(tmp_path / "root")

    said = run().out

    assert said.startswith("Nothing differs; nothing was written.\n")
    assert "Now run" not in said
    assert files_below(tmp_path / "root") == before


def test_the_command_names_the_copies(run, tmp_path):
    run()

    said = run('suffix = "o=acme"').out

    [kept] = (tmp_path / "root/var/backups/vmail-admin").iterdir()
    assert f"What was there before: {kept}\n" in said
    assert 'suffix "dc=myhosting,dc=example"' in (kept / "etc/ldap/slapd.conf").read_text()


def test_nothing_is_touched_when_the_service_refuses(run, tmp_path):
    run()
    before = files_below(tmp_path / "root")

    with pytest.raises(CommandError, match=r"slaptest failed|slapadd failed"):
        run('suffix = "o=acme"\n[slapd]\nmodule_dir = "/nowhere"')
    assert files_below(tmp_path / "root") == before


def test_several_services_are_installed_together(run, tmp_path):
    said = run("", "slapd", "panel").out

    assert (tmp_path / "root/etc/vmail-admin/panel.env").exists()
    assert "systemctl restart slapd" in said
    assert "systemctl reload nginx" in said


def test_a_service_that_this_machine_does_not_have_is_named(run, monkeypatch):
    monkeypatch.setitem(TOLD, "slapd", replace(TOLD["slapd"], group="not-installed"))

    assert "no group not-installed yet. Install slapd" in run().err


def test_only_root_installs_below_the_root(tmp_path, monkeypatch):
    (tmp_path / "site.toml").write_text("")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(CommandError, match="Only root can install below /"):
        call_command("emit", "panel", site=str(tmp_path / "site.toml"), install=True, no_check=True)
