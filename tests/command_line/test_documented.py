"""docs/command-line.md says what the commands do: held against the code."""

import re
from pathlib import Path

from django.core.management import get_commands, load_command_class

from accounts.adoption.kinds import KINDS
from vmail_admin.command_line import exits
from vmail_admin.command_line.main import COMMANDS

PAGE = (Path(__file__).resolve().parents[2] / "docs/command-line.md").read_text()


def test_every_command_and_deed_is_named():
    for name in set(COMMANDS) - {"emit", "check_servers"}:
        assert f"vmail {name}" in PAGE
        command = load_command_class(get_commands()[name], name)
        if deeds := getattr(command, "deeds", None):
            line = re.search(rf"^vmail {name} +(.*)$", PAGE, re.M)[1]
            assert line.split(" | ") == list(deeds)


def test_every_exit_code_is_named():
    codes = {value for value in vars(exits).values() if isinstance(value, int)}

    assert {int(code) for code in re.findall(r"^\| (\d+) \| ", PAGE, re.M)} == codes


def test_every_kind_of_finding_is_named():
    named = set(re.findall(r"`([a-z-]+)`", PAGE.partition("| kind | | `--fix` |")[2]))

    assert set(KINDS) <= named


def test_every_command_is_one():
    assert set(COMMANDS) <= set(get_commands())
