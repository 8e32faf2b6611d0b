"""Where one is signed in, and signing out from afar."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from vmail_admin.directory import sessions
from vmail_admin.directory.person import bind_now
from vmail_admin.feedback import done
from vmail_admin.signing_in.own_sessions import end, end_others, handle_of, sessions_of


def my_sessions(request):
    bind_now()
    here = request.session.session_key
    signed_in = sessions_of(request.person.dn).filter(half_open=False)
    rows = [(one, handle_of(one), one.pk == here) for one in signed_in]
    # This browser comes first; sorting keeps the order of the others.
    rows.sort(key=lambda row: not row[2])
    return render(request, "signing_in/my_sessions.html", {"rows": rows})


@require_POST
def my_sessions_end(request):
    bind_now()
    person, which = request.person, request.POST.get("which", "")
    if which == "others":
        count = end_others(person.dn, request.session.session_key, "elsewhere")
        done(request, f"Signed out in {in_words(count)}.")
        return redirect("my-sessions")
    one = next((one for one in sessions_of(person.dn) if handle_of(one) == which), None)
    if one is None:
        raise Http404
    response = redirect("my-sessions")
    if one.pk == request.session.session_key:
        sessions.end(request, response)
        return response
    end(sessions_of(person.dn).filter(pk=one.pk), "elsewhere")
    done(request, f"Signed out: {one.browser}.")
    return response


def in_words(count):
    return "no other browser" if count == 0 else f"{count} other browser{'s' * (count > 1)}"
