"""The files emitted for the panel: systemd, logrotate and the panel itself take them."""

import stat
from dataclasses import replace

import pytest

from deploy.check_panel import check_panel, panel_below
from deploy.emit import emit, rendered
from deploy.programs import run
from deploy.site import Directory, Panel, Passwords, Site, SiteError


def texts(site):
    return {file.path: file.text for file in rendered("panel", site)}


def test_systemd_and_nginx_have_no_complaint():
    assert check_panel(Site()) == ["systemd-analyze and nginx have no complaint"]


def test_systemd_is_heard_when_a_directive_is_misspelt(tmp_path):
    site = panel_below(Site(), tmp_path)
    emit(["panel"], site, tmp_path)
    unit = tmp_path / "etc/systemd/system/vmail-admin.service"
    unit.write_text(unit.read_text().replace("ProtectHome=", "ProtectHomes="))

    assert "ProtectHomes" in run("systemd-analyze", "verify", "--man=no", str(unit))


def test_the_settings_are_for_root_and_the_panel_alone():
    modes = {file.path: file.mode for file in rendered("panel", Site())}

    assert modes["etc/vmail-admin/panel.env"] == 0o640


def test_the_settings_follow_the_facts():
    site = Site(
        suffix="o=acme",
        panel=Panel(host="panel.acme.test"),
        passwords=Passwords(min_length=14),
        directory=Directory(uris=("ldaps://a.acme.test", "ldaps://b.acme.test"), ca="/etc/ca.pem"),
    )
    assert {
        "VMAIL_HOSTS=panel.acme.test",
        "VMAIL_DIRECTORY_SUFFIX=o=acme",
        "VMAIL_DIRECTORY_URI=ldaps://a.acme.test ldaps://b.acme.test",
        "VMAIL_DIRECTORY_CA_FILE=/etc/ca.pem",
        "VMAIL_PASSWORD_MIN_LENGTH=14",
    } <= set(texts(site)["etc/vmail-admin/panel.env"].splitlines())


def test_on_postgresql_the_url_is_handed_over_as_the_key_is_and_no_file_is_made():
    emitted = texts(Site(panel=Panel(database="postgresql")))
    unit = emitted["etc/systemd/system/vmail-admin.service"].splitlines()

    assert "LoadCredential=database-url:/etc/vmail-admin/database-url" in unit
    assert "Environment=DATABASE_URL_FILE=%d/database-url" in unit
    assert "panel.sqlite3" not in emitted["etc/tmpfiles.d/vmail-admin.conf"]
    assert "DATABASE_URL" not in "".join(texts(Site()).values())
    assert check_panel(Site(panel=Panel(database="postgresql")))


def test_systemd_makes_the_user_and_the_folders(tmp_path):
    emit(["panel"], Site(), tmp_path)
    (tmp_path / "etc/group").write_text("root:x:0:\nadm:x:4:\n")
    (tmp_path / "etc/passwd").write_text("root:x:0:0::/root:/bin/sh\nwww-data:x:33:4::/:/bin/sh\n")

    run("systemd-sysusers", f"--root={tmp_path}", "vmail-admin.conf")
    run("systemd-tmpfiles", "--create", f"--root={tmp_path}", "vmail-admin.conf")

    assert "\nvmail-admin:" in (tmp_path / "etc/passwd").read_text()
    state = tmp_path / "var/lib/vmail-admin"
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in [state, *state.iterdir()]}
    assert modes == {"vmail-admin": 0o711, "static": 0o755, "panel.sqlite3": 0o600}


def test_logrotate_reads_its_file(tmp_path):
    emit(["panel"], replace(Site(), panel=Panel(log_dir=str(tmp_path))), tmp_path)
    rules = tmp_path / "etc/logrotate.d/vmail-admin"

    said = run("logrotate", "--debug", f"--state={tmp_path}/state", str(rules))

    assert "error" not in said.lower()
    assert "(14 rotations)" in said


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"host": "panel"}, "panel.host"),
        ({"user": "root user"}, "panel.user"),
        ({"folder": "opt/panel"}, "panel.folder"),
        ({"tls_key": "/etc/key.pem"}, "panel.tls_certificate"),
        ({"tls_certificate": "/etc/cert.pem"}, "panel.tls_key"),
        ({"http_port": 443}, "panel.https_port"),
        ({"workers": 0}, "panel.workers"),
        ({"database": "mysql"}, "panel.database"),
        ({"second_factor": "users"}, "panel.second_factor"),
        ({"metrics": "127.0.0.1"}, "panel.metrics"),
        ({"metrics": ["192.0.2.7/24"]}, "panel.metrics"),
        ({"metrics": ["127.0.0.1\nX=1"]}, "panel.metrics"),
    ],
)
def test_a_wrong_fact_is_an_error_with_its_key(table, key):
    with pytest.raises(SiteError) as error:
        Site.from_table({"panel": table})
    assert error.value.key == key
