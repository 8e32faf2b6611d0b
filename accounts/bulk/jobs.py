"""The kinds of job: how each begins, and what a step of it does with its rows."""

import json
import time
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.bulk.acts import ACTS, Chosen, act_on
from accounts.bulk.models import (
    CHECKING,
    DONE,
    GREETING,
    QUICK,
    READY,
    RUNNING,
    SLOW,
    Job,
    clear_late,
    new_key,
    session_mark,
)
from accounts.imports import greeting
from accounts.imports.applying import add_rows
from accounts.imports.checking import Checker, beside_of, note_twice
from accounts.imports.columns import ACCOUNTS, ALIASES
from accounts.imports.rows import ADDED, NEW, REFUSED, Checked
from accounts.imports.table import MOST_ROWS, Row
from accounts.models import AddressName
from domains.managed import managed_or_404
from vmail_admin.directory import policy
from vmail_admin.directory.changes import new_batch, told
from vmail_admin.directory.credential import Seal
from vmail_admin.directory.passwords import generated
from vmail_admin.journal.models import Row as JournalRow
from vmail_admin.journal.settling import settle_all
from vmail_admin.journal.undo import UNDOABLE, GoneAlready, undo_rows

IMPORT, UNDO = "import", "undo"
ONE_OF = {ACCOUNTS: "account", ALIASES: "alias", "addresses": "address", "changes": "change"}
# What is done before a step looks at the clock: changes taken back; accounts that get a password,
# whose hash is meant to be slow.
TOGETHER, HASHED = 50, 5


def seal_of(request, key):
    """Raises KeyLost."""
    return Seal(request.session, request.COOKIES, f"job {key} {request.person.dn}")


def new_job(request, act, domain, stage, rows, size=SLOW, **values):
    """A job with its rows, sealed. What is older than a day goes by the way."""
    clear_late()
    job = Job(
        key=new_key(),
        owner=request.person.dn,
        session=session_mark(request.session.session_key),
        began=timezone.now(),
        act=act,
        domain=domain,
        stage=stage,
        batch=new_batch(),
        **values,
    )
    seal = seal_of(request, job.key)
    with transaction.atomic():
        if job.beside:
            job.beside = seal.seal(job.beside)
        job.save()
        job.fill(rows, seal, size)
    return job


# --- a table


def import_table(request, managed, table, make, anyway):
    """A job that checks a table first. ``make`` and ``anyway`` as ``checking.Checker`` has them."""
    note_twice(table, managed.domain)
    facts = {
        "kind": table.kind,
        "make": make,
        "anyway": anyway,
        "headings": table.headings,
        "unknown": table.unknown,
        "asked": True,
        "greets": greeting.is_wanted(table.kind),
    }
    rows = [
        Checked(row.line, row.values.get("address", "")[:300], state=NEW, typed=row.values)
        for row in table.rows
    ]
    beside = json.dumps(beside_of(table, managed.domain)) if table.kind == ALIASES else b""
    domain = managed.domain.name
    # slapd takes its time for the hash of a password.
    hashes = table.kind == ACCOUNTS and (make or "password" in table.headings)
    size = SLOW if hashes else QUICK
    return new_job(request, IMPORT, domain, CHECKING, rows, size, facts=facts, beside=beside)


def check_rows(job, request, seal, rows, tried_since, seconds):
    managed = managed_or_404(request, job.domain)
    beside = json.loads(seal.open(bytes(job.beside))) if job.beside else None
    facts = job.facts
    anyway = facts.get("anyway", False)  # a job of before this was asked has no word about it
    checker = Checker(managed.domain, facts["kind"], facts["make"], beside, anyway)
    checked = checked_one_by_one(checker, rows)
    if not checker.ask_slapd(checked) and job.facts["asked"]:
        job.facts["asked"] = False
        job.save(update_fields=["facts"])


def checked_one_by_one(checker, rows):
    """Each row, checked by now. What an earlier try has checked is not checked again."""
    for number, row in enumerate(rows):
        if row.state == NEW:
            rows[number] = checker.checked(Row(row.line, row.typed))
            rows[number].typed = shown_of(row.typed)
        yield rows[number]


def shown_of(values):
    """What the preview shows of a row: that there is a password, and not which."""
    hidden = {"password": "as in the table"} if values.get("password") else {}
    return {name: text[:300] for name, text in values.items()} | hidden


# --- what was selected in a list


def work_on_chosen(request, managed, act, names, asks):
    """A job about addresses: ``names`` are AddressName. It waits for a word where it ``asks``."""
    least = policy.rules().min_length if act == "passwords" else 0
    rows = [
        Checked(
            number,
            name.mail.lower(),
            {"kind": name.kind},
            generated(least) if act == "passwords" else "",
            act == "passwords",
        )
        for number, name in enumerate(names, 1)
    ]
    accounts = sum(name.kind == "account" for name in names)
    holders = set(managed.postmaster.addresses()) if managed.postmaster else set()
    facts = {
        "accounts": accounts,
        "keeps_accounts": act == "delete" and not managed.can.accounts,
        "aliases": len(names) - accounts,
        "postmasters": sum(row.mail in holders for row in rows),
    }
    stage = READY if asks else RUNNING
    return new_job(request, act, managed.domain.name, stage, rows, facts=facts)


