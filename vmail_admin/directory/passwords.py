"""New passwords: made, hashed and stored.

Nothing here reads a hash: only a bind checks a password.
"""

import secrets

import ldap
from django.conf import settings
from django.db import DatabaseError, connections
from passlib.hash import ldap_salted_sha1, ldap_sha512_crypt

from vmail_admin.directory import policy
from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.errors import Invalid, NotAllowed

# No letters and digits that look alike; four groups of five hold 98 bits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

NEVER_STRICT = {"ssha"}  # the strict access rules name the one form of a hash that they take
INSUFFICIENT_ACCESS = ldap.INSUFFICIENT_ACCESS.errnum  # RFC 4511, appendix A

HASHES = {
    "ssha": ldap_salted_sha1,
    # The rounds that the strict access rules accept; passlib's own default would make every
    # bind cost slapd an eighth of a second.
    "sha512-crypt": ldap_sha512_crypt.using(rounds=50000, salt_size=16),
}


class PasswordRefused(Invalid):
    """The password policy, or the access rules, refused a new password. The text says why."""

    was_used_before = False


class HashRefused(NotAllowed):
    """slapd takes no hash of this kind from this person, whoever the password is for."""

    sentence = (
        "The directory takes no password that the panel has hashed as {SSHA}: the strict access "
        "rules want VMAIL_PASSWORD_HASH to be server or sha512-crypt. "
        "The people who run this server can change that."
    )


def generated(least=0):
    """A new password that can be read out on the telephone, of ``least`` characters or more."""
    groups = max(4, -(-(least + 1) // 6))
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(groups))


def change_password(dn, new, old=None):
    """Gives the entry a new password.

    Raises PasswordRefused with a sentence, or NotAllowed, which may be HashRefused.

    slapd makes the hash (RFC 3062), so that its policy speaks; or we do, as settings say.
    """
    connection = connections[ALIAS]
    try:
        if settings.PASSWORD_HASH in HASHES:
            value = HASHES[settings.PASSWORD_HASH].hash(new).encode()
            connection.modify_s(dn, [(ldap.MOD_REPLACE, "userPassword", [value])])
        else:
            connection.change_password(dn, old, new)
    except (Invalid, NotAllowed) as error:
        raise in_policy_words(error) from None


def change_together(pairs):
    """Gives each (dn, password) its password, several under way at a time.

    What became of each: None, or PasswordRefused, NotAllowed, or whatever else went wrong.
    """
    if settings.PASSWORD_HASH in HASHES:
        return [error_of(change_password, *pair) for pair in pairs]
    outcomes = connections[ALIAS].change_passwords(pairs)
    return [
        in_policy_words(one) if isinstance(one, Invalid | NotAllowed) else one for one in outcomes
    ]


def error_of(change, *values):
    try:
        change(*values)
    except DatabaseError as error:
        return error
    return None


def in_policy_words(error):
    """The refusal of a password by its reason, where the policy or the server gives one."""
    answer = policy.answer_in(error)
    sentence = policy.sentence_of(answer)
    if not sentence and isinstance(error, NotAllowed):
        return HashRefused(HashRefused.sentence) if is_of_the_hash(error) else error
    refused = PasswordRefused(sentence or f"The directory refuses this password: {error.detail}.")
    refused.was_used_before = answer is not None and answer.error == policy.USED_BEFORE
    return refused


def is_of_the_hash(error):
    """The howto rules let everybody who gets as far as to try write any value."""
    return settings.PASSWORD_HASH in NEVER_STRICT and error.code == INSUFFICIENT_ACCESS


def take_password_away(dn):
    """Leaves the entry without a password, also where it had none: nobody can sign in as it."""
    connections[ALIAS].modify_s(dn, [(ldap.MOD_REPLACE, "userPassword", None)])
