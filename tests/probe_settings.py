"""The panel's settings for a served panel that has one page more: tests/probe.py."""

import os

from vmail_admin.directory.backend import servers
from vmail_admin.settings import *  # noqa: F403
from vmail_admin.settings import DATABASES, JOURNAL_CLOCKS, JOURNAL_GRACE

ROOT_URLCONF = "tests.probe"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Another backend, for the control that shows that the checks can fail.
DATABASES["directory"]["ENGINE"] = os.environ.get("PROBE_BACKEND", DATABASES["directory"]["ENGINE"])

# A change without an answer is looked at sooner.
JOURNAL_GRACE = float(os.environ.get("PROBE_GRACE", JOURNAL_GRACE))
JOURNAL_CLOCKS = float(os.environ.get("PROBE_GRACE", JOURNAL_CLOCKS))

# A server that came back is trusted sooner, where a test waits for that.
servers.SETTLING = float(os.environ.get("PROBE_SETTLING", servers.SETTLING))
