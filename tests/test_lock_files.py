"""The lock files hold what pyproject.toml asks for; script/lock writes them."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parent.parent
ASKED = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
RUNTIME = ASKED["dependencies"]
LOCKS = {
    "requirements.lock": RUNTIME,
    "requirements-test.lock": RUNTIME + ASKED["optional-dependencies"]["test"],
}


def locked(name):
    lines = (PROJECT / name).read_text().splitlines()
    pins = (re.fullmatch(r"(\S+)==(\S+) \\", line) for line in lines)
    return {canonicalize_name(pin[1]): pin[2] for pin in pins if pin}


@pytest.mark.parametrize("name", LOCKS)
def test_everything_asked_for_is_locked_at_a_version_that_will_do(name):
    pins = locked(name)
    for one in map(Requirement, LOCKS[name]):
        assert pins[canonicalize_name(one.name)] in one.specifier, one


def test_the_tests_run_on_the_versions_the_panel_runs_on():
    assert locked("requirements.lock").items() <= locked("requirements-test.lock").items()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_place_to_fetch_from(name):
    text = (PROJECT / name).read_text()

    assert "script/lock" in text
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", text)
