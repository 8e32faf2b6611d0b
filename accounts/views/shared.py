"""What accounts and aliases have in common: a new password, and the switch that wakes them."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from accounts.passwords import NewPasswordForm
from domains.managed import is_oneself, managed_or_404, refuse_to_oneself
from vmail_admin.directory.errors import NotAllowed
from vmail_admin.directory.names import domain_of
from vmail_admin.directory.passwords import HashRefused
from vmail_admin.directory.querysets import first_of, in_full
from vmail_admin.feedback import done_with_undo, way_back
from vmail_admin.forms import posted

NOT_BY_YOU = (
    "The directory does not let you give {entry} a password. Who is postmaster of another domain "
    "too gets one from the people who run this server."
)


def managed_address_or_404(request, model, mail):
    """The domain as somebody manages it, and its account or alias, in one round trip."""
    managed = managed_or_404(request, domain_of(mail), in_full(model.objects.of(mail)))
    entry = next(iter(managed.beside), None) or first_of(model.objects.further_down(mail))
    return managed, or_404(entry)


def address_or_404(model, mail):
    return or_404(model.objects.entry_of(mail))


def or_404(entry):
    if entry is None:
        raise Http404
    return entry


@sensitive_variables("form", "context")
def reset_password(request, mail, model):
    """A postmaster gives a new password. It is shown once, in the answer to this very request."""
    managed, entry = managed_address_or_404(request, model, mail)
    if is_oneself(request, entry):
        return redirect("my-password")  # asks for the old one, and keeps the session working
    form = NewPasswordForm(posted(request), entry=entry)
    if form.is_valid() and saved(form, entry):
        context = {
            "heading": f"{entry} has a new password",
            "domain": managed.domain,
            entry.kind: entry,
            "password": form.cleaned_data["new_password"],
            "back_url": reverse("address-list", args=[domain_of(mail)]),
        }
        return render(request, "shown.html", context)
    context = {
        "domain": managed.domain,
        "account": entry,
        "form": form,
        "suggestion": form.suggestion,
        "rules": list(form.rules.sentences()),
    }
    return render(request, "account_password.html", context)


def saved(form, entry):
    try:
        return form.save()
    except HashRefused:
        raise  # it is not about whose password it is
    except NotAllowed:
        raise NotAllowed(NOT_BY_YOU.format(entry=entry)) from None


def switch_active(request, mail, model):
    entry = address_or_404(model, mail)
    to = request.POST.get("to")
    if request.POST.get("flag") != "active" or to not in ("on", "off"):
        raise Http404
    back = way_back(request, entry.edit_url)
    if to == "off" and is_oneself(request, entry):
        return refuse_to_oneself(request, "switch yourself off", back)
    entry.switch(to == "on")
    sentence = SWITCHED[entry.kind, to].format(entry=entry)
    done_with_undo(request, sentence, back, reason_at=entry.edit_url if to == "off" else "")
    return redirect(back)


SWITCHED = {
    ("account", "on"): "{entry} is switched on: it can sign in and receives mail.",
    ("account", "off"): "{entry} is switched off: it cannot sign in and receives no mail.",
    ("alias", "on"): "{entry} is switched on: its mail is passed on.",
    ("alias", "off"): "{entry} is switched off: its mail is refused.",
}
