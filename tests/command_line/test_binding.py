"""Who a command acts as."""

import pytest
from django.db import connections

from tests.command_line.saying import called, speaker
from tests.world import PIA, RITA, word


@pytest.fixture(autouse=True)
def nobody(monkeypatch):
    monkeypatch.delenv("VMAIL_BIND_PASSWORD", raising=False)
    monkeypatch.delenv("VMAIL_BIND_NAME", raising=False)


@pytest.mark.parametrize("who", ["rita", RITA, "pia@example.test", "Pia@EXAMPLE.test", PIA])
def test_a_name_an_address_or_a_dn(world, monkeypatch, who):
    password = word("rita" if "rita" in who else "pia")

    said = speaker(who, monkeypatch, password)("account", "list", "example.test")

    assert said.code == 0
    assert "alice@example.test" in said.out


def test_the_name_may_stand_in_the_environment(world, monkeypatch):
    monkeypatch.setenv("VMAIL_BIND_NAME", "rita")
    monkeypatch.setenv("VMAIL_BIND_PASSWORD", word("rita"))

    assert called("domain", "list").code == 0


def test_the_password_may_stand_in_a_file(world, tmp_path):
    file = tmp_path / "password"
    file.write_text(f"{word('rita')}\n")
    file.chmod(0o600)

    assert called("domain", "list", "-D", "rita", "-y", str(file)).code == 0


def test_a_file_that_everybody_may_read_is_refused(world, tmp_path):
    file = tmp_path / "password"
    file.write_text(word("rita"))
    file.chmod(0o644)

    said = called("domain", "list", "-D", "rita", "-y", str(file))

    assert (said.code, "chmod 600" in said.err) == (2, True)


@pytest.mark.parametrize("content", ["", "\n", "\nrita-secret-word\n"])
def test_an_empty_password_is_never_sent(world, tmp_path, content):
    file = tmp_path / "password"
    file.write_text(content)
    file.chmod(0o600)

    assert called("domain", "list", "-D", "rita", "-y", str(file)).code == 2


def test_a_wrong_password_is_refused(world, monkeypatch):
    said = speaker("rita", monkeypatch, "wrong")("domain", "list")

    assert (said.code, said.out) == (1, "")
    assert "does not accept this name and password" in said.err


def test_nobody_is_nobody(world, monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    said = called("domain", "list")

    assert said.code == 2
    assert "-D WHO" in said.err


def test_without_a_terminal_nobody_is_asked(world):
    said = called("domain", "list", "-D", "rita")

    assert said.code == 2
    assert "VMAIL_BIND_PASSWORD" in said.err


def test_root_on_the_socket_needs_no_password(world, monkeypatch):
    """slapd takes whoever started it for its rootdn; here that is whoever runs the tests."""
    monkeypatch.setattr("os.geteuid", lambda: 0)

    assert "example.test" in called("domain", "list").out


def test_the_unix_user_and_a_name_exclude_each_other(world):
    assert called("domain", "list", "-Y", "EXTERNAL", "-D", "rita").code == 2


def test_a_silent_slapd_has_a_code_of_its_own(panel_at, monkeypatch):
    panel_at("ldap://127.0.0.1:1")

    said = speaker("rita", monkeypatch)("domain", "list")

    assert said.code == 4
    assert "does not answer" in said.err


def test_who_has_to_choose_a_password_first_is_told_so(world, policy, monkeypatch):
    policy(pwdMustChange="TRUE")
    world.change(PIA, userPassword=None)
    root = world.root()
    root.passwd_s(PIA, None, word("pia"))
    root.unbind_s()
    world.change(PIA, pwdReset="TRUE")

    said = speaker("pia@example.test", monkeypatch)("account", "list")

    assert said.code == 1
    assert "new password" in said.err


def test_root_names_the_socket_where_the_panel_uses_another_way(panel_at):
    socket = connections["directory"].settings_dict["NAME"]
    panel_at("ldap://127.0.0.1:1")

    assert called("domain", "list", "-H", socket, "-Y", "EXTERNAL").code == 0
    assert called("domain", "list", "-Y", "EXTERNAL").code == 4


def test_no_other_machine_is_named_in_the_arguments(world):
    assert called("domain", "list", "-H", "ldap://elsewhere.test", "-Y", "EXTERNAL").code == 2


def test_root_is_a_site_admin(world):
    rows = called("account", "list", "-Y", "EXTERNAL", "--json").rows

    assert {row["address"].partition("@")[2] for row in rows} >= {"example.test", "other.test"}
    assert called("journal", "list", "-Y", "EXTERNAL").code == 0
