"""The accounts of a domain, as its postmaster works on them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from accounts.forms import AccountForm, NewAccountForm
from accounts.models import MailAccount, MailAlias
from accounts.passwordless import mark_passwordless
from accounts.views.shared import (
    address_or_404,
    managed_address_or_404,
    reset_password,
    switch_active,
)
from accounts.welcome import send_welcome
from accounts.words import consequences_of_retiring, status_of
from domains.managed import NO_ACCOUNTS, is_oneself, managed_or_404, refuse_to_oneself
from vmail_admin.directory.changes import told
from vmail_admin.directory.names import domain_of
from vmail_admin.feedback import done, done_with_undo, offer, way_back
from vmail_admin.forms import posted
from vmail_admin.journal.reasons import ReasonForm
from vmail_admin.journal.trash import was_active

MOST_SHOWN = 20  # aliases that point to an account
MOST_COUNTED = 50
# Without JavaScript a second click sends the form again, and the first answer is never shown.
SENT_TWICE = (
    "{account} is here already: you added it a moment ago. "
    "If you did not see its password, give it a new one."
)


@sensitive_post_parameters("password")
@sensitive_variables("form", "context")
def account_new(request, domain_name):
    managed = managed_or_404(request, domain_name)
    offer(request, managed.can.accounts, NO_ACCOUNTS)
    form = NewAccountForm(posted(request), domain=managed.domain)
    if form.is_valid() and (account := form.save()):
        if said := send_welcome(account, request.build_absolute_uri("/")):
            messages.warning(request, said)
        if not form.password:
            done(request, f"{account} is here. It has no password yet.")
            return redirect("account-edit", account.mail)
        context = {
            "heading": f"{account} is here",
            "domain": managed.domain,
            "account": account,
            "password": form.password,
            "back_url": reverse("address-list", args=[domain_name]),
        }
        return render(request, "shown.html", context)
    if form.twin:
        messages.info(request, SENT_TWICE.format(account=form.twin))
        return redirect(form.twin.edit_url)
    context = {"domain": managed.domain, "form": form, "can": managed.can}
    return render(request, "account_new.html", context)


def account_edit(request, mail):
    managed, entry = managed_address_or_404(request, MailAccount, mail)
    form = AccountForm(posted(request), entry=entry)
    if form.is_valid() and form.save():
        done(request, f"{form.entry} is saved.")
        return redirect("account-edit", mail)
    account = form.entry
    pointing, more = MailAlias.objects.pointing_to(mail).bounded(MOST_SHOWN)
    is_postmaster = managed.is_postmaster(account)
    mark_passwordless([account])
    context = {
        "domain": managed.domain,
        "can": managed.can,
        "account": account,
        "form": form,
        "stale": form.stale,
        "pointing": pointing,
        "is_postmaster": is_postmaster,
        "is_oneself": is_oneself(request, account),
        "cause": managed.cause_for(request.person, account),
        "status": status_of(account, is_postmaster, len(pointing), more),
    }
    return render(request, "account_edit.html", context)


@sensitive_post_parameters("new_password")
def account_password(request, mail):
    return reset_password(request, mail, MailAccount)


@require_POST
def account_switch(request, mail):
    if request.POST.get("flag") == "postmaster":
        return appoint_or_dismiss(request, mail)
    return switch_active(request, mail, MailAccount)


def appoint_or_dismiss(request, mail):
    managed, account = managed_address_or_404(request, MailAccount, mail)
    to = request.POST.get("to")
    if to not in ("on", "off") or managed.postmaster is None:
        raise Http404
    back = way_back(request, reverse("account-edit", args=[mail]))
    if to == "off" and is_oneself(request, account):
        return refuse_to_oneself(request, "dismiss yourself", back)
    if to == "on":
        managed.appoint(account)
        sentence = f"{account} is postmaster of {managed.domain} now."
    else:
        managed.postmaster.dismiss(account.dn, account.kind)
        sentence = f"{account} is no longer postmaster of {managed.domain}."
    done_with_undo(request, sentence, back)
    return redirect(back)


def account_retire(request, mail):
    managed, account = managed_address_or_404(request, MailAccount, mail)
    offer(request, managed.can.accounts, NO_ACCOUNTS)
    if is_oneself(request, account):
        return refuse_to_oneself(request, "delete yourself", account.edit_url)
    form = ReasonForm(posted(request))
    if form.is_valid():
        with told(why=form.cleaned_data["why"]):
            account.retire()
        sentence = f"{account} is closed and marked for deletion."
        done_with_undo(request, sentence, reverse("address-list", args=[domain_of(mail)]))
        return redirect("address-list", domain_of(mail))
    pointing, more = MailAlias.objects.pointing_to(mail).bounded(MOST_COUNTED)
    is_postmaster = managed.is_postmaster(account)
    context = {
        "domain": managed.domain,
        "account": account,
        "form": form,
        "consequences": consequences_of_retiring(account, is_postmaster, len(pointing), more),
    }
    return render(request, "account_retire.html", context)


@require_POST
def account_restore(request, mail):
    """Takes the mark away. Who was switched off before stays so, where the journal knows it."""
    account = address_or_404(MailAccount, mail)
    active = was_active(mail)
    account.restore(active)
    done(request, f"{account} is back{' and active' if active else ', switched off as before'}.")
    return redirect(way_back(request, reverse("account-edit", args=[mail])))
