"""All pages of the panel and one more, for tests only: whom does slapd take this request for?

The page also does what goes wrong in a busy panel: binds with a wrong password in between, runs
into a time limit, leaves answers unread, fails in the middle.
"""

import threading

import ldap
from django.db import connections
from django.http import HttpResponse, JsonResponse
from django.urls import include, path

from vmail_admin.directory.backend.searches import Lookup, equals
from vmail_admin.directory.errors import NotAllowed, NotAnswering, NotBound, WrongPassword, asked
from vmail_admin.directory.identity import Identity, acting_as
from vmail_admin.urls import handler400, handler500  # noqa: F401 (Django asks the map for them)


def directory():
    return connections["directory"]


def wrong_password(request):
    """Binds as somebody else, with a wrong password, on this very connection."""
    try:
        with acting_as(Identity(request.GET["other"], "not the password")):
            directory().whoami()
    except WrongPassword:
        return
    raise AssertionError("a wrong password was accepted")


def time_limit(request):
    """Waits for an answer for hardly any time at all."""
    wrapper, before = directory(), directory().settings_dict
    options = {**before["OPTIONS"], "timeout": 0.0001}
    wrapper.settings_dict = {**before, "OPTIONS": options}  # never the dictionary all threads share
    try:
        search("slow")
    except NotAnswering:
        return
    finally:
        wrapper.settings_dict = before


def unread_answer(request):
    """Sends a search and does not wait for it."""
    with directory().whole():
        here = directory().connection
        asked(here.search_ext, request.person.dn, ldap.SCOPE_BASE, "(objectClass=*)")


def failure(request):
    raise RuntimeError("in the middle of a request")


def foreign_write(request):
    """Changes somebody else's entry, which slapd must refuse this person."""
    change = [(ldap.MOD_REPLACE, "description", [b"somebody was here"])]
    try:
        directory().modify_s(request.GET["other"], change)
    except NotAllowed:
        return
    raise AssertionError("wrote into another domain")


def own_write(request):
    change = [(ldap.MOD_REPLACE, "description", [request.GET["tag"].encode()])]
    directory().modify_s(request.person.dn, change)


def own_thread(request):
    """A thread that the request starts is nobody."""
    found = []

    def ask():
        try:
            found.append(directory().whoami())
        except NotBound:
            found.append("nobody")

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == ["nobody"], found


FAULTS = {
    "": lambda request: None,
    "wrong-password": wrong_password,
    "time-limit": time_limit,
    "unread-answer": unread_answer,
    "failure": failure,
    "foreign-write": foreign_write,
    "own-write": own_write,
    "own-thread": own_thread,
}


def search(tag):
    """A search that slapd's log shows with its tag."""
    base = Lookup("", ldap.SCOPE_BASE, equals("description", tag))
    directory().search_s(*base, ["1.1"])


def probe(request):
    """Searches, does what is wished for, and asks slapd who this is."""
    tag = request.GET["tag"]
    search(tag)
    FAULTS[request.GET.get("fault", "")](request)
    search(tag)
    return JsonResponse({"tag": tag, "person": request.person.dn, "whoami": directory().whoami()})


def idle(request):
    """A page for which slapd is not needed."""
    return HttpResponse("idle")


urlpatterns = [
    path("probe/", probe),
    path("probe/idle/", idle),
    path("", include("vmail_admin.urls")),
]
