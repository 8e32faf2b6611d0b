"""Guessing passwords, and signing in without one."""

import ldap

from tests.access.people import A_PASSWORD, DORA, NOBODY, SPARE
from tests.access.probe import Attack, Try
from tests.access.tries import set_password, sign_in
from tests.deploy.cast import ALICE, BEN, DAVE, ERIN, QUINN, password_of

from .reasons import SLAPD_REFUSES


def guess(dn):
    """As many wrong passwords as are let pass, and then the right one: an attacker with a list."""

    def attempt(client):
        for number in range(client.server.slapd.site.passwords.max_failures):
            try:
                client.server.signed_in(dn, f"guess {number}")
            except ldap.INVALID_CREDENTIALS:
                continue
        return client.server.signed_in(dn).whoami_s()

    words = f"guess often at {dn.partition(',')[0]}, the last is right"
    return Try(words, attempt, lambda server, seen: bool(seen))


def guess_old_one(dn, times):
    """The old password of a password change is a place to guess at as well."""

    def attempt(client):
        for number in range(times):
            try:
                client.connection.passwd_s(dn, f"guess {number}", A_PASSWORD)
            except (ldap.UNWILLING_TO_PERFORM, ldap.INVALID_CREDENTIALS):
                continue
        client.connection.passwd_s(dn, password_of(dn), A_PASSWORD)

    words = f"guess {times} times at the old password of {dn.partition(',')[0]}"
    return Try(words, attempt, lambda server, _: server.opens(dn, A_PASSWORD))


def bind_with(dn, password, words):
    def attempt(client):
        connection = client.server.connect()
        connection.simple_bind_s(dn, password)
        return connection.whoami_s()

    return Try(f"{words} as {dn.partition(',')[0]}", attempt, lambda _, seen: bool(seen))


NO_WORD = "is somebody without knowing a thing"

ATTACKS = [
    Attack(NOBODY, guess(BEN), "tries a list of passwords", "ppolicy", may_change=True),
    Attack(
        NOBODY, guess_old_one(DORA, 2), "tries passwords where nobody counts", "10d", SLAPD_REFUSES
    ),
    Attack(
        NOBODY,
        set_password(ALICE, A_PASSWORD, password_of(ALICE)),
        "signs in by the back",
        "10d",
        SLAPD_REFUSES,
    ),
    Attack(
        NOBODY, bind_with(ALICE, "", "bind without a password"), NO_WORD, "slapd", SLAPD_REFUSES
    ),
    Attack(NOBODY, bind_with(SPARE, "x", "bind to no password"), NO_WORD, "slapd", SLAPD_REFUSES),
    Attack(DAVE, sign_in(), "goes on after being switched off", "10a"),
    Attack(ERIN, sign_in(), "goes on after being deleted", "10a"),
    Attack(QUINN, sign_in(), "goes on after the domain was suspended", "10a"),
]
