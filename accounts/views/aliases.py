"""The aliases of a domain, as its postmaster works on them."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.destinations import labelled
from accounts.forms import AliasForm, NewAliasForm, NewCatchAllForm
from accounts.models import MailAlias
from accounts.views.shared import reset_password, switch_active
from accounts.words import consequences_of_deleting
from domains.managed import managed_or_404
from vmail_admin.directory.names import domain_of
from vmail_admin.directory.passwords import take_password_away
from vmail_admin.feedback import done

MOST_SHOWN = 20  # aliases that point to this one


def alias_new(request, domain_name):
    managed = managed_or_404(request, domain_name)
    is_catch_all = "catch-all" in request.GET
    kind = NewCatchAllForm if is_catch_all else NewAliasForm
    form = kind(request.POST or None, domain=managed.domain)
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
    managed = managed_or_404(request, domain_of(mail))
    form = AliasForm(request.POST or None, entry=get_object_or_404(MailAlias.objects.of(mail)))
    if form.is_valid() and form.save():
        done(request, f"{form.entry} is saved.")
        return redirect("alias-edit", mail)
    alias = form.entry
    pointing, _ = MailAlias.objects.in_domain(domain_of(mail)).pointing_to(mail).bounded(MOST_SHOWN)
    context = {
        "domain": managed.domain,
        "can": managed.can,
        "alias": alias,
        "form": form,
        "stale": form.stale,
        "destinations": labelled(alias.destinations),
        "pointing": pointing,
        "can_sign_in": True if alias.password_changed else None,
        "postmasters": managed.postmaster.addresses() if managed.postmaster else [],
    }
    return render(request, "alias_edit.html", context)


@sensitive_post_parameters("new_password")
def alias_password(request, mail):
    return reset_password(request, mail, MailAlias)


@require_POST
def alias_lock(request, mail):
    alias = get_object_or_404(MailAlias.objects.of(mail))
    take_password_away(alias.dn)
    alias.touch()
    done(request, f"Nobody can sign in as {alias} any more.")
    return redirect("alias-edit", mail)


@require_POST
def alias_switch(request, mail):
    return switch_active(request, mail, MailAlias)


def alias_delete(request, mail):
    managed = managed_or_404(request, domain_of(mail))
    alias = get_object_or_404(MailAlias.objects.of(mail))
    if request.method == "POST":
        alias.delete()
        done(request, f"{alias} is deleted.")
        return redirect("address-list", domain_of(mail))
    pointing, more = MailAlias.objects.in_domain(domain_of(mail)).pointing_to(mail).bounded(50)
    is_postmaster = managed.postmaster is not None and managed.postmaster.is_held_by(alias.dn)
    context = {
        "domain": managed.domain,
        "alias": alias,
        "consequences": consequences_of_deleting(alias, is_postmaster, len(pointing), more),
    }
    return render(request, "alias_delete.html", context)
