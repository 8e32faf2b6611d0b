"""The panel's settings for a process of its own, told where the tests' slapd and database are."""

import json
import os

os.environ.update(json.loads(os.environ["TOLD"]))
os.environ.update(VMAIL_SECRET_KEY="k" * 50, VMAIL_HTTPS="no", VMAIL_KEEP_BOUND_SECONDS="0")

from vmail_admin.settings import *  # noqa: F403
