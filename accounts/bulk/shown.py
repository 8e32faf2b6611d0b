"""What the pages of a job say: how far it is, what would happen, what became of each row."""

from accounts.bulk.acts import ACTS
from accounts.bulk.jobs import IMPORT, UNDO, addresses, so_many
from accounts.bulk.models import READY
from accounts.imports.columns import ACCOUNTS
from accounts.imports.rows import ADDED, GOOD, MISSED
from domains.managed import NO_ACCOUNTS
from vmail_admin.directory.pages import Page, page_number

MOST_PROBLEMS = 200  # rows of one page
ROWS_A_PAGE = 100
LABELS = {
    "address": "Address",
    "full_name": "Name",
    "first_name": "First name",
    "last_name": "Last name",
    "password": "Password",
    "quota": "Quota",
    "description": "Note",
    "active": "Active",
    "destinations": "Send mail to",
    "kind": "Kind",
}


def progress_of(job, counts):
    """How far it is: rows behind it, of all, and in words."""
    if counts is None:
        return {"rows": job.rows, "passed": 0, "share": 0, "sentence": ""}
    passed = counts["passed"]
    share = 100 * passed // max(1, job.rows)
    return {
        "rows": job.rows,
        "passed": passed,
        "share": share,
        "sentence": f"{passed:,} of {job.rows:,}",
    }


def words_of(job, counts):
    """Sentences in numbers, and what the button says that does it."""
    if job.stage == READY:
        return before_import(job, counts) if job.act == IMPORT else before_act(job)
    return afterwards(job, counts)


def before_import(job, counts):
    good, left = counts["good"], counts["left_out"]
    wrong = counts["wrong"] - left
    effects = [f"{so_many(good, job.facts['kind'])} would be added."] if good else []
    if counts["anyway"]:
        effects.append(f"{counts['anyway']:,} of them with an address that was somebody’s before.")
    if left:
        verb = "is" if left == 1 else "are"
        effects.append(f"{rows(left)} {verb} left out: the address was somebody’s before.")
    if wrong:
        effects.append(f"{rows(wrong)} cannot be added: see what is wrong with each.")
    if job.facts["unknown"]:
        effects.append(f"Columns that are not used: {', '.join(job.facts['unknown'])}.")
    if not job.facts["asked"]:
        effects.append("The directory itself could not be asked beforehand, and may still refuse.")
    button = f"Add the {good:,} good ones" if good > 1 else "Add the good one"
    return {"effects": effects, "button": button if good else ""}


def rows(count):
    return f"{count:,} row{s_of(count)}"


def s_of(count):
    return "" if count == 1 else "s"


def before_act(job):
    act = ACTS[job.act]
    effects = list(EFFECTS.get(job.act, lambda job: [])(job))
    return {"effects": effects, "button": act.does.format(addresses(job.rows))}


def effects_of_deleting(job):
    accounts, aliases, holders = (job.facts[n] for n in ("accounts", "aliases", "postmasters"))
    if accounts and job.facts.get("keeps_accounts"):
        yield f"{NO_ACCOUNTS} They stay as they are."
    elif accounts:
        yield (
            f"{accounts:,} account{s_of(accounts)} can no longer sign in and receive no mail, from "
            "now on. The mail stays until the site cleans up; until then you can restore them."
        )
    if aliases:
        yield (
            f"{aliases:,} aliases are gone at once." if aliases > 1 else "1 alias is gone at once."
        )
    if holders and not job.facts.get("keeps_accounts"):
        yield f"Postmasters of the domain among them, who are none any more: {holders}."


def effects_of_passwords(job):
    yield "The passwords they have now stop working at once."
    yield "You download the new ones when it is done, once: they are kept nowhere."
    if job.facts["aliases"]:
        yield "An alias gets one only if it is known to have one: nobody signs in as the others."


def effects_of_appointing(job):
    yield "Postmasters add, change and delete the accounts and aliases of this domain."


EFFECTS = {
    "delete": effects_of_deleting,
    "passwords": effects_of_passwords,
    "appoint": effects_of_appointing,
}


