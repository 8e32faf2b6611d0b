"""The certificate a server shows, judged as other people's programs judge it."""

import socket
import ssl
import time

from .checks import Wrong
from .target import PATIENCE, Target

FEWEST_DAYS = 14
FIX = "renew the certificate, name it in [tls] of the site file, and restart the server"


def shown_by(target: Target, port: int) -> str:
    """Speaks TLS from the first byte; how long the certificate is good for."""
    with (
        socket.create_connection((target.host, port), timeout=PATIENCE) as plain,
        target.trust.wrap_socket(plain, server_hostname=target.site.host) as secure,
    ):
        return days_left(secure)


def days_left(secure: ssl.SSLSocket) -> str:
    """In words; Wrong where they are few."""
    ends = ssl.cert_time_to_seconds(secure.getpeercert()["notAfter"])
    days = int((ends - time.time()) // 86400)
    if days < FEWEST_DAYS:
        raise Wrong(f"the certificate is good for {days} more days")
    return f"good for {days} days"
