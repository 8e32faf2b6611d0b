"""A connection to slapd, with its time limits and TLS, before anybody is bound on it."""

import ldap


def connected(uri, start_tls, ca_file, timeout, network_timeout):
    """An anonymous connection. Times in seconds.

    A plain object on purpose: python-ldap's ReconnectLDAPObject binds again as whoever bound last
    with success, and sends writes a second time.
    """
    connection = ldap.initialize(uri)
    connection.timeout = timeout
    connection.set_option(ldap.OPT_TIMEOUT, timeout)
    connection.set_option(ldap.OPT_NETWORK_TIMEOUT, network_timeout)
    connection.set_option(ldap.OPT_REFERRALS, ldap.OPT_OFF)
    if start_tls or uri.startswith("ldaps:"):
        connection.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
        if ca_file:
            connection.set_option(ldap.OPT_X_TLS_CACERTFILE, ca_file)
        connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)  # takes the options above; last
    if start_tls:
        connection.start_tls_s()
    return connection
