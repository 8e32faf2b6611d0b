"""Between the password and being signed in: the second factor is asked for, or set up.

Nobody is signed in here, so no page and no LDAP operation is done as anybody.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from vmail_admin.directory import sessions
from vmail_admin.directory.names import key_of
from vmail_admin.forms import posted
from vmail_admin.signing_in import factor as factors
from vmail_admin.signing_in import throttle
from vmail_admin.signing_in.forms import CodeForm, NewFactorForm
from vmail_admin.signing_in.setting_up import secret_being_set_up, shown

FEW = 3  # recovery codes left: then it is time for new ones


@login_not_required
@never_cache
@sensitive_post_parameters("code")
def code_page(request):
    person, half = half_open_for(request, factors.ASKS_CODE)
    factor = person and factors.factor_of(person.dn)
    if factor is None:
        return begin_again(request)
    form = CodeForm(request, factor, autofocus=True)
    left = factor.recovery_codes.count()
    try:
        if form.is_right():
            return let_in(request, half, factor, left)
    except throttle.TooManyWrong as refusal:
        return throttle.later(request, "signing_in/code.html", form, refusal)
    return render(request, "signing_in/code.html", {"form": form})


def let_in(request, half, factor, left_before):
    response = redirect(half["next"])
    sessions.open_fully(request, response)
    left = factor.recovery_codes.count()
    if left < left_before:
        messages.warning(request, f"That recovery code is used up. {left_of(left)}")
    return response


def left_of(count):
    if count == 0:
        return "None is left: make new ones, or set up your new device, on the page Second factor."
    more = "one more" if count == 1 else f"{count} more"
    return f"You have {more}." + (" Make new ones soon." if count < FEW else "")


@login_not_required
@never_cache
@sensitive_post_parameters("code")
def set_up_page(request):
    person, half = half_open_for(request, factors.ASKS_SET_UP)
    if person is None or factors.factor_of(person.dn):
        return begin_again(request)
    secret = secret_being_set_up(request, key_of(person.dn))
    form = NewFactorForm(posted(request), secret)
    if form.is_valid():
        codes = factors.set_up(person, secret, form.step)
        context = {"codes": codes, "next": half["next"], "made": timezone.now(), "who": person}
        # Written after this, when the session has its new key and the forms their new token.
        response = TemplateResponse(request, "signing_in/set_up_done.html", context)
        sessions.open_fully(request, response)
        return response
    context = {"form": form, "who": person, **shown(secret, person)}
    return render(request, "signing_in/set_up_first.html", context)


def half_open_for(request, awaited):
    """Who has given the right password, if it is this that is awaited; (None, None) otherwise."""
    person, half = sessions.found_half_open(request)
    return (person, half) if person and half["awaits"] == awaited else (None, None)


def begin_again(request):
    """To the sign-in page: nobody is half signed in, or not any more."""
    if request.person is not None:
        return redirect("home")
    if sessions.HALF in request.session or sessions.why_ended(request):
        messages.info(request, "Sign in once more: that took longer than five minutes.")
        request.session.flush()
    return redirect("sign-in")
