"""What the default database keeps about signing in. No row holds or opens a password."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

KEY = 64  # hexadecimal digits of a SHA-256


class Guesses(models.Model):
    """Wrong guesses of one kind: about one account, from one network, or about one from another."""

    key = models.CharField(max_length=KEY, primary_key=True)
    # For an account or a network it leaks away with time, so it need not be whole.
    wrong = models.FloatField(default=0)
    at = models.DateTimeField(db_index=True)
    # Until when this network counts as one where the person was signed in before.
    known_until = models.DateTimeField(null=True)

    def __str__(self):
        return f"{self.key}: {self.wrong}"


class Session(AbstractBaseSession):
    """Somebody's session, with what its owner may see of it.

    Once it was ended from elsewhere the row holds nothing but the reason, until it would have run
    out: so the browser that comes with its key can be told.
    """

    account = models.CharField(max_length=KEY, blank=True, db_index=True)
    began = models.DateTimeField(null=True)
    seen = models.DateTimeField(null=True)
    place = models.CharField(max_length=45, blank=True)  # an address; the longest IPv6 one
    browser = models.CharField(max_length=100, blank=True)
    # The password was right, and the second factor is awaited.
    half_open = models.BooleanField(default=False)
    ended = models.CharField(max_length=20, blank=True)

    @classmethod
    def get_session_store_class(cls):
        from vmail_admin.signing_in.store import SessionStore  # it imports this model

        return SessionStore


class Factor(models.Model):
    """A person's second factor: the sealed secret of a TOTP (RFC 6238)."""

    account = models.CharField(max_length=KEY, primary_key=True)
    name = models.CharField(max_length=400)  # what the person signs in with, to be told apart
    sealed = models.CharField(max_length=200)
    # The time step of the last code that was accepted; none up to it is accepted again.
    last_step = models.BigIntegerField(default=0)
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.name


class RecoveryCode(models.Model):
    """A code for whoever lost the device, as a digest; gone when it is used."""

    factor = models.ForeignKey(Factor, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=KEY)

    def __str__(self):
        return self.digest
