"""Each request as its person. Pages are closed to strangers unless a view says otherwise."""

import logging
from dataclasses import replace
from urllib.parse import urlencode

from django.contrib import messages
from django.db import connections
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from vmail_admin.directory import errors, own_writes, policy, sessions
from vmail_admin.directory.backend.kept import KEPT
from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.identity import acting_as, current

log = logging.getLogger(__name__)

CREDENTIAL_NO_LONGER_OPENS = (
    "You were signed out: your password was changed elsewhere, "
    "or your account was switched off, or its domain."
)

# What a view did not catch itself, and the page it becomes.
PAGES = (
    (errors.NotAllowed, "403.html", 403),
    (errors.NotAnswering, "503.html", 503),
    (errors.TooMany, "503.html", 503),
    (errors.Stale, "409.html", 409),
    (errors.AlreadyThere, "409.html", 409),
    (errors.Invalid, "400.html", 400),
    (errors.DirectoryAnswer, "503.html", 503),
)


class BindAsPerson:
    """Acts as the person of the session while the view runs, and as nobody before and after."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.person, identity = sessions.found(request)
        if identity is None:
            return self.get_response(request)
        identity.prefers = own_writes.preferred(request.session)
        with acting_as(identity):
            response = self.get_response(request)
            own_writes.remember(request.session, identity)
            if demands_new_password(request):
                # A password that has run out is good for a few binds only: none is wasted.
                sessions.keep(request, replace(request.person, must_change=True))
        if request.person is None:
            KEPT.forget(identity.key)
        # What "back" shows after signing out, and what a shared computer keeps.
        add_never_cache_headers(response)
        return response

    def process_view(self, request, view, values, names):
        """Closed to strangers, like Django's own LoginRequiredMiddleware."""
        if not getattr(view, "login_required", True):
            return None
        if request.person is None:
            if why := sessions.why_ended(request):
                messages.info(request, why)
            return redirect_to_sign_in(request)
        if request.person.must_change and not getattr(view, "before_the_password", False):
            return redirect("my-password")
        return None

    def process_exception(self, request, error):
        if isinstance(error, errors.WrongPassword):
            return signed_out(request, error)
        if isinstance(error, errors.NotAllowed) and demands_new_password(request):
            return redirect("my-password")
        if isinstance(error, errors.Gone):
            error = Http404(error.sentence)
        if isinstance(error, Http404):
            return render(request, "404.html", {"reason": ""}, status=404)
        for kind, template, status in PAGES:
            if isinstance(error, kind):
                level = logging.WARNING if status >= 500 else logging.INFO
                page, name = request.resolver_match.view_name, type(error).__name__
                log.log(level, "%s %s: %s %s", request.method, page, name, error.detail)
                context = {"reason": str(error), "detail": error.detail}
                return render(request, template, context, status=status)
        return None


def demands_new_password(request):
    """Whether slapd, at this very request's bind, let the person in to change the password only."""
    if request.person is None:
        return False
    return policy.demands_change(connections[ALIAS].answer_to(current()))


def signed_out(request, refusal):
    """The password of the session is no longer right: ended at once, never tried again.

    Each further bind would count as a wrong password to slapd, up to the lock.
    """
    response = redirect_to_sign_in(request)
    sessions.end(request, response)
    said = policy.sentence_of(policy.answer_in(refusal))
    messages.warning(request, said or CREDENTIAL_NO_LONGER_OPENS)
    return response


def redirect_to_sign_in(request):
    """To the sign-in page, and back to where a person was only reading."""
    if request.method != "GET" or request.path == reverse("home"):
        return redirect("sign-in")
    return redirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")
