"""What slapd's password policy says, in words (draft-behera-ldap-password-policy-10)."""

from dataclasses import dataclass

import ldap
from django.conf import settings
from django.db import connections
from ldap.controls import DecodeControlTuples
from ldap.controls.ppolicy import PasswordPolicyControl

from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.backend.searches import Lookup, equals
from vmail_admin.directory.errors import DirectoryAnswer
from vmail_admin.directory.names import dn_below

EXPIRED, LOCKED, CHANGE_AFTER_RESET, USED_BEFORE = 0, 1, 2, 8

SENTENCES = {
    EXPIRED: "Your password has expired. Ask your postmaster for a new one.",
    LOCKED: "This account is locked after too many wrong passwords. Try again later, "
    "or ask your postmaster for a new password.",
    CHANGE_AFTER_RESET: "Choose a password of your own before you go on.",
    3: "The password policy does not let you change this password.",
    4: "The password policy asks for the old password too.",
    5: "The password policy finds this password too easy to guess.",
    6: "This password is too short for the password policy.",
    7: "The password was changed only a short while ago. Try again later.",
    USED_BEFORE: "This password was used before. Choose one that is new.",
}


@dataclass(frozen=True)
class Rules:
    """What a new password must hold. Lengths in characters."""

    min_length: int
    in_history: int = 0
    expires_after_days: int = 0

    def sentences(self):
        yield f"At least {self.min_length} characters; a few words are easier to keep in mind."
        if self.in_history:
            yield f"None of the last {self.in_history} passwords."
        if self.expires_after_days:
            yield f"A password lasts {self.expires_after_days} days."


def least_rules():
    """What the panel itself asks of every password."""
    return Rules(settings.PASSWORD_MIN_LENGTH)


def rules():
    """The site's password policy as far as the person may read it, and our own least length."""
    dn = dn_below(f"ou=policies,{settings.DIRECTORY_SUFFIX}", "cn", "default")
    names = ["pwdMinLength", "pwdInHistory", "pwdMaxAge"]
    rows = connections[ALIAS].search_s(dn, ldap.SCOPE_BASE, attrlist=names)
    values = rows[0][1] if rows else {}
    length, history, age = (int(values.get(name, [b"0"])[0]) for name in names)
    return Rules(max(length, settings.PASSWORD_MIN_LENGTH), history, age // 86400)


def never_dated(mails):
    """Those of the addresses whose entry has no pwdChangedTime, in lower case.

    None of them where slapd keeps no such date, or does not show it: "not" of what is undefined is
    undefined (RFC 4511, 4.5.1.7).
    """
    either = "".join(equals("mail", mail) for mail in mails)
    undated = f"(&(|{either})(!(pwdChangedTime=*)))"
    lookup = Lookup(settings.DIRECTORY_BASE_DN, ldap.SCOPE_SUBTREE, undated)
    rows, _ = connections[ALIAS].search_bounded(lookup, ["mail"], len(mails))
    return {one.decode(errors="replace").lower() for _, values in rows for one in values["mail"]}


def answer_in(error):
    """The policy's answer that came with a refusal, or None."""
    if not isinstance(error, DirectoryAnswer):
        return None
    decoded = DecodeControlTuples(error.controls)
    return next((one for one in decoded if isinstance(one, PasswordPolicyControl)), None)


def demands_change(answer):
    """Whether a bind that succeeded was let in only to choose a new password.

    Either somebody else chose this one, or it has expired and this was one of a few last times.
    """
    if answer is None:
        return False
    return answer.error == CHANGE_AFTER_RESET or answer.graceAuthNsRemaining is not None


def was_last_time(answer):
    """Whether not even one more bind with this password would succeed."""
    return answer is not None and answer.graceAuthNsRemaining == 0


def sentence_of(answer):
    """What the policy refuses, as a sentence; "" where it refuses nothing."""
    if answer is None or answer.error is None:
        return ""
    return SENTENCES.get(int(answer.error), "")


def warning_of(answer):
    """What the policy warns of at a bind that succeeded; "" where it warns of nothing."""
    if answer is None:
        return ""
    if answer.error == CHANGE_AFTER_RESET:
        return SENTENCES[CHANGE_AFTER_RESET]
    if answer.graceAuthNsRemaining is not None:
        return "Your password has expired. Change it now: the old one is good for this only."
    if answer.timeBeforeExpiration is not None:
        days = int(answer.timeBeforeExpiration) // 86400
        when = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
        return f"Your password expires {when}."
    return ""
