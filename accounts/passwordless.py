"""Accounts that nobody can sign in to yet: told from all others, and given a password.

A password may be left for later, or the panel was killed before it came. The panel sees none, nor
whether there is one. It is known all the same of an account that was added here, which is always
without: none was set here since, and slapd, which dates every password, has dated none.
"""

from django.db import connection

from vmail_admin.directory import policy
from vmail_admin.journal.models import State

STEPS = ("created", "deleted", "password")


def mark_passwordless(entries):
    """Gives each entry ``has_no_password``: True only where that is certain.

    One LDAP search, where there is somebody to ask about; none at all otherwise.
    """
    asked = added_only(one.mail.lower() for one in entries if may_lack_one(one))
    found = policy.never_dated(sorted(asked)) if asked else set()
    for one in entries:
        one.has_no_password = one.mail.lower() in found


def may_lack_one(entry):
    """An alias needs none, and who is marked for deletion gets none."""
    return entry.kind == "account" and not entry.to_be_deleted


def added_only(names):
    """Those of the addresses of which the journal knows an addition and no password after it.

    In SQL, for every page of a list asks it of 50 addresses: Django takes 20 times as long to find
    the words as the database takes to answer.
    """
    names = list(names)
    if not names:
        return set()
    these, those = (", ".join(["%s"] * len(some)) for some in (names, STEPS))
    wanted = f"state = %s AND entry IN ({these}) AND kind IN ({those})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT entry, kind FROM journal_row WHERE {wanted} ORDER BY id",  # noqa: S608 (%s only)
            [State.MADE, *names, *STEPS],
        )
        last = dict(cursor.fetchall())
    return {name for name, kind in last.items() if kind == "created"}
