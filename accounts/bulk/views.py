"""A table is imported, or something is done to what was selected; and the work on it."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from accounts.bulk import jobs
from accounts.bulk.acts import ACTS
from accounts.bulk.forms import FORMS, ImportForm
from accounts.bulk.models import DONE, READY, RUNNING, Job, clear_late, session_mark
from accounts.bulk.shown import progress_of, table_of, words_of
from accounts.bulk.working import greet_again, hand_out_passwords, step
from accounts.exports.tables import csv_answer
from accounts.imports.table import MOST_ROWS
from accounts.querysets import LISTS
from domains.managed import managed_or_404
from vmail_admin.directory.credential import KeyLost
from vmail_admin.directory.errors import NotAnswering
from vmail_admin.feedback import way_back
from vmail_admin.forms import posted

AT_ONCE = 0.8  # seconds of work in the very request that begins it
BY_HAND = 2.0  # seconds of a step, where no script asks for the next
WAIT = "The directory does not answer at the moment. What is done so far is kept: continue later."
TOO_MANY = f"More than {MOST_ROWS:,} addresses match. Search for something narrower."


@sensitive_post_parameters("pasted")
@sensitive_variables("form")
def import_new(request, domain_name):
    managed = managed_or_404(request, domain_name)
    clear_late()
    data, files = posted(request), request.FILES or None
    form = ImportForm(data, files, can_add_accounts=managed.can.accounts)
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        form.refuse_size()
    elif form.is_valid():
        wishes = form.makes_passwords, form.adds_anyway
        job = jobs.import_table(request, managed, form.table, *wishes)
        return begin(request, job)
    unfinished = Job.objects.filter(owner=request.person.dn, domain=managed.domain.name)
    context = {
        "domain": managed.domain,
        "form": form,
        "unfinished": [
            (job, jobs.title_of(job), waiting_here(request, job))
            for job in unfinished.order_by("-began")[:5]
        ],
    }
    return render(request, "bulk/import_new.html", context)


def waiting_here(request, job):
    """How many passwords of it this session can still download."""
    is_here = job.session == session_mark(request.session.session_key)
    return job.counts()["waiting"] if is_here and job.stage == DONE else 0


@require_POST
def chosen_new(request, domain_name):
    """Begins what was asked for the rows that were selected, or for all that match."""
    managed = managed_or_404(request, domain_name)
    act, everything = request.POST.get("act"), "all" in request.POST
    if act not in ACTS:
        raise Http404
    if everything:
        names, more = all_wished(request, domain_name)
    else:
        names, more = jobs.names_of(domain_name, request.POST.getlist("mail")[:200]), False
    back = way_back(request, reverse("address-list", args=[domain_name]))
    if more or not names:
        messages.warning(request, TOO_MANY if more else "Select one row or more first.")
        return redirect(back)
    asks = everything or ACTS[act].asks
    return begin(request, jobs.work_on_chosen(request, managed, act, names, asks))


def all_wished(request, domain_name):
    kind = request.POST.get("kind", "all")
    search = "".join(one for one in request.POST.get("search", "")[:200] if one.isprintable())
    return jobs.names_matching(domain_name, search.strip(), kind if kind in LISTS else "all")


def begin(request, job):
    """What is short is done at once, and nobody sees a bar."""
    if job.is_working:
        step_by_hand(request, job, jobs.seal_of(request, job.key), AT_ONCE)
    return redirect("work", job.key)


def step_by_hand(request, job, seal, seconds):
    """Where the directory does not answer, the page of the job says so: from there it goes on."""
    try:
        step(job, seal, jobs.work_of(job, request, seal), seconds)
    except NotAnswering:
        messages.warning(request, WAIT)


def own_job_or_404(request, key):
    return get_object_or_404(Job, key=key, owner=request.person.dn)


def sealed_job_or_404(request, key):
    """The job and what opens its rows; (job, None) where nothing opens them any more."""
    job = own_job_or_404(request, key)
    if job.session != session_mark(request.session.session_key):
        return job, None
    try:
        return job, jobs.seal_of(request, key)
    except KeyLost:
        return job, None


def work(request, key):
    """How far it is; what would happen; or what became of it."""
    return shown(request, *sealed_job_or_404(request, key))


def shown(request, job, seal, form=None):
    """The page of a job. ``form``: what was sent instead of the empty one, and is wrong."""
    counts = job.counts() if seal else None
    context = {
        "job": job,
        "domain": {"name": job.domain},
        "title": jobs.title_of(job),
        "counts": counts,
        "progress": progress_of(job, counts),
    }
    if seal is None:
        return render(request, "bulk/lost.html", context)
    if not job.is_working:
        context |= words_of(job, counts) | {"table": table_of(request, job, seal, counts)}
        context["can_be_undone"] = jobs.can_be_undone(job)
        context["form"] = form or (FORMS[job.act]() if job.act in FORMS else None)
    return render(request, "bulk/work.html", context)


@require_POST
def work_step(request, key):
    """About a second of work. A script asks for the next; without one, a button does."""
    job, seal = sealed_job_or_404(request, key)
    is_at_work = seal and job.is_working
    if "application/json" not in request.headers.get("Accept", ""):
        if is_at_work:
            step_by_hand(request, job, seal, BY_HAND)
        return redirect("work", key)
    if is_at_work:
        step(job, seal, jobs.work_of(job, request, seal), AT_ONCE)
    return JsonResponse({"stage": job.stage, **progress_of(job, job.counts())})


@require_POST
def work_start(request, key):
    """The word that a job waited for, with what it asked for."""
    job, seal = sealed_job_or_404(request, key)
    if seal is None or job.stage != READY:
        return redirect("work", key)
    if job.act in FORMS:
        form = FORMS[job.act](request.POST)
        if not form.is_valid():
            return shown(request, job, seal, form)
        job.facts |= form.cleaned_data
        job.save(update_fields=["facts"])
    job.go_on(RUNNING, READY)
    return begin(request, job)


@require_POST
def work_discard(request, key):
    """Nothing of it is done; or what was done stays, and its rows are forgotten."""
    job = own_job_or_404(request, key)
    if job.stage not in (READY, DONE):
        messages.warning(request, "It is still at work.")
        return redirect("work", key)
    said = "Nothing was changed." if job.stage == READY else "The results are forgotten."
    job.delete()
    messages.success(request, said)
    return redirect("address-list", job.domain)


@require_POST
@sensitive_variables("handed")
def work_passwords(request, key):
    """The generated passwords, once: they are kept nowhere afterwards."""
    job, seal = sealed_job_or_404(request, key)
    # A step puts rows back as it found them, and what was handed out with them.
    if seal is None or job.is_working:
        return redirect("work", key)
    handed = hand_out_passwords(job, seal)
    if not handed:
        messages.warning(request, "The passwords were handed out already.")
        return redirect("work", key)
    rows = [("address", "password"), *handed]
    return csv_answer(f"passwords-{job.domain}.csv", rows)


@require_POST
def work_greet(request, key):
    """Another try for the first mails that were not sent."""
    job, seal = sealed_job_or_404(request, key)
    if seal is None:
        return redirect("work", key)
    greet_again(job, seal)
    return begin(request, job)


@require_POST
def work_undo(request, key):
    job = own_job_or_404(request, key)
    if not jobs.can_be_undone(job):
        messages.warning(request, "There is nothing to take back.")
        return redirect("work", key)
    return begin(request, jobs.undo_of(request, job))
