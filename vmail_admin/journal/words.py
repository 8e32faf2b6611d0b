"""Rows of the journal in the words of those who read them."""

import json
from dataclasses import dataclass, field

from vmail_admin.addresses import shown_address, shown_domain
from vmail_admin.converters import url_of
from vmail_admin.journal.models import State
from vmail_admin.journal.undo import can_be_undone, undone_among
from vmail_admin.journal.values import SHOWN_AS, one_line, text_of

LABELS = {
    "cn": "Name",
    "description": "Note",
    "maildrop": "Sends mail to",
    "quota": "Quota",
    "accountactive": "Active",
    "delete": "Marked for deletion",
    "editaccounts": "May edit accounts",
    "editpostmasters": "May appoint postmasters",
    "mailbox": "Mailbox",
    "homedirectory": "Home directory",
    "postfixtransport": "Transport",
}
FLAGS = {"TRUE": "yes", "FALSE": "no"}
SILENT = {"lastchange", "entrycsn", "structuralobjectclass", "objectclass", "mail", "jvd"}
# Of a new or deleted entry only what says something about it.
TELLING = {"cn", "maildrop", "quota", "description"}
# For postmasters: the panel shows it to nobody else.
NOT_FOR_OWNERS = {"description"}
FACTORS = {
    ("add", "secondFactor"): "set up the second factor of",
    ("delete", "secondFactor"): "took away the second factor of",
    ("replace", "recoveryCodes"): "made new recovery codes for",
}
ARCHIVE = "Archive of the mail"
WITH_A_PAGE = ("account", "alias", "domain")
SENTENCES_WITHOUT_VALUES = {"switched", "marked", "restored", "appointed", "dismissed"}
MOST_SHOWN = 160  # characters of one value on a page
MOST_VALUES = 6  # of one attribute on a page


@dataclass
class Difference:
    """One attribute: the values that went, that came, and how many stayed."""

    label: str
    was: list = field(default_factory=list)
    now: list = field(default_factory=list)


@dataclass
class Line:
    """A row as a page shows it: ``verb`` LINK ``rest``, and what differs."""

    row: object
    verb: str
    rest: str
    name: str
    url: str
    differences: list
    undone: bool
    can_undo: bool
    reason: str
    place: str


def lines_of(rows, person, *, own=False):
    """What a page shows of rows. ``own``: for the owner of the entry, who looks after nobody."""
    gone = undone_among(rows)
    return [line_of(row, person, own, row.pk in gone) for row in rows]


def line_of(row, person, own, undone):
    verb, rest = sentence_of(row)
    by_oneself = row.who_dn == person.dn
    return Line(
        row=row,
        verb=verb,
        rest=rest,
        name=name_of(row),
        url="" if own else page_of(row),
        differences=[
            one for one in differences_of(row) if not (own and one.label in labels_hidden())
        ],
        undone=undone,
        can_undo=can_be_undone(row) and not undone and (by_oneself or not own),
        reason="" if own and not by_oneself else row.why,
        place=row.place if by_oneself or may_see_place(row, person, own) else "",
    )


def may_see_place(row, person, own):
    """Postmasters see where their own people sit, and not where the site admins do."""
    return person.is_site_admin or (not own and row.who.endswith(f"@{row.domain}"))


def labels_hidden():
    return {LABELS[name] for name in NOT_FOR_OWNERS}


def name_of(row):
    return shown_address(row.entry) if "@" in row.entry else shown_domain(row.entry)


def page_of(row):
    return url_of(f"{row.what}-edit", row.entry) if row.what in WITH_A_PAGE else ""


def sentence_of(row):
    """What was done, before and after the name of the entry."""
    if row.kind == "factor":
        [(how, name, _)] = row.asked()
        return FACTORS.get((how, name), "changed the second factor of"), ""
    value = next(iter(row.values_of("accountActive")), "")
    on = value == "TRUE"
    what = f" the {row.what}" if row.what in WITH_A_PAGE else ""
    domain = shown_domain(row.domain)
    return {
        "created": (f"added{what}", ""),
        "deleted": (f"deleted{what}", ""),
        "marked": (f"marked{what}", " for deletion"),
        "restored": (f"restored{what}", ""),
        "switched": switched(row, on),
        "rights": ("changed what the postmasters of", " may do"),
        "appointed": ("made", f" postmaster of {domain}"),
        "dismissed": ("dismissed", f" as postmaster of {domain}"),
        "password": ("set a new password for", ""),
        "locked": ("took away the password of", ""),
        "cleared": ("took away the password in the clear of", ""),
        "filled": ("filled in missing flags of", ""),
        "reason": ("gave a reason about", ""),
    }.get(row.kind) or (f"changed {fields_of(row)} of", "")


def switched(row, on):
    if row.what == "domain":
        return ("made", " active") if on else ("suspended", "")
    return "switched", f" {'on' if on else 'off'}"


def fields_of(row):
    """The name and the quota."""
    told = dict.fromkeys(one.lower() for one in row.named() if one.lower() not in SILENT)
    names = [LABELS.get(one, one).lower() for one in told]
    names = ["the destinations" if one == "sends mail to" else f"the {one}" for one in names]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]])) or "something"


def differences_of(row):
    if row.kind in SENTENCES_WITHOUT_VALUES and row.operation == "modify":
        return []
    before, after = lowered(row.values_before), lowered(row.values_after)
    if row.operation == "add":
        after = lowered({name: row.values_of(name) for name in row.named()})
    names = dict.fromkeys(name.lower() for name in [*row.named(), *before])
    if row.operation in ("add", "delete"):
        names = [name for name in names if name in TELLING]
    if row.state == State.OPEN or (row.operation == "modify" and not row.after):
        after = intended(row, before)
    found = [difference(name, before.get(name, []), after.get(name, [])) for name in names]
    if archive := json.loads(row.facts).get("archive"):
        found.append(Difference(ARCHIVE, [], [archive]))
    return [one for one in found if one]


def intended(row, before):
    """What a change that slapd did not tell the end of should have led to."""
    after = {name: list(values) for name, values in before.items()}
    for how, name, raw in row.asked():
        values, now = [text_of(one) for one in raw or []], after.setdefault(name.lower(), [])
        if how == "replace":
            after[name.lower()] = values
        elif how == "delete":
            after[name.lower()] = [one for one in now if values and one not in values]
        else:
            now += values
    return after


def difference(name, before, after):
    if name in SILENT or before == after:
        return None
    went = [shown(name, one) for one in before if one not in after]
    came = [shown(name, one) for one in after if one not in before]
    if not went and not came:
        return None
    return Difference(LABELS.get(name, name), few(went), few(came))


def few(values):
    more = len(values) - MOST_VALUES
    return [*values[:MOST_VALUES], f"and {more} more"] if more > 1 else values


def lowered(attributes):
    return {name.lower(): values for name, values in attributes.items()}


def shown(name, value):
    as_shown = SHOWN_AS[name](value) if name in SHOWN_AS else FLAGS.get(value, value)
    return one_line(as_shown, MOST_SHOWN)


def plain(row):
    """One line of text, for a table of values."""
    verb, rest = sentence_of(row)
    return f"{verb} {name_of(row)}{rest}".replace("  ", " ")
