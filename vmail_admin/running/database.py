"""PostgreSQL from DATABASE_URL, for several panels that share sessions and journal."""

import os
import ssl
from urllib.parse import parse_qs, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError

from vmail_admin import environment as env

NAME = "DATABASE_URL"
FORM = f"{NAME} is postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with %-signs for what is special."

# What may stand behind the "?": nothing that could lead to another server than the URL names.
KNOWN = {"sslmode", "sslrootcert", "sslcert", "sslkey", "application_name", "connect_timeout"}
CHECKED = ("verify-full", "verify-ca")
SYSTEM = "system"  # libpq's word for the authorities that this system trusts

# libpq's own words (PostgreSQL manual, 34.1.2). A page is not kept waiting for long.
LIMITS = {
    "application_name": "vmail-admin",
    "connect_timeout": 2,  # seconds
    "tcp_user_timeout": 4000,  # milliseconds that what was sent may stay unacknowledged
    "options": "-c lock_timeout=4s -c statement_timeout=15s",
}

# Values go beside the statement, not in it: PostgreSQL writes a statement that failed into its log,
# and quotes it in its error. A session's key is such a value.
APART = {"server_side_binding": True}


def from_environment():
    """Django's settings for the database of DATABASE_URL, or of the file that DATABASE_URL_FILE
    names; None where neither is said. Raises ImproperlyConfigured, and never repeats the URL.
    """
    url = env.given(NAME)
    return from_url(url) if url else None


def from_url(url):
    try:
        asked = parse_qs(urlsplit(url).query, strict_parsing=bool(urlsplit(url).query))
        found = dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True)
    except (ValueError, KeyError):
        raise ImproperlyConfigured(FORM) from None
    if found.get("ENGINE") != "django.db.backends.postgresql" or not found["NAME"]:
        raise ImproperlyConfigured(FORM)
    if unknown := asked.keys() - KNOWN:
        raise ImproperlyConfigured(f"{NAME}: {', '.join(sorted(unknown))} cannot be set here.")
    options = {**LIMITS, **APART, **found.get("OPTIONS", {})}
    return {**found, "OPTIONS": options | trust(found["HOST"], options)}


def trust(host, options):
    """A password and sessions go to another host over TLS only, and its certificate is checked."""
    if not host or host.startswith("/") or env.is_loopback(host):
        return {}
    mode = options.get("sslmode", "verify-full")
    if mode not in CHECKED:
        raise ImproperlyConfigured(
            f"{NAME}: sslmode is verify-full or verify-ca for another host: "
            "else a password would go to whoever answers."
        )
    authorities = options.get("sslrootcert", SYSTEM)
    if authorities == SYSTEM:
        tell_where_authorities_lie()
    return {"sslmode": mode, "sslrootcert": authorities}


def tell_where_authorities_lie():
    """psycopg brings an OpenSSL that looks for them in a folder of its own, which is nowhere.

    Python's knows where this system keeps them. See SSL_CTX_set_default_verify_paths(3).
    """
    known = ssl.get_default_verify_paths()
    for name, path in (("SSL_CERT_FILE", known.cafile), ("SSL_CERT_DIR", known.capath)):
        if path:
            os.environ.setdefault(name, path)


def is_down(error):
    """Whether a database did not answer. The directory has names of its own for that."""
    from vmail_admin.directory.errors import DirectoryAnswer

    down = isinstance(error, OperationalError | InterfaceError)
    return down and not isinstance(error, DirectoryAnswer)
