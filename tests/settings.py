"""The panel's own settings, told where the tests' slapd and database are."""

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote

FOLDER = Path(tempfile.mkdtemp(prefix="vmail-"))
(FOLDER / "static").mkdir()
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

os.environ.update(
    VMAIL_SECRET_KEY=secrets.token_urlsafe(40),
    VMAIL_STATE_DIR=str(FOLDER),
    VMAIL_HOSTS="testserver,localhost,127.0.0.1",
    VMAIL_HTTPS="no",
    # Each request binds, so that what a page costs is plain to see; test_kept.py keeps connections.
    VMAIL_KEEP_BOUND_SECONDS="0",
    VMAIL_DIRECTORY_URI=f"ldapi://{quote(str(FOLDER / 'slapd/run/ldapi'), safe='')}",
    VMAIL_DIRECTORY_SUFFIX="dc=myhosting,dc=example",
    # While a browser is driven, Django takes the thread for an async one, and would refuse it the
    # database. It is an ordinary one: Playwright only waits in it.
    DJANGO_ALLOW_ASYNC_UNSAFE="yes",
)

from vmail_admin.settings import *  # noqa: E402, F403

# The manifest of hashed names is made by collectstatic, for the servers that serve them.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
