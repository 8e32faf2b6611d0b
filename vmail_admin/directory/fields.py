"""Fields of entries that django-ldapdb lacks, or reads in another way than Jamm trees mean."""

import datetime as dt
import unicodedata

from django.core.exceptions import ValidationError
from django.utils import timezone
from ldapdb.models import fields as stock


class FlagField(stock.BooleanField):
    """TRUE or FALSE. Where an old tree has no value at all, ``default`` is what it means."""

    def from_ldap(self, values, connection):
        if not values:
            return self.get_default()
        return super().from_ldap(values, connection)


# Seconds. A day before the last that Python knows, for it is shown in the time zone of the site.
NO_TIME_ANYWHERE = 253402300800 - 86400


class UnixTimeField(stock.IntegerField):
    """Seconds since 1970 in the directory, an aware datetime in Python."""

    def from_ldap(self, values, connection):
        try:
            seconds = int(values[0]) if values else -1
        except ValueError:
            return None
        # An old tree may hold any number.
        is_time = 0 <= seconds < NO_TIME_ANYWHERE
        return dt.datetime.fromtimestamp(seconds, dt.UTC) if is_time else None

    def get_prep_value(self, moment):
        return str(int(moment.timestamp()))


class ServerTimeField(stock.CharField):
    """A time that slapd itself keeps (RFC 4517, 3.3.13), as an aware datetime. Never written."""

    def from_ldap(self, values, connection):
        text = values[0].decode("ascii", "replace")[:14] if values else ""
        try:
            return timezone.make_aware(dt.datetime.strptime(text, "%Y%m%d%H%M%S"), dt.UTC)
        except ValueError:
            return None


class ValuesField(stock.ListField):
    """An attribute of several values, as a list in the order slapd gives them."""

    def get_prep_value(self, value):
        return str(value)

    def get_db_prep_value(self, value, connection, prepared=False):
        return value if prepared else list(dict.fromkeys(str(one) for one in value or []))


class FirstValue(str):
    """The first of several values, which still knows the others as slapd has them."""

    others = ()


class FirstValueField(stock.CharField):
    """Shows the first of several values, and changes that one only: the others are kept."""

    def from_ldap(self, values, connection):
        first = FirstValue(super().from_ldap(values, connection))
        first.others = tuple(values[1:])
        return first


def no_control_characters(value):
    """A validator for every text a person types: no control, no line or paragraph separator."""
    if any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") for letter in value):
        raise ValidationError("This holds a control character, such as a line break or a NUL.")


# Embeddings, overrides and isolates of the bidirectional algorithm (UAX 9, 2.1 to 2.5). Writing
# from right to left needs none of them; its marks, and joiners as in emoji, are others.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def nothing_that_turns(value):
    """A validator for text that is shown beside other, which it could put in another order.

    No password is: somebody's old one may hold anything.
    """
    if found := next((letter for letter in value if letter in TURNING), ""):
        raise ValidationError(
            f"This holds an invisible character (U+{ord(found):04X}) that changes the order in "
            "which letters are shown. Take it out: text in any script reads well without."
        )
