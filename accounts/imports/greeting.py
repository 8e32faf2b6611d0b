"""The first mail to each account that a table brought, where the site wants one.

An account is never greeted less than once, and twice only where a worker died in between.
"""

import time

from django.conf import settings

from accounts.imports.columns import ACCOUNTS
from accounts.imports.rows import ADDED, MISSED, SENT
from accounts.welcome import send_welcomes


def is_wanted(kind):
    return bool(settings.WELCOME_SMTP) and kind == ACCOUNTS


def greet_rows(rows, panel, seconds=float("inf")):
    """Sends until the time is over, and notes each in ``greeting``. Whether all were tried.

    Who is switched off receives no mail, and none is sent.
    """
    left = [row for row in rows if row.state == ADDED and row.entry["active"] and not row.greeting]
    until = time.monotonic() + seconds
    sending = send_welcomes([row.new_entry(ACCOUNTS) for row in left], panel)
    for row, said in zip(left, sending, strict=True):
        row.greeting = MISSED if said else SENT
        if time.monotonic() > until:
            sending.close()
            break
    return all(row.greeting for row in left)
