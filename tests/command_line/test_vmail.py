"""The program vmail itself: what it says before any command is asked."""

import os
import signal
import subprocess
import sys
from functools import partial

import pytest

from vmail_admin.command_line.main import COMMANDS, main, settings_in


def test_help_names_every_command(capsys):
    assert main(["--help"]) == 0
    said = capsys.readouterr().out

    for name in COMMANDS:
        assert f"  {name} " in said
    assert main(["help"]) == 0
    assert capsys.readouterr().out == said


def test_without_a_word_it_says_the_same_and_that_this_is_no_command(capsys):
    assert main([]) == 2
    assert "usage: vmail COMMAND" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("word", "hint"),
    [("domian", "Did you mean domain? "), ("xyzzy", ""), ("--json", ""), ("\x1b[2J", "")],
)
def test_what_is_no_command_is_a_usage_error(word, hint, capsys):
    assert main([word, "list"]) == 2
    assert capsys.readouterr().err == f"vmail has no command {word!r}. {hint}See vmail --help.\n"


def test_the_version_is_the_panels_own(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("vmail-admin ")


def test_the_help_of_a_deed_is_had_the_same_way(capsys):
    with pytest.raises(SystemExit) as end:
        main(["help", "domain", "list"])

    said = capsys.readouterr().out
    assert not end.value.code
    assert "usage: vmail domain list" in said and "--counts" in said


def test_help_does_not_tell_of_djangos_own_options(capsys):
    for words in (["domain"], ["purge"], ["second_factor"]):
        with pytest.raises(SystemExit):
            main([*words, "--help"])
        said = capsys.readouterr().out
        assert "usage: vmail" in said and "--pythonpath" not in said


def test_help_with_a_command_is_the_help_of_that_command(capsys):
    with pytest.raises(SystemExit) as end:
        main(["help", "domain"])

    assert not end.value.code
    assert "usage: vmail domain" in capsys.readouterr().out


def test_the_file_of_settings_may_hold_any_bytes_in_a_comment(tmp_path):
    file = tmp_path / "panel.env"
    file.write_bytes(b"# caf\xe9\nVMAIL_HOSTS=mail.example.test\n")

    assert settings_in(file, must_be=True) == {"VMAIL_HOSTS": "mail.example.test"}


def test_ctrl_c_before_a_command_has_begun_is_no_traceback(tmp_path):
    """It is reading its settings, which never end, when the signal comes."""
    settings = tmp_path / "panel.env"
    os.mkfifo(settings)
    code = "import sys; from vmail_admin.command_line.main import main; sys.exit(main(['domain']))"
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], "VMAIL_ENV_FILE": str(settings)},
        stderr=subprocess.PIPE,
        text=True,
        # A shell in the background hands down that Ctrl-C is ignored.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    with settings.open("w"):  # once the other end is open, too
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=60)

    assert (child.returncode, said) == (130, "Stopped.\n")