def names_of(domain_name, mails):
    """Those of the addresses that are in the domain, in the order of the list."""
    found = AddressName.objects.in_domain(domain_name).filter(mail__in=mails)
    return sorted(found, key=lambda name: name.mail.lower())


def names_matching(domain_name, search, kind):
    """All that the list shows below what is pinned, and whether these are too many to work on."""
    entries = AddressName.objects.in_domain(domain_name).of_kind(kind).matching(search)
    found, more = entries.bounded(MOST_ROWS)
    names = [name for name in found if search or kind == "accounts" or not name.special]
    return sorted(names, key=lambda name: name.mail.lower()), more


# --- the way back


def undo_of(request, job):
    """A job that takes back what another has done, as far as nobody changed it since."""
    batch = JournalRow.objects.filter(batch=job.batch)
    settle_all(batch)
    made = batch.made().filter(kind__in=UNDOABLE).newest_first()
    rows = [
        Checked(number, entry, {"row": pk})
        for number, (pk, entry) in enumerate(made.values_list("pk", "entry"), 1)
    ]
    facts = {"of": job.act, "kind": job.facts.get("kind", "")}
    return new_job(request, UNDO, job.domain, RUNNING, rows, QUICK, facts=facts)


def can_be_undone(job):
    """Whether anything is left of it that could be taken back, or might be."""
    if job.stage != DONE or job.act == UNDO:
        return False
    batch = JournalRow.objects.filter(batch=job.batch, kind__in=UNDOABLE)
    return batch.standing().exists() or batch.unfinished().exists()


def undo_some(rows, tried_since, seconds, job):
    for some, _ in some_at_a_time(rows, TOGETHER, seconds):
        if undo_together(some, tried_since):
            job.facts["remarks"] = True
            job.save(update_fields=["facts"])
    return is_done(rows)


def undo_together(rows, tried_since):
    """Whether there is something to be said of what was taken back."""
    good = {row.entry["row"]: row for row in rows}
    outcome = undo_rows(list(JournalRow.objects.filter(pk__in=good).newest_first()))
    for one, why in outcome.refused:
        # An alias that an earlier try deleted, whose answer was lost, is gone.
        if not (tried_since and isinstance(why, GoneAlready)):
            good[one.pk].is_wrong({"": [str(why)]}, REFUSED)
    for number, remarks in outcome.remarks.items():
        good[number].entry["remark"] = " ".join(remarks)
    for row in good.values():
        # Also what an earlier try took back.
        row.state = ADDED if row.is_good else row.state
    return any(outcome.remarks.values())


# --- one step of any


def work_of(job, request, seal):
    """What a step does with rows, and in how many seconds, for ``working.step``."""
    if job.act == IMPORT and job.stage == CHECKING:
        return partial(check_rows, job, request, seal)
    if job.stage == GREETING:
        return partial(greet_some, request.build_absolute_uri("/"))
    if job.act == IMPORT:
        return partial(add_of_table, job.facts["kind"])
    if job.act == UNDO:
        return partial(undo_some, job=job)
    managed = managed_or_404(request, job.domain)
    chosen = Chosen(managed, request.person.dn, job.facts.get("quota", ""))
    return partial(act_with_reason, job, chosen)


def add_of_table(kind, rows, tried_since, seconds):
    at_once = HASHED if any(row.password for row in rows) else len(rows)
    for some, left in some_at_a_time(rows, at_once, seconds):
        add_rows(some, kind, tried_since, left)
    return is_done(rows)


def some_at_a_time(rows, at_once, seconds):
    """What is still to be done, and in how many seconds, while there are some; once in any case."""
    until = time.monotonic() + seconds
    good = [row for row in rows if row.is_good]
    for start in range(0, len(good), at_once):
        left = until - time.monotonic()
        if start and left < 0:
            return
        yield good[start : start + at_once], max(0, left)


def is_done(rows):
    return not any(row.is_good for row in rows)


def greet_some(panel, rows, tried_since, seconds):
    return greeting.greet_rows(rows, panel, seconds)


def act_with_reason(job, chosen, rows, tried_since, seconds):
    with told(why=job.facts.get("why")):
        return act_on(rows, job.act, chosen, tried_since, seconds)


def title_of(job):
    """What the job does, as a heading."""
    if job.act == IMPORT:
        return f"Import {so_many(job.rows, job.facts['kind'])}"
    if job.act == UNDO:
        return f"Take back {so_many(job.rows, 'changes')}"
    return ACTS[job.act].does.format(addresses(job.rows))


def addresses(count):
    return so_many(count, "addresses")


def so_many(count, what):
    return f"{count:,} {ONE_OF[what] if count == 1 else what}"
