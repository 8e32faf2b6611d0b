"""Which servers are asked, and as whom."""

import ssl
from dataclasses import dataclass, field
from functools import cached_property

import ldap

from deploy.facts import Secret
from deploy.site import Site

PATIENCE = 10  # seconds for each answer


@dataclass
class Target:
    """A site's running servers. `address` is where to connect; its names are the site's."""

    site: Site
    address: str = ""
    root_uri: str = "ldapi:///"
    # A mailbox to send a mail to and read it from.
    login: str = ""
    password: Secret | None = None
    # Who may look after a domain.
    postmaster: str = ""
    postmaster_password: Secret | None = None
    _connections: dict = field(default_factory=dict)

    @property
    def host(self) -> str:
        return self.address or self.site.host

    @cached_property
    def trust(self) -> ssl.SSLContext:
        """What other people's programs ask of a certificate."""
        return ssl.create_default_context(cafile=self.site.tls.ca or None)

    def directory(self, dn: str = "", password: str = "") -> ldap.ldapobject.LDAPObject:
        """A connection to the directory the mail servers ask, bound as somebody or nobody."""
        if dn not in self._connections:
            self._connections[dn] = self.signed_in(dn, password)
        return self._connections[dn]

    def signed_in(self, dn: str, password: str) -> ldap.ldapobject.LDAPObject:
        """Such a connection that nobody else has."""
        connection = self._connect(self.site.directory.uris[0])
        if self.site.directory.start_tls:
            connection.start_tls_s()
        connection.simple_bind_s(dn, password)
        return connection

    def directory_as_root(self) -> ldap.ldapobject.LDAPObject:
        """A connection as the Unix user that runs this, over the socket of this machine."""
        connection = self._connect(self.root_uri)
        connection.sasl_non_interactive_bind_s("EXTERNAL")
        return connection

    def _connect(self, uri: str) -> ldap.ldapobject.LDAPObject:
        connection = ldap.initialize(uri)
        connection.set_option(ldap.OPT_NETWORK_TIMEOUT, PATIENCE)
        connection.set_option(ldap.OPT_REFERRALS, 0)
        if self.site.directory.ca:
            connection.set_option(ldap.OPT_X_TLS_CACERTFILE, self.site.directory.ca)
            connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
        connection.timeout = PATIENCE
        return connection
