"""Names for what slapd refuses, translated at the door, once.

Each is a kind of Django's database error, so that Django's own code understands it too. The text of
an error is a sentence for a person; slapd's own words are in ``detail`` and may be shown.
Result codes: RFC 4511 appendix A, RFC 4528 (assertion), draft-behera-ldap-password-policy.
"""

import ldap
from django.db import DatabaseError, IntegrityError, OperationalError


class NotBound(RuntimeError):
    """LDAP was used outside ``acting_as``: a mistake in the program, never a reason to bind."""


class DirectoryAnswer:
    """What slapd said besides: ``detail`` in its own words, ``controls`` not decoded yet.

    ``code`` is the result code (RFC 4511, 4.1.9), or 0 where slapd said nothing.
    """

    code = 0
    detail = ""
    controls = ()


class NotAllowed(DirectoryAnswer, OperationalError):
    sentence = "The directory does not allow you to do this."


class NotAnswering(DirectoryAnswer, OperationalError):
    sentence = "The directory does not answer at the moment."


class ConnectionLost(NotAnswering):
    """Nobody is at the other end any more: slapd was stopped, or closed an idle connection."""


class TooSlow(NotAnswering):
    """No answer in time; it may still come."""


class Busy(NotAnswering):
    """slapd has no room for one more sorted list at the moment."""


class OutcomeUnknown(NotAnswering):
    """The connection was lost after a change was sent. It is never sent a second time."""

    sentence = (
        "The directory stopped answering while it was saving. "
        "It may have saved or not: reload the page and look before you try again."
    )


class OnlyACopy(DirectoryAnswer, OperationalError):
    """A replica refers whoever changes something to its provider. Nothing was changed."""

    sentence = "The directory can be read but not changed at the moment. Nothing was changed."


class OnlyCopiesLeft(NotAnswering):
    """Who takes changes does not answer, and a replica still does. Nothing was sent to it."""

    sentence = OnlyACopy.sentence


class NotKept(DirectoryAnswer, OperationalError):
    """The journal could not be written. slapd was not asked: no change without a row."""

    sentence = (
        "The panel cannot write its journal at the moment, so nothing was changed. "
        "The people who run this server find the reason in the panel's log."
    )


class WrongPassword(DirectoryAnswer, OperationalError):
    sentence = "The directory does not accept this name and password."


class AlreadyThere(DirectoryAnswer, IntegrityError):
    sentence = "The directory already holds an entry of this name."


class Stale(DirectoryAnswer, IntegrityError):
    sentence = "Somebody changed this entry in the meantime."


class Invalid(DirectoryAnswer, IntegrityError):
    sentence = "The directory does not accept this value."


class Gone(DirectoryAnswer, DatabaseError):
    sentence = "This entry is no longer in the directory."


class TooMany(DirectoryAnswer, OperationalError):
    sentence = "The directory found more entries than it may show. Search for something narrower."


class PastTheEnd(DirectoryAnswer, OperationalError):
    sentence = "The list is shorter than that."


class NotOffered(DirectoryAnswer, DatabaseError):
    sentence = "The directory does not know how to do this."


class Unexpected(DirectoryAnswer, DatabaseError):
    """Every answer without a name of its own."""

    sentence = "The directory refused, for a reason this panel does not know."


NAMES = (
    (NotAllowed, (ldap.INSUFFICIENT_ACCESS, ldap.UNWILLING_TO_PERFORM)),
    (NotAllowed, (ldap.STRONG_AUTH_REQUIRED, ldap.CONFIDENTIALITY_REQUIRED)),
    (WrongPassword, (ldap.INVALID_CREDENTIALS, ldap.INAPPROPRIATE_AUTH)),
    (AlreadyThere, (ldap.ALREADY_EXISTS,)),
    (Stale, (ldap.ASSERTION_FAILED,)),
    (Gone, (ldap.NO_SUCH_OBJECT,)),
    (TooMany, (ldap.SIZELIMIT_EXCEEDED, ldap.ADMINLIMIT_EXCEEDED, ldap.TIMELIMIT_EXCEEDED)),
    (PastTheEnd, (ldap.VLV_ERROR,)),
    (Invalid, (ldap.CONSTRAINT_VIOLATION, ldap.INVALID_SYNTAX, ldap.INVALID_DN_SYNTAX)),
    (Invalid, (ldap.OBJECT_CLASS_VIOLATION, ldap.NAMING_VIOLATION, ldap.TYPE_OR_VALUE_EXISTS)),
    (Invalid, (ldap.NO_SUCH_ATTRIBUTE, ldap.UNDEFINED_TYPE, ldap.NOT_ALLOWED_ON_NONLEAF)),
    (Invalid, (ldap.NOT_ALLOWED_ON_RDN, ldap.NO_OBJECT_CLASS_MODS)),
    (ConnectionLost, (ldap.SERVER_DOWN, ldap.CONNECT_ERROR, ldap.UNAVAILABLE)),
    (TooSlow, (ldap.TIMEOUT,)),
    (OnlyACopy, (ldap.REFERRAL,)),
    (Busy, (ldap.BUSY,)),
    (NotOffered, (ldap.UNAVAILABLE_CRITICAL_EXTENSION, ldap.INAPPROPRIATE_MATCHING)),
)


def named(error):
    """The named error for an ``ldap.LDAPError``. It keeps slapd's words, not the operation."""
    kind = next((name for name, codes in NAMES if isinstance(error, codes)), Unexpected)
    answer = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    result = kind(kind.sentence)
    result.code = answer.get("result", 0)
    result.detail = str(answer.get("info") or answer.get("desc") or "")
    result.controls = answer.get("ctrls", [])
    return result


def asked(function, *values, **options):
    """Calls python-ldap, and raises slapd's refusal by its name.

    The new error is raised outside the handlers: it hangs on no frame of python-ldap's, for those
    hold the bind password, and error reports print what frames hold.
    """
    try:
        return function(*values, **options)
    except ldap.LDAPError as error:
        answer = named(error)
    except ValueError:
        # A NUL or half a character: python-ldap cannot even send it.
        answer = Invalid(Invalid.sentence)
    raise answer
