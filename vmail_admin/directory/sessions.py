"""The person of a session: kept at sign-in, found again at each request, forgotten at the end.

A session is half open while a second factor is awaited: the password was right and is sealed as
ever, but nobody is signed in.
"""

import time
from dataclasses import replace

from django.conf import settings
from django.db import connections, transaction
from django.middleware.csrf import rotate_token

from vmail_admin.directory import credential
from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.identity import Identity
from vmail_admin.directory.person import Person

PERSON = "person"
SEEN = "seen"
ABOUT = "about"
HALF = "half"
CONFIRMED = "confirmed"  # a second factor was given in this session
SEEN_EVERY = 60  # seconds: the idle clock is wound once a minute, not at every click
HALF_OPEN = 300  # seconds

# What a browser is told that still holds on to a session.
IDLE_TOO_LONG = "You were signed out, because nothing happened for a while."
ENDED = {
    "password": "You were signed out: your password was changed elsewhere.",
    "elsewhere": "You were signed out from another browser of yours.",
    "factor": "You were signed out: your second factor was changed elsewhere.",
}


def begin(request, response, person, password, about, half=None):
    """A new session, under a new key, for who has just signed in.

    ``about`` is what its owner may see of it later. With ``half`` it is half open: what is awaited,
    and where to go then.
    """
    with transaction.atomic():  # one wait for the disk
        request.session.clear_expired()
        request.session.flush()
        request.session.create()
    rotate_token(request)
    request.session[ABOUT] = {**about, "began": int(time.time())}
    keep(request, person)
    if half:
        hold(request, half)
    credential.hand_out(response, credential.seal(request.session, person.dn, password))


def keep(request, person):
    """What is known of the person, from now on."""
    request.session[PERSON] = person.kept()
    request.session[SEEN] = int(time.time())
    request.person = person


def hold(request, half):
    """From now on the session is half open: nobody is signed in."""
    request.session[HALF] = {**half, "since": int(time.time())}
    request.session.set_expiry(HALF_OPEN)
    request.person = None


def renew_credential(request, response, password):
    """After one's own new password: the session goes on, under a new key, sealed anew."""
    # What the policy said of the old password at the bind is no longer true.
    connections[ALIAS].policy_answer = None
    # And nobody can come back to the connection that was bound with it.
    connections[ALIAS].note_state(None)
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
    if HALF in request.session:
        return None, None
    person, password = opened(request)
    if person is None:
        return None, None
    if time.time() - request.session.get(SEEN, 0) > SEEN_EVERY:
        request.session[SEEN] = int(time.time())
    return person, Identity(person.dn, password, settings.DIRECTORY_PATIENCE)


def opened(request):
    """The person and the password of the session. (None, None) ends it: a half is missing."""
    kept = request.session.get(PERSON)
    if kept is None:
        return None, None
    person = Person.restored(kept)
    password = credential.unseal(request.session, request.COOKIES, person.dn) if person else None
    if password is None:
        request.session.flush()
        return None, None
    return person, password


def found_half_open(request):
    """Who has given the right password and owes a second factor, and what ``begin`` was told.

    (None, None) where nobody has, or too long ago.
    """
    half = request.session.get(HALF)
    if half is None:
        return None, None
    if time.time() - half["since"] > HALF_OPEN:
        request.session.flush()
        return None, None
    person, _ = opened(request)
    return person, half if person else None


def open_fully(request, response):
    """The second factor was right: the same session, under a new key, is signed in."""
    person, password = opened(request)
    del request.session[HALF]
    request.session[CONFIRMED] = True
    request.session.set_expiry(None)
    request.session.cycle_key()
    rotate_token(request)
    keep(request, person)
    credential.hand_out(response, credential.seal(request.session, person.dn, password))


def why_ended(request):
    """What to tell a browser that holds on to a session which has ended; "" for any other."""
    session = request.session
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not session.is_empty():
        return ""
    return ENDED.get(getattr(session, "ended", ""), IDLE_TOO_LONG)
