"""A running slapd that is asked as several people."""

import ldap

from .cast import password_of


class Asked:
    """A running slapd that keeps a connection for each person."""

    def __init__(self, slapd):
        self.slapd = slapd
        self._connections = {}

    def connect(self, uri=None, **options):
        connection = ldap.initialize(uri or self.slapd.ldap_uri, **options)
        connection.timeout = 10
        return connection

    def signed_in(self, dn, password=None):
        """A new connection, bound as somebody; dn "" is nobody."""
        connection = self.connect()
        connection.simple_bind_s(dn, (password or password_of(dn)) if dn else "")
        return connection

    def as_root(self):
        connection = self.connect(self.slapd.ldapi_uri)
        connection.sasl_non_interactive_bind_s("EXTERNAL")
        return connection

    def connection_of(self, dn):
        if dn not in self._connections:
            self._connections[dn] = self.signed_in(dn)
        return self._connections[dn]
