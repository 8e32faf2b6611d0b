"""What machines ask of the panel, answered before a session, a host name or https matter."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.urls import path

from vmail_admin.running import health


@login_not_required
def metrics(request):
    """As if there were no such page, for whom ``machines_first`` lets come this far."""
    raise Http404


HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

DOORS = {"healthz": health.healthz, "readyz": health.readyz, "metrics": metrics}

urlpatterns = [path(name, view, name=name) for name, view in DOORS.items()]


def machines_first(get_response):
    """A load balancer asks in clear, by a number instead of a name, and often."""
    views = {"/healthz": health.healthz, "/readyz": health.readyz}
    numbers = metrics_for_the_few() if settings.METRICS else lambda request: None

    def answer_of(request):
        if request.method not in ("GET", "HEAD"):
            return None
        if view := views.get(request.path_info):
            return view(request)
        return numbers(request) if request.path_info == "/metrics" else None

    def middleware(request):
        answer = answer_of(request)
        if answer is None:
            return get_response(request)
        for name, value in HEADERS.items():
            answer.headers[name] = value
        return answer

    return middleware


def metrics_for_the_few():
    from vmail_admin.running.metrics import is_for, page

    return lambda request: page(request) if is_for(request) else None
