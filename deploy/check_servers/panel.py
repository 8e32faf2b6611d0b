"""The panel: it answers browsers, and reaches what it needs."""

import http.client
import json
import socket
import ssl
from contextlib import closing

from .checks import Wrong, check
from .target import PATIENCE, Target

MOST = 1000  # bytes of an answer


def asked(target: Target, path: str) -> tuple[int, bytes]:
    """What the panel answers at the site's name for it, over TLS."""
    site = target.site
    # The panel may have a certificate of its own, from an authority that everybody knows.
    trust = ssl.create_default_context() if site.panel.tls_certificate else target.trust
    here = (target.address or site.web_host, site.panel.https_port)
    wire = socket.create_connection(here, timeout=PATIENCE)
    with closing(trust.wrap_socket(wire, server_hostname=site.web_host)) as safe:
        connection = http.client.HTTPConnection(site.web_host)
        connection.sock = safe
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(MOST)


@check("the panel answers over https", "systemctl status vmail-admin nginx")
def panel_answers(target: Target) -> None:
    status, _ = asked(target, "/healthz")
    if status != 200:
        raise Wrong(f"it answers with status {status}")


@check(
    "the panel reaches the directory and its database",
    "journalctl -u vmail-admin; look at VMAIL_DIRECTORY_URI in panel.env and at database-url",
)
def panel_is_ready(target: Target) -> None:
    status, body = asked(target, "/readyz")
    try:
        told = json.loads(body)
    except ValueError:
        raise Wrong(f"it does not say, with status {status}") from None
    if status != 200:
        away = [name for name in ("directory", "database") if told.get(name) != "ok"]
        raise Wrong(f"{' and '.join(away)}: no answer")


CHECKS = (panel_answers, panel_is_ready)
