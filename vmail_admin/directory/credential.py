"""The bind password of the person signed in, sealed between two requests.

AES-256-GCM (NIST SP 800-38D) with a fresh key for every sign-in. The server's session holds the
ciphertext, the browser's cookie the key: neither alone opens it, nor does SECRET_KEY. The DN and a
random name of this seal are authenticated with it, so that no half can be moved to another session.
"""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

COOKIE = "vmail_key"
SEALED = "sealed"
NONCE_BYTES = 12


def _text(raw):
    return base64.urlsafe_b64encode(raw).decode()


def seal(session, dn, password):
    """Keeps the sealed password in the session; returns the key for ``hand_out``."""
    key, nonce = AESGCM.generate_key(256), secrets.token_bytes(NONCE_BYTES)
    name = secrets.token_urlsafe(16)
    sealed = AESGCM(key).encrypt(nonce, password.encode(), f"{name} {dn}".encode())
    session[SEALED] = [name, _text(nonce + sealed)]
    return _text(key)


def unseal(session, cookies, dn):
    """The password, or None where one of the halves is missing or does not fit."""
    try:
        name, sealed = session[SEALED]
        raw = base64.urlsafe_b64decode(sealed)
        key = AESGCM(base64.urlsafe_b64decode(cookies[COOKIE]))
        opened = key.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], f"{name} {dn}".encode())
    except (KeyError, ValueError, TypeError, InvalidTag):
        return None
    return opened.decode()


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
    response.delete_cookie(COOKIE, samesite=settings.SESSION_COOKIE_SAMESITE)
