"""A second factor beside the password: codes by the clock (TOTP, RFC 6238), for the panel alone.

Mail programs and other LDAP clients never meet it: slapd knows the password only, and decides with
it what the person may do. So it keeps a thief of the password out of the panel, not out of mail.
"""

import hashlib
import logging
import secrets
import time
from contextlib import contextmanager
from hmac import compare_digest

import pyotp
import segno
from django.conf import settings
from django.db import transaction

from vmail_admin.directory.changes import FACTOR, Change, announced, told
from vmail_admin.directory.names import key_of
from vmail_admin.directory.passwords import ALPHABET
from vmail_admin.signing_in.models import Factor, RecoveryCode
from vmail_admin.signing_in.seals import seal, unseal

log = logging.getLogger(__name__)

STEP = 30  # seconds
CODES = 10  # recovery codes at a time
ASKS_CODE, ASKS_SET_UP = "code", "set-up"


# --- who has one, and who must


def factor_of(dn):
    """The person's second factor, or None."""
    return Factor.objects.filter(account=key_of(dn)).first()


def is_demanded_of(person):
    wanted = settings.SECOND_FACTOR
    by_role = {"site-admins": person.is_site_admin, "postmasters": person.is_above_users}
    return by_role.get(wanted, False)


def awaited_of(person):
    """What has to be done before this person is signed in: a code, to set one up, or nothing."""
    if factor_of(person.dn):
        return ASKS_CODE
    return ASKS_SET_UP if is_demanded_of(person) else ""


# --- one that is being set up


def new_secret():
    return pyotp.random_base32()


def link_to(secret, login):
    """What an authenticator app reads, drawn or as a link."""
    issuer = f"vmail-admin {settings.ALLOWED_HOSTS[0]}"
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def drawn(link):
    """The link as a picture, in a data: URL."""
    return segno.make(link, error="m").svg_data_uri(scale=5, border=3, light="#fff")


def step_of(secret, code):
    """The time step that six digits belong to, at most one away from now; None: they are wrong."""
    totp, now = pyotp.TOTP(secret), int(time.time()) // STEP
    steps = (now, now - 1, now + 1)
    return next((step for step in steps if compare_digest(code, totp.at(step * STEP))), None)


@contextmanager
def journalled(dn, how, what="secondFactor", who=None):
    """Whoever hears of changes of the directory hears of this one too, which is beside it.

    ``who`` is the DN of who does it, where nobody is bound.
    """
    with told(who=who), announced(Change(FACTOR, dn, [(how, what, None)])):
        yield


@transaction.atomic
def set_up(person, secret, step):
    """From now on this secret is the person's second factor. Their recovery codes, shown once.

    Nobody but the person does that; while a site demands it, they are not signed in yet.
    """
    account = key_of(person.dn)
    before = Factor.objects.filter(account=account)
    with journalled(person.dn, "replace" if before.exists() else "add", who=person.dn):
        before.delete()
        factor = Factor.objects.create(
            account=account, name=person.login, sealed=seal(account, secret), last_step=step
        )
        return recovery_codes_for(factor)


def new_recovery_codes(factor, dn):
    """Those from before are good for nothing any more."""
    with journalled(dn, "replace", "recoveryCodes"):
        return recovery_codes_for(factor)


@transaction.atomic
def recovery_codes_for(factor):
    factor.recovery_codes.all().delete()
    codes = [one_code() for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(factor=factor, digest=digest_of(factor, code)) for code in codes
    )
    return codes


def one_code():
    """Four groups of four: 79 bits, so that a plain digest of it tells nothing."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def digest_of(factor, code):
    """However it is typed: in capitals, with blanks, without hyphens."""
    plain = "".join(letter for letter in code.lower() if letter in ALPHABET)
    return hashlib.sha256(f"{factor.account} {plain}".encode()).hexdigest()


# --- asked for, and gone


def accepts(factor, typed):
    """Whether this is a code of now, or one of the recovery codes. Each is good once."""
    code = "".join(typed.split())
    if len(code) == 6 and code.isascii() and code.isdecimal():
        return takes_code(factor, code)
    spent, _ = factor.recovery_codes.filter(digest=digest_of(factor, typed)).delete()
    return spent > 0


def takes_code(factor, code):
    secret = unseal(factor.account, factor.sealed)
    if secret is None:
        log.warning("The second factor of %s does not open: another SECRET_KEY?", factor.name)
        return False
    step = step_of(secret, code)
    if step is None:
        return False
    # Of two at once, one is first.
    unused = Factor.objects.filter(account=factor.account, sealed=factor.sealed, last_step__lt=step)
    return unused.update(last_step=step) == 1


def remove(dn, who=None):
    """Takes the second factor away, if there is one. ``who`` as in ``journalled``."""
    if factor := factor_of(dn):
        with journalled(dn, "delete", who=who):
            factor.delete()
