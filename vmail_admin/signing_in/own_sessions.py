"""All sessions of one person, and ending them."""

import logging
from contextlib import contextmanager

from django.db import DatabaseError
from django.dispatch import Signal
from django.utils import timezone
from django.utils.crypto import salted_hmac

from vmail_admin.directory.changes import PASSWORD, is_secret
from vmail_admin.directory.identity import current
from vmail_admin.directory.names import key_of
from vmail_admin.signing_in.models import Session

log = logging.getLogger(__name__)

# Sent with their ``keys``, for whoever keeps more that belongs to a session.
sessions_ended = Signal()


def sessions_of(dn):
    """Those of the present, half open ones too, the last seen first."""
    living = Session.objects.filter(account=key_of(dn), ended="", expire_date__gt=timezone.now())
    return living.order_by("-seen")


def end(sessions, reason):
    """Takes everything out of these sessions but why they ended. How many there were."""
    keys = list(sessions.values_list("pk", flat=True))
    count = Session.objects.filter(pk__in=keys).update(ended=reason, session_data="")
    sessions_ended.send(Session, keys=keys)
    return count


def end_others(dn, own_key, reason):
    return end(sessions_of(dn).exclude(pk=own_key), reason)


@contextmanager
def end_with_the_password(change):
    """Hears of every change: a new password, or none any more, ends all sessions of that person.

    Whoever changes the own one keeps the session they do it in, as ``renew_credential`` says.
    """
    yield
    new = change.operation == PASSWORD or any(is_secret(name) for _, name, _ in change.steps)
    if not new or key_of(change.dn) == key_of(current().dn):
        return
    try:
        end(sessions_of(change.dn), "password")
    except DatabaseError:
        # The password is changed: no session outlives that, for none of them binds any more.
        log.exception("The sessions of %s are not ended yet", change.dn)


def handle_of(session):
    """What a page calls a session by: its key would let in whoever reads the page."""
    return salted_hmac("vmail_admin.signing_in.handle", session.pk).hexdigest()[:20]
