"""The person of a session: kept at sign-in, found again at each request, forgotten at the end."""

import time
from dataclasses import replace

from django.conf import settings
from django.db import connections
from django.middleware.csrf import rotate_token

from vmail_admin.directory import credential
from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.identity import Identity
from vmail_admin.directory.person import Person

PERSON = "person"
SEEN = "seen"
SEEN_EVERY = 60  # seconds: the idle clock is wound once a minute, not at every click


def begin(request, response, person, password):
    """A new session, under a new key, for who has just signed in."""
    request.session.clear_expired()
    request.session.flush()
    request.session.create()
    rotate_token(request)
    keep(request, person)
    credential.hand_out(response, credential.seal(request.session, person.dn, password))


def keep(request, person):
    """What is known of the person, from now on."""
    request.session[PERSON] = person.kept()
    request.session[SEEN] = int(time.time())
    request.person = person


def renew_credential(request, response, password):
    """After one's own new password: the session goes on, under a new key, sealed anew."""
    # What the policy said of the old password at the bind is no longer true.
    connections[ALIAS].policy_answer = None
    keep(request, replace(request.person, must_change=False))
    request.session.cycle_key()
    key = credential.seal(request.session, request.person.dn, password)
    credential.hand_out(response, key)


def end(request, response):
    """Nothing is left of the session: not here, and not in the browser."""
    request.session.flush()
    request.person = None
    credential.forget(response)


def found(request):
    """The person of this request and their Identity; (None, None) for a stranger.

    A session whose other half is missing or does not fit is a stranger's: it never falls back.
    """
    kept = request.session.get(PERSON)
    if kept is None:
        return None, None
    person = Person.restored(kept)
    password = credential.unseal(request.session, request.COOKIES, person.dn) if person else None
    if password is None:
        request.session.flush()
        return None, None
    if time.time() - request.session.get(SEEN, 0) > SEEN_EVERY:
        request.session[SEEN] = int(time.time())
    return person, Identity(person.dn, password, settings.DIRECTORY_PATIENCE)


def ran_out(request):
    """Whether a browser still holds on to a session that has ended by itself."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty()
