"""One step of a job: some parts, for about a second, as the person who asks."""

import time

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.bulk.models import CHECKING, DONE, GREETING, READY, RUNNING, Job
from accounts.imports.rows import ADDED, MISSED
from vmail_admin.directory.changes import told
from vmail_admin.directory.errors import NotAnswering

A_STEP = 0.8  # seconds, after which no further part is begun
AFTER = {CHECKING: READY, RUNNING: DONE, GREETING: DONE}


def step(job, seal, work, seconds=A_STEP):
    """Works on the parts that are left in this stage, and goes on to the next after the last.

    ``work(rows, tried_since, seconds)`` changes the rows in place, and says False where there is
    more to do with them: a slow disk may need longer for one part than a whole request may take.
    ``tried_since`` is None, or the moment from which on an earlier try may have made some of it.
    Raises NotAnswering after keeping what is known; whoever asks again goes on from there.
    """
    until = time.monotonic() + seconds
    stage = job.stage
    while time.monotonic() < until and (part := next_part(job, stage)):
        with told(batch=job.batch):
            do(part, seal, stage, work, job.began, until)
    if not job.part_set.exclude(finished=stage).exists():
        job.go_on(after(job), stage)


def after(job):
    return GREETING if job.stage == RUNNING and job.facts.get("greets") else AFTER[job.stage]


def next_part(job, stage):
    """The first that nobody is at, or None."""
    now = timezone.now()
    free = job.part_set.filter(Q(busy_until=None) | Q(busy_until__lt=now)).exclude(finished=stage)
    return next((part for part in free.defer("sealed")[:5] if part.take(stage)), None)


def do(part, seal, stage, work, began, until):
    rows, tried_since = part.opened(seal), began if part.tries > 1 else None
    try:
        finished = work(rows, tried_since, max(0, until - time.monotonic())) is not False
    except NotAnswering:
        part.give_back(rows, seal, stage, finished=False)
        raise
    if not finished:
        part.tries -= 1  # whoever goes on begins where this one stopped, and tries nothing again
    if stage == RUNNING:
        forget_passwords(rows)
    part.give_back(rows, seal, stage, finished)


def forget_passwords(rows):
    """What was given is kept no longer, but for what was made here and is still to be shown.

    What is still to be given in a later step stays as well.
    """
    for row in rows:
        if not row.is_good and not (row.state == ADDED and row.generated):
            row.password = ""


@transaction.atomic
def hand_out_passwords(job, seal):
    """(address, password) of all that were made here. They are handed out this once."""
    handed = []
    for part in job.part_set.select_for_update().filter(passwords__gt=0):
        rows = part.opened(seal)
        for row in rows:
            if row.generated and row.password:
                handed.append((row.mail, row.password))
                row.password, row.generated = "", False
        part.put(rows, seal)
        part.save()
    Job.objects.filter(pk=job.pk).update(handed_out=timezone.now())
    return handed


@transaction.atomic
def greet_again(job, seal):
    """Those whose first mail was not sent get another try."""
    if not job.go_on(GREETING, DONE):
        return
    for part in job.part_set.filter(missed__gt=0):
        rows = part.opened(seal)
        for row in rows:
            row.greeting = "" if row.greeting == MISSED else row.greeting
        part.give_back(rows, seal, RUNNING)
