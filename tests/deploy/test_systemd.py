"""systemd on the emitted units of slapd, beside the unit that Debian starts it by."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.emit import emit
from deploy.programs import run
from deploy.site import Site

GENERATOR = "/lib/systemd/system-generators/systemd-sysv-generator"
NATIVE = Path("/lib/systemd/system/slapd.service")


@pytest.fixture
def units(tmp_path):
    """slapd's unit as systemd would have it on this machine, and what is emitted for it."""
    emit(["slapd"], Site(), tmp_path)
    folder = tmp_path / "etc/systemd/system"
    if NATIVE.exists():
        (folder / NATIVE.name).write_text(NATIVE.read_text())
    else:
        run(GENERATOR, *[str(folder)] * 3)
    return folder


def verified(units):
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(units / "slapd.service")],
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr


def test_systemd_has_no_complaint(units):
    assert verified(units) == ""


def test_systemd_hears_what_is_misspelt(units):
    """So the file is read at all."""
    emitted = units / "slapd.service.d/restart.conf"
    emitted.write_text(emitted.read_text().replace("PIDFile=", "PIDFiles="))

    assert "PIDFiles" in verified(units)


def test_systemd_is_told_the_file_in_which_slapd_says_its_process(tmp_path):
    slapd = replace(Site().slapd, run_dir="/srv/our slapd")
    emit(["slapd"], replace(Site(), slapd=slapd), tmp_path)

    text = (tmp_path / "etc/systemd/system/slapd.service.d/restart.conf").read_text()
    assert "\nPIDFile=/srv/our slapd/slapd.pid\n" in text
    assert "/srv/our slapd/slapd.pid" in (tmp_path / "etc/ldap/slapd.conf").read_text()
