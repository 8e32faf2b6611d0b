"""What everybody may do with their own entry."""

from dataclasses import replace

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from accounts.forms import MyDestinationsForm, MyNameForm
from accounts.models import MailAccount, MailAlias
from accounts.passwords import OwnPasswordForm, date_entry
from accounts.words import facts_of
from vmail_admin.directory import sessions
from vmail_admin.directory.names import POSTMASTER
from vmail_admin.directory.person import learnt
from vmail_admin.feedback import done
from vmail_admin.forms import posted
from vmail_admin.signing_in.factor import awaited_of
from vmail_admin.signing_in.network import client_address
from vmail_admin.signing_in.own_sessions import end_others

MODELS = {"account": MailAccount, "alias": MailAlias}


def own_entry_or_404(request):
    """The entry of the person signed in; a site admin may have none that mail knows."""
    if request.person.kind not in MODELS:
        raise Http404
    return get_object_or_404(MODELS[request.person.kind].objects.at(request.person.dn))


def my_page(request):
    entry = own_entry_or_404(request)
    context = {"entry": entry, "kind": entry.kind, "facts": facts_of(entry)}
    return render(request, "my_page.html", context)


@sensitive_post_parameters("old_password", "new_password")
@sensitive_variables("form")
def my_password(request):
    person = request.person
    form = OwnPasswordForm(posted(request), person=person, place=client_address(request))
    if form.is_valid() and form.save():
        awaited = ""
        if person.must_change:
            person = learnt(replace(person, must_change=False))
            # Only now it is known whether this is somebody who owes a second factor.
            awaited = "" if sessions.CONFIRMED in request.session else awaited_of(person)
        if person.kind:
            date_entry(MODELS[person.kind](dn=person.dn))
        response = redirect(f"sign-in-{awaited}" if awaited else "home")
        sessions.keep(request, person)
        sessions.renew_credential(request, response, form.cleaned_data["new_password"])
        end_others(person.dn, request.session.session_key, "password")
        if awaited:
            sessions.hold(request, {"awaits": awaited, "next": reverse("home")})
        done(request, "Your password is changed. Use the new one in your mail program too.")
        return response
    context = {
        "form": form,
        "rules": list(form.rules.sentences()),
        "must_change": person.must_change,
    }
    return render(request, "my_password.html", context)


my_password.before_the_password = True


def my_name(request):
    entry = own_entry_or_404(request)
    if entry.special == POSTMASTER:
        raise Http404  # its name is a part of its DN
    form = MyNameForm(posted(request), entry=entry)
    if form.is_valid() and form.save():
        done(request, "Your name is saved.")
        return redirect("my-page")
    return render(request, "my_name.html", {"form": form, "stale": form.stale})


def my_destinations(request):
    entry = own_entry_or_404(request)
    if entry.kind != "alias":
        raise Http404
    form = MyDestinationsForm(posted(request), entry=entry)
    if form.is_valid() and form.save():
        done(request, "Your mail goes to the new addresses.")
        return redirect("my-page")
    return render(request, "my_destinations.html", {"form": form, "stale": form.stale})
