"""A job, and its rows in parts. Whatever a row holds is sealed: only the counts are readable."""

import datetime as dt
import hashlib
import json
import secrets

from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone

from accounts.imports.before import is_left_out
from accounts.imports.rows import ADDED, GOOD, MISSED, REFUSED, WRONG, Checked

# Rows that a step works on before it looks at the clock; few where each takes long.
QUICK, SLOW = 200, 20
KEPT = dt.timedelta(days=1)
# A step takes less. Whoever is killed in one leaves the part to the next step after so long.
TAKEN_FOR = dt.timedelta(seconds=8)

CHECKING, READY, RUNNING, DONE = "checking", "ready", "running", "done"
GREETING = "greeting"  # between the last two, where new accounts get a first mail
COUNTED = {"good": GOOD, "wrong": WRONG, "made": ADDED, "refused": REFUSED}


def session_mark(key):
    """Tells sessions apart, and opens none."""
    return hashlib.sha256(f"bulk {key}".encode()).hexdigest()


def forget_rows_of(instance, **_):
    forget_rows([instance.session_key])


def forget_rows(keys, **_):
    """What was sealed in these sessions; the counts stay, for whoever looks for them."""
    marks = [session_mark(key) for key in keys]
    Part.objects.filter(job__session__in=marks).delete()
    Job.objects.filter(session__in=marks).update(session="", beside=b"")


class Job(models.Model):
    key = models.CharField(max_length=32, unique=True)
    owner = models.TextField()  # the DN of who does it
    session = models.CharField(max_length=64)  # see session_mark; "" once it has ended
    began = models.DateTimeField()
    act = models.CharField(max_length=20)
    domain = models.TextField()
    stage = models.CharField(max_length=10)
    rows = models.PositiveIntegerField(default=0)
    batch = models.CharField(max_length=40)  # the name of its changes in the journal
    facts = models.JSONField(default=dict)  # what was wished, and the headings of the table
    beside = models.BinaryField(default=b"")  # sealed: where all aliases of the table lead
    handed_out = models.DateTimeField(null=True)  # when the new passwords were
    ended = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["session"], name="bulk_session")]

    def __str__(self):
        return f"{self.act} {self.domain}"

    @property
    def is_working(self):
        return self.stage in (CHECKING, RUNNING, GREETING)

    def counts(self):
        sums = self.part_set.aggregate(
            **{name: Sum(name, default=0) for name in COUNTED},
            passed=Sum("rows", filter=Q(finished=self.stage), default=0),
            waiting=Sum("passwords", default=0),
            missed=Sum("missed", default=0),
            left_out=Sum("left_out", default=0),
            anyway=Sum("anyway", default=0),
        )
        if self.stage == RUNNING:
            # A part may be worked on in several steps: what is still to be done in it is GOOD.
            sums["passed"] = self.rows - sums["good"]
        return sums | {"rows": self.rows}

    def fill(self, rows, seal, size):
        """Puts the rows into parts of this size. All at once, or not at all."""
        parts = []
        for number, start in enumerate(range(0, len(rows), size)):
            part = Part(job=self, number=number)
            part.put(rows[start : start + size], seal)
            parts.append(part)
        Part.objects.bulk_create(parts)
        self.rows = len(rows)
        self.save(update_fields=["rows"])

    def go_on(self, stage, was):
        """To the next stage, once, whoever else is at it."""
        ended = {"ended": timezone.now()} if stage == DONE else {}
        moved = Job.objects.filter(pk=self.pk, stage=was).update(stage=stage, **ended)
        self.refresh_from_db()
        return bool(moved)


def new_key():
    return secrets.token_hex(16)


def clear_late():
    """Nothing is kept longer than a day, whatever became of it."""
    Job.objects.filter(began__lt=timezone.now() - KEPT).delete()


class Part(models.Model):
    job = models.ForeignKey(Job, on_delete=models.CASCADE)
    number = models.PositiveIntegerField()
    finished = models.CharField(max_length=10, default="")  # the stage that is behind it
    busy_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)  # in this stage
    sealed = models.BinaryField()
    rows = models.PositiveSmallIntegerField()
    good = models.PositiveSmallIntegerField(default=0)
    wrong = models.PositiveSmallIntegerField(default=0)
    made = models.PositiveSmallIntegerField(default=0)
    refused = models.PositiveSmallIntegerField(default=0)
    passwords = models.PositiveSmallIntegerField(default=0)  # made here, and not handed out yet
    missed = models.PositiveSmallIntegerField(default=0)  # added, and their first mail not sent
    # Whose address was somebody's before: left out for it; or good, as it was wished all the same.
    left_out = models.PositiveSmallIntegerField(default=0)
    anyway = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="bulk_part_number")]

    def __str__(self):
        return f"part {self.number}"

    def put(self, rows, seal):
        """Seals the rows, and counts how they stand."""
        self.sealed = seal.seal(json.dumps([row.kept() for row in rows]))
        self.rows = len(rows)
        for name, state in COUNTED.items():
            setattr(self, name, sum(row.state == state for row in rows))
        self.passwords = sum(row.generated and row.state == ADDED for row in rows)
        self.missed = sum(row.greeting == MISSED for row in rows)
        self.left_out = sum(is_left_out(row) for row in rows)
        self.anyway = sum(bool(row.before) and row.is_good for row in rows)

    def opened(self, seal):
        """The rows. Raises KeyLost."""
        return [Checked(**kept) for kept in json.loads(seal.open(bytes(self.sealed)))]

    def take(self, stage):
        """Whether this part is ours to work on: nobody else has it, and it is not done."""
        now = timezone.now()
        free = Q(busy_until=None) | Q(busy_until__lt=now)
        mine = Part.objects.filter(free, pk=self.pk).exclude(finished=stage)
        if not mine.update(busy_until=now + TAKEN_FOR, tries=F("tries") + 1):
            return False
        self.refresh_from_db()
        return True

    def give_back(self, rows, seal, stage, finished=True):
        """Keeps how far it came."""
        self.put(rows, seal)
        self.busy_until = None
        if finished:
            self.finished, self.tries = stage, 0
        self.save()
