"""Is this process alive, and can it serve a page? Two answers for machines, without a secret."""

import threading
import time

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, connections
from django.http import HttpResponse, JsonResponse

from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.backend.servers import one_answers
from vmail_admin.signing_in.models import Session

PATIENCE = 1.0  # seconds for the directory
GOOD_FOR = 1.0  # seconds: whoever asks more often hears the same again
LONGEST = 4.0  # seconds: the directory's, and those that a connection to the database may take

_lock = threading.Lock()
_last = {
    "at": float("-inf"),
    "state": {"directory": False, "database": False},
    "hangs": False,  # the one who asks has been at it for too long
}


@login_not_required
def healthz(request):
    """This process takes requests. Nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
def readyz(request):
    """One directory server answers, and the database of sessions does: else 503."""
    state = recent_state()
    ready = all(state.values())
    words = {name: "ok" if well else "does not answer" for name, well in state.items()}
    return JsonResponse({"ready": ready, **words}, status=200 if ready else 503)


def recent_state():
    """One asks at a time, and the others wait for what that one hears.

    A database that hangs answers whoever asks it when it goes on, and not before. That keeps one
    thread, and not one for each time a load balancer asks: /healthz would soon find none.
    """
    if not _lock.acquire(timeout=0 if _last["hangs"] else LONGEST):
        _last["hangs"] = True
        return {**_last["state"], "database": False}
    try:
        if time.monotonic() - _last["at"] > GOOD_FOR:
            _last["state"] = {**_last["state"], "directory": directory_answers()}
            _last["state"] = {**_last["state"], "database": database_answers()}
            _last["at"] = time.monotonic()
        return _last["state"]
    finally:
        _last["hangs"] = False
        _lock.release()


def directory_answers():
    """As nobody: what every slapd tells everybody about itself (RFC 4512, 5.1)."""
    settings = connections[ALIAS].settings_dict
    return one_answers(settings["NAME"].split(), settings["OPTIONS"], PATIENCE)


def database_answers():
    try:
        Session.objects.exists()
    except (DatabaseError, InterfaceError):
        return False
    return True
