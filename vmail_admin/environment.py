"""Reads the environment, and stops on nonsense with a sentence that names the variable."""

import os
from contextlib import suppress
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

PROJECT = Path(__file__).resolve().parent.parent
YES = {"yes", "true", "on", "1"}
NO = {"no", "false", "off", "0"}


def text(name, default=""):
    value = os.environ.get(name, default).strip()
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in value):
        raise ImproperlyConfigured(f"{name} holds a control character.")
    return value


def flag(name, default):
    value = text(name, "yes" if default else "no").lower()
    if value not in YES | NO:
        raise ImproperlyConfigured(f"{name} is yes or no, not {value!r}.")
    return value in YES


def number(name, default, least=1):
    value = text(name, str(default))
    if not (value.isascii() and value.isdecimal()) or int(value) < least:
        raise ImproperlyConfigured(f"{name} is a whole number from {least} on, not {value!r}.")
    return int(value)


def choice(name, default, choices):
    value = text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is one of {', '.join(choices)}, not {value!r}.")
    return value


def names(name, default=""):
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def hosts(name, default):
    """The names a panel is reached by. A link in a mail holds one, so nobody else may choose it."""
    wanted = names(name, default)
    if "*" in wanted:
        raise ImproperlyConfigured(f"{name} names each host: * would believe any Host header.")
    return wanted


def proxies(name):
    """Networks such as 10.0.0.0/8 or ::1, parted by commas; also the word unix."""
    return tuple(part if part == "unix" else network(name, part) for part in names(name))


def network(name, part):
    try:
        return ip_network(part)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {part!r} is no network: {error}.") from None


def networks(name):
    """Networks, or single addresses, with commas between."""
    return tuple(network(name, part) for part in names(name))


def make_metrics_folder():
    """Where gunicorn's processes write their numbers, if somebody may read them.

    prometheus-client looks for it when it is imported, in the environment and nowhere else.
    """
    if networks("VMAIL_METRICS"):
        state = folder("VMAIL_STATE_DIR", PROJECT / "var")
        path = os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(state / "metrics"))
        Path(path).mkdir(mode=0o700, parents=True, exist_ok=True)


def folder(name, default):
    return Path(text(name, str(default)))


def file(name):
    """The path of a file that is there, or ""."""
    path = text(name)
    if path and not Path(path).is_file():
        raise ImproperlyConfigured(f"{name}: there is no file {path!r}.")
    return path


def server(name, port):
    """The host and port of host, or of host:port; None where nothing is said."""
    value = text(name)
    if not value:
        return None
    parts = urlsplit(f"//{value}")
    # A port that is none is a ValueError.
    with suppress(ValueError):
        if parts.hostname and parts.netloc == value and "@" not in value:
            return parts.hostname, parts.port or port
    raise ImproperlyConfigured(f"{name} is a host, or host:port, not {value!r}.")


def directory_uri(name, default, start_tls):
    """One LDAP URI or several, with blanks between. Refuses a bind in clear text over a network."""
    uris = text(name, default)
    if not uris:
        raise ImproperlyConfigured(f"{name} is empty.")
    for uri in uris.split():
        parts = urlsplit(uri)
        if parts.scheme not in ("ldapi", "ldaps", "ldap"):
            raise ImproperlyConfigured(f"{name}: {uri!r} is no ldapi, ldaps or ldap URI.")
        if parts.scheme == "ldaps" and start_tls:
            raise ImproperlyConfigured(f"{name}: {uri!r} is TLS already, without StartTLS.")
        if parts.scheme == "ldap" and not start_tls and not is_loopback(parts.hostname or ""):
            raise ImproperlyConfigured(
                f"{name}: {uri!r} would send passwords in clear text to another host. "
                "Use ldaps:, or VMAIL_DIRECTORY_START_TLS=yes."
            )
    return uris


def is_loopback(host):
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def secret(name, least):
    """The value of NAME, or the content of the file that NAME_FILE names, if it is long enough."""
    value = given(name)
    if len(value) < least:
        raise ImproperlyConfigured(
            f"{name} (or the file that {name}_FILE names) needs at least {least} characters."
        )
    return value


def given(name):
    """The value of NAME, or the content of the file that NAME_FILE names; "" without either."""
    path = text(f"{name}_FILE")
    if not path:
        return text(name)
    try:
        return Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not text"
        raise ImproperlyConfigured(f"{name}_FILE: {reason}: {path}") from None
