"""What django-ldapdb 1.5.1 needs on Django 5; empty one day.

Its fields ask ``django.utils.timezone.utc`` for pytz's two methods. Django 5 took that name away.
"""

import datetime as dt

from django.utils import timezone


class _Utc(dt.tzinfo):
    """UTC with the two methods of pytz that ``ldapdb.models.fields`` calls."""

    def utcoffset(self, moment):
        return dt.timedelta(0)

    def dst(self, moment):
        return dt.timedelta(0)

    def tzname(self, moment):
        return "UTC"

    def localize(self, moment):
        return moment.replace(tzinfo=dt.UTC)

    def normalize(self, moment):
        return moment.astimezone(dt.UTC)


if not hasattr(timezone, "utc"):
    timezone.utc = _Utc()
