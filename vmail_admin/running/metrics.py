"""The numbers for Prometheus. No label holds a name or an address: views, status codes and kinds.

gunicorn's processes write theirs below PROMETHEUS_MULTIPROC_DIR, and whichever is asked adds them
up; without that folder a process tells its own.
"""

import os
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from vmail_admin.directory.backend.kept import KEPT
from vmail_admin.directory.backend.servers import SERVERS
from vmail_admin.signing_in.network import client_address

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

REQUESTS = Counter("vmail_requests", "Requests by page and status.", ["view", "status"])
DURATION = Histogram("vmail_request_seconds", "How long pages took.", ["view"], buckets=SECONDS)
OPERATIONS = Counter("vmail_ldap_operations", "What slapd was asked, by kind.", ["kind"])
WAITING = Counter("vmail_ldap_seconds", "How long slapd's answers took, by kind.", ["kind"])
SIGN_INS = Counter("vmail_sign_ins", "Attempts to sign in, by how they ended.", ["outcome"])
KEPT_NOW = Gauge(
    "vmail_ldap_connections_kept",
    "Bound connections that wait for the same person's next request.",
    multiprocess_mode="livesum",
)
SERVERS_AWAY = Gauge(
    "vmail_ldap_servers_away",
    "Directory servers that do not answer, as far as the process knows that sees most away.",
    multiprocess_mode="livemax",
)


def note_servers():
    SERVERS_AWAY.set(SERVERS.away())


SERVERS.on_change = note_servers


def count(request, view, status, seconds, tally):
    """One request, when it is over."""
    REQUESTS.labels(view, status).inc()
    DURATION.labels(view).observe(seconds)
    for kind, (operations, waited) in tally.kinds.items():
        OPERATIONS.labels(kind).inc(operations)
        WAITING.labels(kind).inc(waited)
    if view == "sign-in" and request.method == "POST":
        SIGN_INS.labels(outcome_of(status)).inc()
    KEPT_NOW.set(KEPT.count())
    note_servers()


def outcome_of(status):
    """A sign-in that succeeds leads on; one that is refused shows its form again."""
    if status == 302:
        return "accepted"
    return "unanswered" if status >= 500 else "refused"


def is_for(request):
    """Whether who asks sits in one of the networks that may read the numbers."""
    try:
        address = ip_address(client_address(request))
    except ValueError:
        return False
    return any(address in network for network in settings.METRICS)


def page(request):
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
