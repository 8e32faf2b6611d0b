"""How long rows are kept: VMAIL_JOURNAL_DAYS; 0 keeps them for ever."""

import datetime as dt
import logging
import random

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from vmail_admin.journal.models import Retention, Row

log = logging.getLogger(__name__)

ONE_IN = 100  # changes: so often the oldest rows are looked at by the way
AT_ONCE = 500  # rows, so that nobody waits long for the database


def prune_by_the_way():
    # No secret hangs on this.
    if settings.JOURNAL_DAYS and random.randrange(ONE_IN) == 0:  # noqa: S311
        try:
            prune(AT_ONCE)
        except DatabaseError as error:
            log.warning("The journal could not be shortened: %s", type(error).__name__)


def prune(most):
    """Deletes at most so many rows that are older than the setting says; how many it were."""
    if not settings.JOURNAL_DAYS:
        return 0
    until = timezone.now() - dt.timedelta(days=settings.JOURNAL_DAYS)
    with transaction.atomic():
        old = list(Row.objects.filter(began__lt=until).order_by("began")[:most].values_list("pk"))
        if not old:
            return 0
        # The database itself refuses to delete a row that began later than this.
        Retention.objects.update_or_create(pk=1, defaults={"until": until})
        return Row.objects.filter(pk__in=[pk for (pk,) in old]).delete()[0]
