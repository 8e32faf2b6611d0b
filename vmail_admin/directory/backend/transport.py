"""A connection to slapd, with its time limits and TLS, before anybody is bound on it."""

import socket
import ssl
from threading import RLock
from urllib.parse import urlsplit

import ldap
from django.db import DatabaseError
from ldap.ldapobject import SimpleLDAPObject

from vmail_admin.directory.errors import NotAnswering, asked

LDAPS = "ldaps:"
ROOT = ("", ldap.SCOPE_BASE, "(objectClass=*)", ["1.1"])  # every slapd has it (RFC 4512, 5.1)


class Connection(SimpleLDAPObject):
    """python-ldap's own, which Ctrl-C can cut short anywhere.

    A call that was cut short may hold python-ldap's lock for ever; the same thread gets past it.
    Otherwise closing the connection would wait, and the command would never end.
    """

    def _ldap_lock(self, desc=""):
        return ldap.LDAPLock(RLock, desc)


def connected(uri, start_tls, ca_file, timeout, network_timeout):
    """An anonymous connection. Times in seconds; ``uri`` may be several, with blanks between.

    A plain object on purpose: python-ldap's ReconnectLDAPObject binds again as whoever bound last
    with success, and sends writes a second time.
    """
    if LDAPS in uri:
        uri = shaking_hands(uri, network_timeout)
    connection = Connection(uri)
    connection.timeout = timeout
    connection.set_option(ldap.OPT_TIMEOUT, timeout)
    connection.set_option(ldap.OPT_NETWORK_TIMEOUT, network_timeout)
    connection.set_option(ldap.OPT_REFERRALS, ldap.OPT_OFF)
    # A firewall that forgets an idle connection tells nobody.
    connection.set_option(ldap.OPT_X_KEEPALIVE_IDLE, 60)
    if start_tls or LDAPS in uri:
        verify(connection, ca_file)
    if start_tls:
        connection.start_tls_s()
    return connection


def verify(connection, ca_file):
    """The server has to show a certificate that ``ca_file``, or the system, trusts."""
    connection.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
    if ca_file:
        connection.set_option(ldap.OPT_X_TLS_CACERTFILE, ca_file)
    connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)  # takes the options above; last


def shaking_hands(uris, timeout):
    """Those of the servers that are awake. Raises SERVER_DOWN where none is.

    libldap waits for ever for the TLS handshake of a server that takes connections and says
    nothing. So another handshake is tried first, with a time limit; nothing is sent on it, and it
    is libldap that looks at the certificate.
    """
    awake = [one for one in uris.split() if not one.startswith(LDAPS) or shakes_hands(one, timeout)]
    if not awake:
        raise ldap.SERVER_DOWN({"desc": "No TLS handshake in time"})
    return " ".join(awake)


def shakes_hands(uri, timeout):
    parts = urlsplit(uri)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 636), timeout) as wire,
            context.wrap_socket(wire, server_hostname=parts.hostname),
        ):
            return True
    except OSError:
        return False


def answers(uri, options, seconds):
    """Whether a server says anything at all, to nobody in particular, within about this time."""
    try:
        connection = asked(
            connected, uri, options["start_tls"], options["ca_file"], seconds, seconds
        )
    except DatabaseError:
        return False
    try:
        asked(connection.search_ext_s, *ROOT, timeout=seconds)
    except NotAnswering:
        return False
    except DatabaseError:
        # It says no, but it says something.
        return True
    finally:
        close(connection)
    return True


def close(connection):
    """Ends a connection, whatever state it is in."""
    try:
        connection.unbind_ext_s()
    except ldap.LDAPError:
        return


def hung_up(connection):
    """Whether the other end has closed the connection, as far as this one has heard by now."""
    try:
        wire = socket.socket(fileno=connection.fileno())
    except (OSError, ldap.LDAPError):
        return True
    try:
        return wire.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        wire.detach()
