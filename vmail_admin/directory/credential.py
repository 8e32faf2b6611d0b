"""The bind password of the person signed in, sealed between two requests.

AES-256-GCM (NIST SP 800-38D) with a fresh key for every sign-in. The server's session holds the
ciphertext, the browser's cookie the key: neither alone opens it, nor does SECRET_KEY. The DN and
the name of the session are authenticated with it, so that no half can be moved to another session.
"""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

COOKIE = "vmail_key"
SEALED = "sealed"
NONCE_BYTES = 12


def _text(raw):
    return base64.urlsafe_b64encode(raw).decode()


def _place(session, dn):
    """Where a seal belongs; it opens nowhere else."""
    return f"{session.session_key} {dn}".encode()


def seal(session, dn, password):
    """Keeps the sealed password in the session; returns the key for ``hand_out``.

    The session must have its key by now, and has to be sealed anew when that changes.
    """
    key, nonce = AESGCM.generate_key(256), secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, password.encode(), _place(session, dn))
    session[SEALED] = _text(nonce + sealed)
    return _text(key)


def unseal(session, cookies, dn):
    """The password, or None where one of the halves is missing or does not fit."""
    try:
        raw = base64.urlsafe_b64decode(session[SEALED])
        key = AESGCM(base64.urlsafe_b64decode(cookies[COOKIE]))
        opened = key.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _place(session, dn))
    except (KeyError, ValueError, TypeError, InvalidTag):
        return None
    return opened.decode()


class KeyLost(Exception):
    """What was sealed cannot be opened any more, by nobody: the session is another."""


class Seal:
    """Seals other things with the same two halves, for as long as the session lasts.

    ``purpose`` is authenticated with them: what was sealed for one opens for no other.
    """

    def __init__(self, session, cookies, purpose):
        self._place = f"{session.session_key} {purpose}".encode()
        try:
            raw = base64.urlsafe_b64decode(cookies[COOKIE])
            # A key of its own: the bind credential's seals one thing only.
            info = b"vmail-admin sealed work"
            self._key = AESGCM(HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(raw))
        except (KeyError, ValueError, TypeError):
            raise KeyLost from None

    def seal(self, text):
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._key.encrypt(nonce, text.encode(), self._place)

    def open(self, sealed):
        """Raises KeyLost."""
        try:
            text = self._key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._place)
        except (ValueError, InvalidTag):
            raise KeyLost from None
        return text.decode()


def hand_out(response, key):
    """Gives the browser its half."""
    response.set_cookie(
        COOKIE,
        key,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite=settings.SESSION_COOKIE_SAMESITE,
    )


def forget(response):
    """Takes the browser's half away."""
    response.delete_cookie(COOKIE, samesite=settings.SESSION_COOKIE_SAMESITE)
