"""One's own second factor, and taking away that of somebody who lost theirs."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from vmail_admin.directory.errors import NotAllowed
from vmail_admin.directory.names import address_dn, key_of
from vmail_admin.directory.person import bind_now, learnt
from vmail_admin.feedback import done
from vmail_admin.forms import posted
from vmail_admin.signing_in import factor as factors
from vmail_admin.signing_in import throttle
from vmail_admin.signing_in.forms import CodeForm, OwnNewFactorForm
from vmail_admin.signing_in.network import client_address
from vmail_admin.signing_in.own_sessions import end, end_others, sessions_of
from vmail_admin.signing_in.setting_up import WAITING, secret_being_set_up, shown


def for_whom_it_is(request):
    """The person's second factor, or None. Whoever has no use for one finds no page."""
    bind_now()
    factor = factors.factor_of(request.person.dn)
    if factor is None and not request.person.is_above_users:
        raise Http404
    return factor


@sensitive_post_parameters("code")
def my_second_factor(request):
    factor = for_whom_it_is(request)
    context = {"factor": factor, "demanded": factors.is_demanded_of(request.person)}
    if factor is None:
        return render(request, "signing_in/my_second_factor.html", context)
    wish = request.POST.get("do", "")
    form = CodeForm(request, factor)
    context |= {"form": form, "left": factor.recovery_codes.count()}
    template = "signing_in/my_second_factor.html"
    if wish == "off" and context["demanded"]:
        raise NotAllowed("This site asks for a second factor: it can be replaced, not turned off.")
    try:
        if wish in WISHES and form.is_right():
            return WISHES[wish](request, factor)
    except throttle.TooManyWrong as refusal:
        return throttle.later(request, template, form, refusal, context)
    return render(request, template, context)


def make_codes(request, factor):
    codes = factors.new_recovery_codes(factor, request.person.dn)
    context = {"codes": codes, "made": timezone.now()}
    return render(request, "signing_in/recovery_codes.html", context)


def turn_off(request, factor):
    factors.remove(request.person.dn)
    done(request, "Your second factor is off. From now on the password is enough.")
    return redirect("my-second-factor")


WISHES = {"codes": make_codes, "off": turn_off}


@never_cache
@sensitive_post_parameters("code", "password", "old_code")
def my_second_factor_set_up(request):
    factor, person = for_whom_it_is(request), request.person
    account, place = key_of(person.dn), client_address(request)
    secret = secret_being_set_up(request, account)
    form = OwnNewFactorForm(posted(request), secret, factor, account, place)
    if form.is_valid():
        codes = factors.set_up(person, secret, form.step)
        del request.session[WAITING]
        # Whoever knew the password alone may be signed in somewhere.
        end_others(person.dn, request.session.session_key, "factor")
        context = {"codes": codes, "made": timezone.now(), "is_new": True}
        return render(request, "signing_in/recovery_codes.html", context)
    context = {"form": form, "factor": factor, **shown(secret, person)}
    return render(request, "signing_in/my_second_factor_set_up.html", context)


def second_factor_remove(request, mail):
    """For who lost the device and the recovery codes: the site admin has asked them who they are.

    The directory knows no second factor, so this is the one thing that it does not decide itself:
    but it says, now, whether this is a site admin.
    """
    dn = address_dn(mail)
    if not learnt(request.person).is_site_admin:
        raise NotAllowed(NotAllowed.sentence)
    if key_of(dn) == key_of(request.person.dn):
        return redirect("my-second-factor")
    factor = factors.factor_of(dn)
    if factor is None:
        raise Http404
    back = f"{reverse('find')}?{urlencode({'search': mail})}"
    if request.method != "POST":
        context = {"factor": factor, "back": back}
        return render(request, "signing_in/second_factor_remove.html", context)
    factors.remove(dn)
    end(sessions_of(dn), "factor")
    done(request, f"{factor.name} has no second factor any more.")
    return redirect(back)
