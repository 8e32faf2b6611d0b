"""The aliases of a domain, as its postmaster works on them."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.deleting import delete_alias
from accounts.destinations import labelled
from accounts.forms import AliasForm, NewAliasForm, NewCatchAllForm
from accounts.models import MailAlias
from accounts.passwords import date_entry
from accounts.views.shared import managed_address_or_404, reset_password, switch_active
from accounts.words import consequences_of_deleting
from domains.holders import holders_of
from domains.managed import is_oneself, managed_or_404, refuse_to_oneself
from vmail_admin.directory.changes import told
from vmail_admin.directory.errors import NotAllowed
from vmail_admin.directory.names import POSTMASTER, domain_of
from vmail_admin.directory.passwords import take_password_away
from vmail_admin.feedback import done, done_with_undo
from vmail_admin.forms import posted
from vmail_admin.journal.reasons import ReasonForm

MOST_SHOWN = 20  # aliases that point to this one
MOST_COUNTED = 50
POSTMASTER_STAYS = "Every domain has to have its postmaster (RFC 2142), so this alias stays."


def alias_new(request, domain_name):
    managed = managed_or_404(request, domain_name)
    is_catch_all = "catch-all" in request.GET
    kind = NewCatchAllForm if is_catch_all else NewAliasForm
    form = kind(posted(request), domain=managed.domain)
    if form.is_valid() and (alias := form.save()):
        done(request, f"{alias} is here.")
        return redirect("address-list", domain_name)
    context = {
        "domain": managed.domain,
        "form": form,
        "is_catch_all": is_catch_all,
        "can": managed.can,
    }
    return render(request, "alias_new.html", context)


def alias_edit(request, mail):
    managed, entry = managed_address_or_404(request, MailAlias, mail)
    form = AliasForm(posted(request), entry=entry)
    if form.is_valid() and form.save():
        done(request, f"{form.entry} is saved.")
        return redirect("alias-edit", mail)
    alias = form.entry
    pointing, _ = MailAlias.objects.pointing_to(mail).bounded(MOST_SHOWN)
    context = {
        "domain": managed.domain,
        "can": managed.can,
        "alias": alias,
        "form": form,
        "stale": form.stale,
        "destinations": labelled(alias.destinations),
        "pointing": pointing,
        "can_sign_in": True if alias.password_changed else None,
        "cause": managed.cause_for(request.person, alias),
    }
    if alias.special == POSTMASTER:
        context["postmasters"] = holders_of(managed, request.person)
    return render(request, "alias_edit.html", context)


@sensitive_post_parameters("new_password")
def alias_password(request, mail):
    return reset_password(request, mail, MailAlias)


@require_POST
def alias_lock(request, mail):
    _, alias = managed_address_or_404(request, MailAlias, mail)
    if is_oneself(request, alias):
        return refuse_to_oneself(request, "lock yourself out", alias.edit_url)
    take_password_away(alias.dn)
    date_entry(alias)
    done(request, f"Nobody can sign in as {alias} any more.")
    return redirect("alias-edit", mail)


@require_POST
def alias_switch(request, mail):
    return switch_active(request, mail, MailAlias)


def alias_delete(request, mail):
    managed, alias = managed_address_or_404(request, MailAlias, mail)
    if alias.special == POSTMASTER:
        raise NotAllowed(POSTMASTER_STAYS)
    if is_oneself(request, alias):
        return refuse_to_oneself(request, "delete yourself", alias.edit_url)
    form = ReasonForm(posted(request))
    if form.is_valid():
        with told(why=form.cleaned_data["why"]):
            delete_alias(managed, alias)
        say_deleted(request, alias)
        return redirect("address-list", domain_of(mail))
    is_postmaster = managed.is_postmaster(alias)
    pointing, more = MailAlias.objects.pointing_to(mail).bounded(MOST_COUNTED)
    context = {
        "domain": managed.domain,
        "alias": alias,
        "form": form,
        "consequences": consequences_of_deleting(alias, is_postmaster, len(pointing), more),
    }
    return render(request, "alias_delete.html", context)


def say_deleted(request, alias):
    """With an Undo that adds it again, where it would be as it was but for a password."""
    if not request.person.is_site_admin and not all("@" in one for one in alias.destinations):
        # A postmaster may not add a local name such as "postmaster", which an old tree holds.
        done(request, f"{alias} is deleted.")
        return
    without = ", without its password" if alias.password_changed else ""
    sentence = f"{alias} is deleted. Undo adds it again{without}."
    done_with_undo(request, sentence, reverse("address-list", args=[alias.domain_name]))
