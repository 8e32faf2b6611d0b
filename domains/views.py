"""The site admin's pages about domains."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from domains.forms import AppointForm, DomainForm, NewDomainForm, TypedNameForm
from domains.holders import holders_of
from domains.managed import managed_or_404, offer_to_site_admins, refuse_to_oneself
from domains.models import VirtualDomain, with_counts
from domains.unfinished import finish, mark_unfinished
from vmail_admin.addresses import shown_address
from vmail_admin.directory.changes import told
from vmail_admin.directory.counts import counted_below
from vmail_admin.directory.names import same_dn
from vmail_admin.directory.pages import page_number, page_of
from vmail_admin.feedback import done, done_with_undo, way_back
from vmail_admin.forms import posted, search_of

DOMAINS_A_PAGE = 25  # each costs one search, for its counts

# What each switch of a domain says once it is on, and once it is off.
FLAGS = {
    "active": (
        "{domain} is active again: mail arrives and people can sign in, each as before.",
        "{domain} is suspended: its mail is refused and nobody in it can sign in.",
    ),
    "may_edit_accounts": (
        "The postmasters of {domain} may add and delete accounts.",
        "The postmasters of {domain} may no longer add or delete accounts.",
    ),
    "may_appoint": (
        "The postmasters of {domain} may appoint others.",
        "The postmasters of {domain} may no longer appoint others.",
    ),
}


NO_LONGER = "Nothing was changed: this is no postmaster of {domain}."


def domain_list(request):
    offer_to_site_admins(request)
    search, show = search_of(request), request.GET.get("show", "all")
    domains = VirtualDomain.objects.all().matching(search)
    domains = {"suspended": domains.suspended, "marked": domains.marked}.get(show, domains.all)()
    sort = request.GET.get("sort", "name")
    sort = sort if sort.removeprefix("-") in VirtualDomain.orders else "name"
    number, few = page_number(request.GET.get("page", "")), bool(search or show != "all")
    page = page_of(domains, number, sort, DOMAINS_A_PAGE, few)
    with_counts(page.rows)
    mark_unfinished(page.rows)
    context = {"page": page, "search": search, "sort": sort, "show": show}
    return render(request, "domain_list.html", context)


def domain_new(request):
    offer_to_site_admins(request)
    form = NewDomainForm(posted(request))
    if form.is_valid() and (domain := form.save()):
        done(request, f"{domain} is here. Next: add an account and make its owner postmaster.")
        return redirect("address-list", domain.name)
    return render(request, "domain_new.html", {"form": form})


def domain_edit(request, domain_name):
    managed = managed_or_404(request, domain_name)
    form = DomainForm(posted(request), entry=managed.domain)
    if form.is_valid() and form.save():
        done(request, f"The note on {managed.domain} is saved.")
        return redirect("domain-edit", managed.domain.name)
    return settings_page(request, managed, form=form)


def settings_page(request, managed, form=None, appointing=None):
    """``form`` and ``appointing``: what was sent, where something has to be put right."""
    domain = managed.domain
    mark_unfinished([domain])
    domain.unfinished = domain.unfinished or managed.postmaster is None
    form = form or DomainForm(entry=domain)
    context = {
        "domain": form.entry,
        "form": form,
        "stale": form.stale,
        "counts": counts_of(domain),
        "cause": managed.cause_for(request.person, domain),
        "may_change": request.person.is_site_admin,
        "can": managed.can,
        "postmasters": holders_of(managed, request.person),
        "appointing": appointing or AppointForm(managed=managed, person=request.person),
    }
    return render(request, "domain_edit.html", context)


def domain_appoint(request, domain_name):
    """The form for it stands on the settings page, which shows what is wrong with it too."""
    managed = managed_or_404(request, domain_name)
    if request.method != "POST":
        return redirect("domain-edit", domain_name)
    if managed.postmaster is None:
        raise Http404
    form = AppointForm(request.POST, managed=managed, person=request.person)
    if form.is_valid() and form.save():
        sentence = f"{form.entry} is postmaster of {managed.domain} now."
        done_with_undo(request, sentence, reverse("domain-edit", args=[domain_name]))
        return redirect("domain-edit", domain_name)
    return settings_page(request, managed, appointing=form)


def domain_dismiss(request, domain_name):
    """Asks first where whoever dismisses could not appoint them again."""
    managed = managed_or_404(request, domain_name)
    asked = request.GET if request.method == "GET" else request.POST
    back, dn = reverse("domain-edit", args=[domain_name]), asked.get("holder", "")
    held = next((one for one in holders_of(managed, request.person) if same_dn(one.dn, dn)), None)
    if held is None:
        messages.info(request, NO_LONGER.format(domain=managed.domain))
        return redirect(back)
    if request.method != "POST":
        return render(request, "postmaster_dismiss.html", {"domain": managed.domain, "held": held})
    if held.is_oneself:
        return refuse_to_oneself(request, "dismiss yourself", back)
    managed.postmaster.dismiss(held.dn, held.kind)
    sentence = f"{shown_address(held.name)} is no longer postmaster of {managed.domain}."
    if held.can_come_back:
        done_with_undo(request, sentence, back)
    else:
        done(request, sentence)
    return redirect(back)


def counts_of(domain):
    accounts, aliases = next(counted_below([domain.dn]))
    return {"accounts": accounts, "aliases": aliases}


@require_POST
def domain_switch(request, domain_name):
    domain = get_object_or_404(VirtualDomain.objects.named(domain_name))
    flag, to = request.POST.get("flag"), request.POST.get("to")
    if flag not in FLAGS or to not in ("on", "off"):
        raise Http404
    domain.set_flags(**{flag: to == "on"})
    back = way_back(request, reverse("domain-edit", args=[domain.name]))
    sentence = FLAGS[flag][to == "off"].format(domain=domain)
    is_suspended = (flag, to) == ("active", "off")
    done_with_undo(request, sentence, back, reason_at=domain.edit_url if is_suspended else "")
    return redirect(back)


def domain_retire(request, domain_name):
    offer_to_site_admins(request)
    domain = get_object_or_404(VirtualDomain.objects.named(domain_name))
    form = TypedNameForm(posted(request), domain=domain)
    if form.is_valid():
        with told(why=form.cleaned_data["why"]):
            domain.set_flags(to_be_deleted=True)
        done_with_undo(request, f"{domain} is marked for deletion.", reverse("domain-list"))
        return redirect("domain-list")
    context = {"domain": domain, "counts": counts_of(domain), "form": form}
    return render(request, "domain_retire.html", context)


@require_POST
def domain_finish(request, domain_name):
    """The last steps of a creation that stopped in the middle."""
    domain = get_object_or_404(VirtualDomain.objects.named(domain_name))
    finish(domain)
    done(request, f"{domain} is finished. Next: add an account and make its owner postmaster.")
    return redirect("address-list", domain.name)


@require_POST
def domain_restore(request, domain_name):
    domain = get_object_or_404(VirtualDomain.objects.named(domain_name))
    domain.set_flags(to_be_deleted=False)
    done(request, f"{domain} stays. Everything in it is as it was.")
    return redirect(way_back(request, reverse("domain-edit", args=[domain.name])))
