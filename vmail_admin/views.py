"""Sign in, sign out, where to go from there, and the pages that belong to nobody."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from vmail_admin.context import THEME_COOKIE, THEMES
from vmail_admin.converters import url_of
from vmail_admin.directory import sessions
from vmail_admin.directory.errors import WrongPassword
from vmail_admin.directory.names import key_of
from vmail_admin.directory.person import dn_of_login, learnt, sign_in
from vmail_admin.feedback import way_back
from vmail_admin.forms import SignInForm
from vmail_admin.signing_in import throttle
from vmail_admin.signing_in.browsers import browser_in_words
from vmail_admin.signing_in.factor import awaited_of
from vmail_admin.signing_in.network import client_address

# Seconds before "no" is said. slapd answers for an unknown name at once and for a wrong password
# after hashing it: this is longer than both, so the time tells nothing.
REFUSAL_TAKES = 0.25
YEAR = 365 * 24 * 3600


@login_not_required
def sign_in_page(request):
    if request.person is not None and request.method == "GET":
        return redirect("home")
    form = SignInForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        began = time.monotonic()
        try:
            return signed_in(request, form.cleaned_data["login"], form.cleaned_data["password"])
        except throttle.TooManyWrong as refusal:
            return throttle.later(request, "sign_in.html", form, refusal)
        except WrongPassword as refusal:
            form.refuse(str(refusal))
            time.sleep(max(0, began + REFUSAL_TAKES - time.monotonic()))
    return render(request, "sign_in.html", {"form": form})


def signed_in(request, login, password):
    """The session begins, and the answer leads to the page that was wished, or to one's work.

    It is half open, and the answer leads to the second factor, where one is awaited.
    """
    place = client_address(request)
    with throttle.guess(throttle.SIGN_IN, key_of(dn_of_login(login) or login), place) as guess:
        person, warning = sign_in(login, password, settings.DIRECTORY_PATIENCE)
        guess.was_right()
    wished = request.GET.get("next", "")
    inside = wished.startswith("/") and url_has_allowed_host_and_scheme(wished, allowed_hosts=None)
    to = resolve_url(*[wished] if inside and not person.must_change else page_of_work(person))
    awaited = awaited_of(person)
    response = redirect(f"sign-in-{awaited}" if awaited else to)
    about = {"place": place, "browser": browser_in_words(request.headers.get("User-Agent", ""))}
    half = {"awaits": awaited, "next": to} if awaited else None
    sessions.begin(request, response, person, password, about, half)
    if warning:
        messages.warning(request, warning)
    return response


def page_of_work(person):
    """Where each role has most to do: the name of a page, or its URL, for redirect()."""
    if person.must_change:
        return ["my-password"]
    if person.is_site_admin:
        return ["domain-list"]
    if person.domains:
        return [url_of("address-list", person.domains[0])]
    return ["my-page"] if person.has_page else ["home"]


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
    to = page_of_work(person)
    return render(request, "nothing.html") if to == ["home"] else redirect(*to)


@login_not_required
@require_POST
def theme(request):
    response = redirect(way_back(request, "/"))
    choice = request.POST.get("choice", "")
    if choice in THEMES:
        response.set_cookie(
            THEME_COOKIE,
            choice,
            max_age=YEAR,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


@login_not_required
def csrf_failure(request, reason=""):
    sentence = "This page was open for too long, or was not opened by this panel. Nothing was done."
    return render(request, "403_csrf.html", {"reason": sentence}, status=403)
