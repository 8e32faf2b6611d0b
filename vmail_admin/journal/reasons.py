"""Why somebody was switched off, or a domain suspended, and who did it."""

from dataclasses import dataclass

from django import forms
from django.utils import timezone

from vmail_admin.directory.names import label_of
from vmail_admin.forms import Text
from vmail_admin.journal.models import Row, State
from vmail_admin.journal.values import one_line
from vmail_admin.signing_in.network import client_address

MOST_LETTERS = 200


class ReasonForm(forms.Form):
    why = Text(
        label="Reason",
        required=False,
        max_length=MOST_LETTERS,
        help_text="For those who look after this domain: it is kept in the journal.",
    )


@dataclass(frozen=True)
class Reason:
    """What was said last, and by whom, where that is not who made the change."""

    text: str = ""
    by: str = ""

    def __bool__(self):
        return bool(self.text)


@dataclass(frozen=True)
class Cause:
    """The change that led to how something is now."""

    row: Row
    why: Reason

    @property
    def who(self):
        return self.row.who

    @property
    def when(self):
        return self.row.began


def cause_of_switch(entry):
    """Who switched an account or alias off, or suspended a domain; None where nobody here did."""
    return cause_of(entry, "switched", "accountActive", "FALSE")


def cause_of_mark(entry):
    """Who marked it for deletion."""
    return cause_of(entry, "marked", "delete", "TRUE")


def cause_of(entry, kind, attribute, value):
    row = Row.objects.of(entry).made().filter(kind=kind).newest_first().first()
    if row is None or row.values_of(attribute) != [value]:
        return None
    return Cause(row, why_of(row))


def why_of(row):
    """The Reason for a change: said with it, or afterwards, maybe by a colleague."""
    later = Row.objects.made().filter(about=row.pk).newest_first().first()
    if later is None:
        return Reason(row.why)
    return Reason(later.why, "" if later.who_dn == row.who_dn else later.who)


def give_reason(request, row, why):
    """A row of its own, for a settled one stays as it is."""
    now, dn = timezone.now(), request.person.dn
    same = {name: getattr(row, name) for name in ("what", "entry", "domain", "dn")}
    Row.objects.create(
        **same,
        began=now,
        ended=now,
        state=State.MADE,
        operation="reason",
        kind="reason",
        who=one_line(label_of(dn).lower()),
        who_dn=one_line(dn, 2000),
        place=client_address(request),
        why=one_line(why),
        about=row.pk,
        steps="[]",
        facts="{}",
    )
