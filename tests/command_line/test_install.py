"""`pip install .` into an empty environment: vmail works there, with pages and styles."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.world import word

PROJECT = Path(__file__).resolve().parents[2]
COPIED = ("vmail_admin", "domains", "accounts", "deploy", "templates", "static")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The bin folder of an environment that holds the package; what it needs comes from ours."""
    folder = tmp_path_factory.mktemp("installed")
    source = folder / "source"
    for name in COPIED:
        shutil.copytree(PROJECT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, source / name)
    venv.create(folder / "venv", with_pip=False)
    [site] = (folder / "venv/lib").glob("python3*/site-packages")
    python = folder / "venv/bin/python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", source]
    subprocess.run(pip, check=True, capture_output=True, cwd=folder)
    (site / "needed.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return python.parent


def vmail(installed, *words, **environment):
    """Runs the installed program where no checkout is near."""
    given = {name: value for name, value in os.environ.items() if name.startswith("VMAIL_")}
    given |= {"PATH": os.environ["PATH"], "VMAIL_ENV_FILE": "/dev/null", **environment}
    command = [installed / "vmail", *words]
    return subprocess.run(command, capture_output=True, text=True, env=given, cwd="/")


def test_it_names_its_commands(installed):
    said = vmail(installed, "--help")

    assert said.returncode == 0, said.stderr
    assert "  domain " in said.stdout


def test_it_lists_domains(installed, world):
    said = vmail(installed, "domain", "list", "-D", "rita", VMAIL_BIND_PASSWORD=word("rita"))

    assert said.stderr == ""
    assert [line.split("\t")[0] for line in said.stdout.splitlines()] == [
        *("Domain", "asleep.test", "example.test", "other.test")
    ]


def test_no_module_page_style_or_emitted_file_is_missing(installed):
    [site] = installed.parent.glob("lib/python3*/site-packages")
    source = installed.parents[1] / "source"
    inside = {"templates": "vmail_admin/files", "static": "vmail_admin/files"}

    for name in COPIED:
        there = site / inside.get(name, "") / name
        assert files_below(source / name) - files_below(there) == set(), name


def files_below(folder):
    found = {one.relative_to(folder) for one in folder.rglob("*") if one.is_file()}
    return {one for one in found if "__pycache__" not in one.parts}


def test_the_panels_styles_are_collected_from_inside(installed, tmp_path):
    said = vmail(installed, "collectstatic", "--no-input", VMAIL_STATE_DIR=str(tmp_path))

    assert said.returncode == 0, said.stderr
    assert (tmp_path / "static/staticfiles.json").exists()


def test_every_kind_of_template_is_found_inside(installed, tmp_path):
    wanted = "get_template('base.html'); get_template('address_row.html', using='rows')"
    code = f"from django.template.loader import get_template; {wanted}"

    given = {"VMAIL_STATE_DIR": str(tmp_path)}
    said = vmail(installed, "shell", "--no-imports", "-c", code, **given)

    assert said.returncode == 0, said.stderr


def test_servers_are_emitted_from_inside(installed, tmp_path):
    site = tmp_path / "site.toml"
    site.write_text("")

    said = vmail(installed, "emit", "panel", "--site", site, "--to", tmp_path, "--no-check")

    assert said.returncode == 0, said.stderr
    assert (tmp_path / "etc/vmail-admin/panel.env").exists()


def test_tab_completes(installed, tmp_path):
    line = "vmail account pass"
    asked = {
        "_ARGCOMPLETE": "1",
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "_ARGCOMPLETE_STDOUT_FILENAME": str(tmp_path / "answer"),
    }
    vmail(installed, **asked)

    assert (tmp_path / "answer").read_text().strip() == "password"


def test_a_shell_reads_how_to_complete(installed):
    said = vmail(installed, "--completion", "bash")

    assert subprocess.run(["bash", "-n"], input=said.stdout, text=True).returncode == 0
    assert "complete " in said.stdout and "vmail" in said.stdout


def test_the_panels_settings_are_read_and_the_environment_comes_first(installed, tmp_path):
    settings = tmp_path / "panel.env"
    settings.write_text("# a remark\nVMAIL_PASSWORD_HASH=nonsense\n")
    words = ["domain", "list", "-Y", "EXTERNAL"]

    said = vmail(installed, *words, VMAIL_ENV_FILE=str(settings))
    assert said.returncode == 2
    assert said.stderr == (
        "VMAIL_PASSWORD_HASH is one of server, ssha, sha512-crypt, not 'nonsense'.\n"
    )
    said = vmail(installed, *words, VMAIL_ENV_FILE=str(settings), VMAIL_PASSWORD_HASH="server")
    assert "VMAIL_PASSWORD_HASH" not in said.stderr


def test_settings_that_are_named_must_be_there(installed):
    assert vmail(installed, "domain", "list", VMAIL_ENV_FILE="/nope").returncode == 2
