"""vmail: the commands of this project under one short name, wherever the package is installed."""

import os
import secrets
import sys
from difflib import get_close_matches
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Those of our apps, in the order of `vmail --help`; Django's own stay reachable by their names.
COMMANDS = {
    "domain": "the domains of this server",
    "account": "the mailboxes of a domain",
    "alias": "addresses whose mail is sent on",
    "postmaster": "who looks after a domain",
    "import": "accounts or aliases from a table",
    "export": "a domain as a table, or as LDIF",
    "journal": "who changed what, and taking it back",
    "purge": "take away what was marked for deletion long ago, mail and all",
    "adopt": "report on a directory that something else filled, and mend it",
    "second_factor": "who has one in the panel, and taking away a lost one",
    "emit": "write the configuration of servers for one site",
    "check_servers": "ask the running servers whether they do as they should",
}
# What the panel's own service is told; a variable of the environment comes first.
ENV_FILE = "/etc/vmail-admin/panel.env"
USAGE, STOPPED = 2, 130  # as in exits, which needs the settings
SHELLS = ("bash", "zsh", "fish")

HELP = """\
usage: vmail COMMAND …

{commands}

vmail COMMAND --help says more. The settings are the panel's own, from the environment or from
{file}, or the file that VMAIL_ENV_FILE names.
Completion: eval "$(vmail --completion bash)", or zsh, or fish."""


def main(argv=None):
    """The entry point `vmail`."""
    try:
        return run(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt:
        # Before a command began; once it has, it says how far it came.
        print("Stopped.", file=sys.stderr)
        return STOPPED


def run(words):
    if words[:1] == ["--completion"]:
        return completion(words[1:])
    try:
        read_settings()
    except OSError as error:
        return usage(f"VMAIL_ENV_FILE: {error.filename}: {error.strerror}.")
    if "_ARGCOMPLETE" in os.environ:
        return complete()
    if words == ["--version"]:
        print(f"vmail-admin {own_version()}")
        return 0
    if words[:1] == ["help"] and words[1:]:
        words = [*words[1:], "--help"]
    if not words or words[0] in ("-h", "--help", "help"):
        print(help_text())
        return 0 if words else USAGE
    from django.core.exceptions import ImproperlyConfigured

    try:
        return called(words)
    except ImproperlyConfigured as error:
        return usage(error)


def called(words):
    from django.core.management import get_commands, load_command_class

    set_up()
    commands = get_commands()
    if words[0] not in commands:
        near = get_close_matches(words[0], COMMANDS, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        return usage(f"vmail has no command {words[0]!r}.{hint} See vmail --help.")
    return load_command_class(commands[words[0]], words[0]).run_from_argv(["vmail", *words])


def set_up():
    """Once a process: a second time would set up the log twice."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def own_version():
    try:
        return version("vmail-admin")
    except PackageNotFoundError:
        return "from a checkout"


def usage(sentence):
    print(sentence, file=sys.stderr)
    return USAGE


def read_settings():
    """Takes the panel's settings from its file. What the environment says stays."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vmail_admin.settings")
    path = os.environ.get("VMAIL_ENV_FILE", ENV_FILE)
    for name, value in settings_in(path, must_be="VMAIL_ENV_FILE" in os.environ).items():
        os.environ.setdefault(name, value)
    database = Path(path).with_name("database-url")
    if "DATABASE_URL" not in os.environ and database.is_file():
        os.environ.setdefault("DATABASE_URL_FILE", str(database))
    # A command signs nothing, so that any key will do, and the panel's own need not be readable.
    os.environ.pop("VMAIL_SECRET_KEY_FILE", None)
    os.environ.setdefault("VMAIL_SECRET_KEY", secrets.token_urlsafe(50))


def settings_in(path, must_be):
    """NAME=VALUE lines, as systemd reads them without quotes (systemd.exec(5), EnvironmentFile).

    Raises OSError where the file ``must_be`` there and cannot be read.
    """
    try:
        # A comment may hold any bytes, as the environment itself may.
        lines = Path(path).read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        if must_be:
            raise
        return {}
    pairs = [line.partition("=") for line in lines if not line.lstrip().startswith(("#", ";"))]
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


def help_text():
    width = max(map(len, COMMANDS))
    lines = "\n".join(f"  {name:{width}}  {what}" for name, what in COMMANDS.items())
    return HELP.format(commands=lines, file=ENV_FILE)


def completion(words):
    """Prints what a shell has to read so that Tab completes."""
    import argcomplete

    if words[:1] and words[0] not in SHELLS:
        return usage(f"vmail --completion: one of {', '.join(SHELLS)}.")
    print(argcomplete.shellcode(["vmail"], shell=words[0] if words else "bash"))
    return 0


def complete():
    """Answers the shell's question: it is in the environment, and argcomplete ends the process."""
    import argcomplete

    argcomplete.autocomplete(whole_parser())


def whole_parser():
    """One parser over all our commands, as only completion needs it."""
    from django.core.management import get_commands, load_command_class
    from django.core.management.base import CommandParser

    set_up()
    parser = CommandParser(prog="vmail")
    choices = parser.add_subparsers()
    for name, app in get_commands().items():
        if name in COMMANDS:
            load_command_class(app, name).add_arguments(choices.add_parser(name))
    return parser
