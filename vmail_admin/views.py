"""Sign in, sign out, where to go from there, and the pages that belong to nobody."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from vmail_admin.context import THEME_COOKIE, THEMES
from vmail_admin.directory import sessions
from vmail_admin.directory.errors import NotAnswering, WrongPassword
from vmail_admin.directory.person import learnt, sign_in
from vmail_admin.feedback import way_back
from vmail_admin.forms import SignInForm

# Seconds before "no" is said. slapd answers for an unknown name at once and for a wrong password
# after hashing it: this is longer than both, so the time tells nothing.
REFUSAL_TAKES = 0.4
YEAR = 365 * 24 * 3600


@login_not_required
@sensitive_post_parameters("password")
@sensitive_variables()
def sign_in_page(request):
    if request.person is not None and request.method == "GET":
        return redirect("home")
    form = SignInForm(request.POST or None)
    if form.is_valid():
        began = time.monotonic()
        try:
            return signed_in(request, form.cleaned_data["login"], form.cleaned_data["password"])
        except WrongPassword as refusal:
            time.sleep(max(0, began + REFUSAL_TAKES - time.monotonic()))
            form.add_error(None, str(refusal))
        except NotAnswering as silence:
            return render(request, "503.html", {"reason": str(silence)}, status=503)
    return render(request, "sign_in.html", {"form": form})


@sensitive_variables()
def signed_in(request, login, password):
    person, warning = sign_in(login, password, settings.DIRECTORY_PATIENCE)
    wanted = request.GET.get("next", "")
    inside = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    response = redirect(wanted if inside and not person.must_change else "home")
    sessions.begin(request, response, person, password)
    if warning:
        messages.warning(request, warning)
    return response


@login_not_required
@require_POST
def sign_out(request):
    response = redirect("sign-in")
    sessions.end(request, response)
    messages.success(request, "You are signed out.")
    return response


def home(request):
    """Looks anew who the person is, for an appointment may have come since, and sends them on."""
    person = learnt(request.person)
    if person != request.person:
        sessions.keep(request, person)
    if person.is_site_admin:
        return redirect("domain-list")
    if person.domains:
        return redirect("address-list", person.domains[0])
    if person.has_page:
        return redirect("my-page")
    return render(request, "nothing.html")


@login_not_required
@require_POST
def theme(request):
    response = redirect(way_back(request, "/"))
    choice = request.POST.get("choice", "")
    if choice in THEMES:
        response.set_cookie(THEME_COOKIE, choice, max_age=YEAR, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


@login_not_required
def csrf_failure(request, reason=""):
    sentence = "This page was open for too long, or was not opened by this panel. Nothing was done."
    return render(request, "403_csrf.html", {"reason": sentence}, status=403)
