"""Seals the secrets of second factors, which have to be opened without their owner.

AES-256-GCM (NIST SP 800-38D) under a key derived from SECRET_KEY for this purpose alone (HKDF, RFC
5869). The database, or a backup of it, opens none; whoever has SECRET_KEY as well opens all. The
account is authenticated with each, so that none can be moved to another.
"""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"vmail-admin: second factors, 1"
NONCE_BYTES = 12


def cipher():
    key = HKDF(SHA256(), 32, salt=None, info=PURPOSE).derive(settings.SECRET_KEY.encode())
    return AESGCM(key)


def seal(account, secret):
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = cipher().encrypt(nonce, secret.encode(), account.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(account, text):
    """The secret, or None: touched, of another account, or sealed under another SECRET_KEY."""
    try:
        raw = base64.urlsafe_b64decode(text)
        return cipher().decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], account.encode()).decode()
    except (ValueError, InvalidTag):
        return None
