"""A row of the journal. It is written once and settled once; only its age ever deletes it."""

import json

from django.db import models

from vmail_admin.journal.values import LONGEST_NAME, bytes_of, read


def bytes_in(name, text):
    """The values of a step; None for all there are."""
    return [bytes_of(value) for value in read(text)[0].get(name, [])] if text else None


class State(models.IntegerChoices):
    OPEN = 0, "unfinished"  # slapd was asked, or was about to be; how it ended is not known yet
    MADE = 1, "made"
    REFUSED = 2, "refused"
    LOST = 3, "not made"  # found out later
    UNSURE = 4, "not known"  # the entry was changed again before anybody could find out


SHOWN = (State.OPEN, State.MADE, State.UNSURE)


class RowQuerySet(models.QuerySet):
    def shown(self):
        """What a reader calls a change. A mere date, as it is written after a password, is none."""
        return self.filter(state__in=SHOWN).exclude(kind="dated")

    def of(self, entry):
        return self.filter(entry=entry.lower())

    def made(self):
        return self.filter(state=State.MADE)

    def unfinished(self):
        return self.filter(state=State.OPEN)

    def standing(self):
        """Made, and not taken back; or put forward again since it was."""
        again = Row.objects.made().filter(undoes=models.OuterRef("pk"))
        back = Row.objects.made().filter(~models.Exists(again), undoes=models.OuterRef("pk"))
        return self.made().filter(~models.Exists(back))

    def newest_first(self):
        return self.order_by("-id")


class Row(models.Model):
    began = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    state = models.PositiveSmallIntegerField(choices=State, default=State.OPEN)
    operation = models.CharField(max_length=10)  # as of a Change, or "reason"
    kind = models.CharField(max_length=20)  # what people call it; see kinds.py
    what = models.CharField(max_length=10)  # account, alias, domain, or other
    entry = models.CharField(max_length=LONGEST_NAME, db_index=True)  # an address or a domain
    domain = models.CharField(max_length=LONGEST_NAME)
    dn = models.TextField()
    who = models.CharField(max_length=LONGEST_NAME, db_index=True)
    who_dn = models.TextField()
    place = models.CharField(max_length=LONGEST_NAME)
    batch = models.CharField(max_length=LONGEST_NAME)
    why = models.CharField(max_length=LONGEST_NAME)
    undoes = models.BigIntegerField(null=True)  # the number of the row that this one takes back
    about = models.BigIntegerField(null=True)  # the number of the row that this is a reason for
    version = models.CharField(max_length=64)  # the entryCSN afterwards
    # JSON, for what an attribute holds may be no text that a database takes.
    steps = models.TextField()
    before = models.TextField()
    after = models.TextField()
    facts = models.TextField()

    objects = RowQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["domain", "id"], name="journal_domain"),
            models.Index(fields=["domain", "kind", "id"], name="journal_domain_kind"),
            models.Index(fields=["kind", "id"], name="journal_kind"),
            models.Index(fields=["entry", "id"], name="journal_entry"),
            models.Index(fields=["who", "id"], name="journal_who"),
            models.Index(fields=["began"], name="journal_began"),
            models.Index(
                fields=["entry"], condition=models.Q(state=State.OPEN), name="journal_open"
            ),
            *(
                models.Index(
                    fields=["id"], condition=models.Q(state=state), name=f"journal_state_{state:d}"
                )
                for state in (State.REFUSED, State.LOST, State.UNSURE)
            ),
            models.Index(
                fields=["undoes"], condition=models.Q(undoes__isnull=False), name="journal_undoes"
            ),
            models.Index(
                fields=["about"], condition=models.Q(about__isnull=False), name="journal_about"
            ),
            models.Index(fields=["batch"], condition=~models.Q(batch=""), name="journal_batch"),
        ]

    def __str__(self):
        return f"{self.kind} {self.entry}"

    @property
    def values_before(self):
        return read(self.before)[0]

    @property
    def values_after(self):
        return read(self.after)[0]

    def asked(self):
        """The steps of the change, as ``directory.changes.Change`` has them."""
        return [(how, name, bytes_in(name, text)) for how, name, text in json.loads(self.steps)]

    def named(self):
        """The attributes that were to be changed."""
        return [name for _, name, _ in json.loads(self.steps)]

    def values_of(self, attribute):
        """What was to be written into it, or taken out of it, as text."""
        for _, name, text in json.loads(self.steps):
            if name.lower() == attribute.lower():
                return read(text)[0].get(name, [])
        return []

    @property
    def cut(self):
        """The attributes of which something was too long to be kept."""
        cut = {name for _, _, text in json.loads(self.steps) for name in read(text)[1]}
        return cut | read(self.before)[1] | read(self.after)[1]

    @property
    def is_open(self):
        return self.state == State.OPEN


class Retention(models.Model):
    """One row: rows of the journal that began before this moment may be deleted."""

    until = models.DateTimeField()

    def __str__(self):
        return f"until {self.until}"
