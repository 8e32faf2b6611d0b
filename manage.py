#!/usr/bin/env python3
"""Django's door to the panel and its commands."""

import os
import secrets
import sys

from django.core.management import execute_from_command_line

from vmail_admin.command_line.main import COMMANDS

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vmail_admin.settings")
    # These work before there is a panel: nothing is signed with the key, which is forgotten.
    if COMMANDS.keys() & sys.argv[1:2]:
        os.environ.pop("VMAIL_SECRET_KEY_FILE", None)
        os.environ["VMAIL_SECRET_KEY"] = secrets.token_urlsafe(50)
    execute_from_command_line(sys.argv)