def afterwards(job, counts):
    made, refused, wrong = counts["made"], counts["refused"], counts["wrong"]
    done = {IMPORT: "{} added", UNDO: "{} taken back"}.get(job.act)
    what = addresses(made) if job.act not in (IMPORT, UNDO) else f"{made:,}"
    sentence = (done or ACTS[job.act].done).format(what)
    effects = [f"{sentence}."]
    if refused:
        effects.append(f"{refused:,} refused: see why for each.")
    if wrong:
        effects.append(f"{wrong:,} left out, as the preview said.")
    if counts["missed"]:
        effects.append(f"{counts['missed']:,} got no welcome mail: the mail server took none.")
    if made and job.facts.get("of") == IMPORT and job.facts.get("kind") == ACCOUNTS:
        effects.append("New accounts, which may hold mail by now, are marked for deletion.")
    if job.facts.get("remarks"):
        effects.append("Not everything is as it was: see what is said of each.")
    return {"effects": effects, "button": "", "summary": sentence}


# --- the rows


def table_of(request, job, seal, counts):
    """Rows to be shown: those with a problem first, or a page of all."""
    problems = sum(counts[name] for name in ("wrong", "refused", "missed", "anyway"))
    show = request.GET.get("show") or ("problems" if problems else "all")
    fields = [name for name in LABELS if name in job.facts.get("headings", {"address": ""})]
    table = {
        "show": show,
        "problems": problems,
        "columns": [LABELS[name] for name in fields],
        "is_import": job.act == IMPORT,
    }
    if show == "problems":
        rows = list(problem_rows(job, seal))
        table["more"] = problems - len(rows)
    else:
        table["page"] = page_of(request, job)
        rows = rows_of_page(job, seal, table["page"])
    return table | {"rows": [shown_row(row, job, fields) for row in rows]}


def page_of(request, job):
    number = min(page_number(request.GET.get("page", "")), max(1, -(-job.rows // ROWS_A_PAGE)))
    return Page([], number, job.rows, ROWS_A_PAGE)


def rows_of_page(job, seal, page):
    """Out of the parts that hold rows of this page: all parts but the last are of one size."""
    size = job.part_set.order_by("number").values_list("rows", flat=True).first() or ROWS_A_PAGE
    part, before = divmod((page.number - 1) * ROWS_A_PAGE, size)
    last = part + (before + ROWS_A_PAGE - 1) // size
    parts = job.part_set.filter(number__gte=part, number__lte=last)
    rows = [row for part in parts for row in part.opened(seal)]
    return rows[before : before + ROWS_A_PAGE]


def problem_rows(job, seal):
    left = MOST_PROBLEMS
    parts = job.part_set.exclude(wrong=0, refused=0, missed=0, anyway=0)
    for part in parts.iterator(chunk_size=5):
        for row in part.opened(seal):
            if is_told(row) and left:
                left -= 1
                yield row


def is_told(row):
    """Whether it is one of those that somebody should look at."""
    return row.problems or row.greeting == MISSED or (row.before and row.is_good)


def shown_row(row, job, fields):
    """Cells with what is wrong at each; and what would happen or has happened to the whole row."""
    known = {"address": row.mail} | row.typed
    cells = [
        {"label": LABELS[name], "text": known.get(name, ""), "problems": row.problems.get(name)}
        for name in fields
    ]
    elsewhere = [
        sentence
        for name, sentences in row.problems.items()
        if name not in fields
        for sentence in sentences
    ]
    return {
        "line": row.line,
        "cells": cells,
        "state": row.state,
        "is_wrong": bool(row.problems),
        "says": elsewhere or [verdict_of(row, job)],
    }


def verdict_of(row, job):
    if row.problems and job.act != IMPORT:
        return "stays as it is"
    if row.problems:
        return "is not added" if job.stage == READY else "not added"
    if job.act != IMPORT:
        if row.state != ADDED:
            return row.entry.get("kind", "")
        remark = row.entry.get("remark")
        done = "taken back" if job.act == UNDO else "done"
        return f"{done}. {remark}" if remark else done
    added = "is added" if row.state == GOOD else "added"
    if row.generated:
        added = f"{added}, with a new password"
    if row.before:
        added = f"{added}, though {row.before}"
    return f"{added}; no welcome mail" if row.greeting == MISSED else added
