"""Questions for a running slapd: may this person do that?

Each is asked by doing it. A write carries slapd's no-op control: every rule is
asked as for a real one, and nothing is written.
"""

import ldap
from ldap.controls import RequestControl

from .cast import password_of

NO_OP = RequestControl("1.3.6.1.4.1.4203.666.5.2", True, None)
WOULD_BE_DONE = 16654
REFUSALS = (
    ldap.INVALID_CREDENTIALS,
    ldap.INSUFFICIENT_ACCESS,
    ldap.NO_SUCH_OBJECT,
    # nobody writes anything
    ldap.STRONG_AUTH_REQUIRED,
    # restrict rename; a bind without a password
    ldap.UNWILLING_TO_PERFORM,
    # constraint, unique
    ldap.CONSTRAINT_VIOLATION,
)


class Question:
    """Something to try, and how the report of the tests calls it."""

    def __init__(self, words, attempt):
        self.words = words
        self.attempt = attempt

    def __str__(self):
        return self.words


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

    def allows(self, dn, question):
        """Whether this person may. Who cannot sign in may nothing."""
        try:
            answer = question.attempt(self.connection_of(dn))
        except REFUSALS:
            return False
        except ldap.LDAPError as error:
            if error.args[0].get("result") != WOULD_BE_DONE:
                raise
            return True
        assert answer is not None, "slapd ignored the no-op control and wrote"
        return answer


def encoded(values):
    return [value.encode() for value in ([values] if isinstance(values, str) else values)]


def short(values):
    """Enough of a value for a report; a salt would be another one in each run."""
    return ", ".join(value.decode()[:22] for value in encoded(values))


def change(dn, attribute, *values):
    """Replace the values of an attribute."""

    def attempt(connection):
        connection.modify_ext_s(
            dn, [(ldap.MOD_REPLACE, attribute, encoded(values) or None)], serverctrls=[NO_OP]
        )

    return Question(f"change {attribute} of {dn.split(',o=')[0]} to {short(values)}", attempt)


def put(dn, attribute, value):
    """Add a value to those there are."""

    def attempt(connection):
        connection.modify_ext_s(
            dn, [(ldap.MOD_ADD, attribute, encoded(value))], serverctrls=[NO_OP]
        )

    return Question(f"put {attribute}: {short(value)} into {dn.split(',o=')[0]}", attempt)


def take(dn, attribute, value):
    """Take one value away."""

    def attempt(connection):
        connection.modify_ext_s(
            dn, [(ldap.MOD_DELETE, attribute, encoded(value))], serverctrls=[NO_OP]
        )

    return Question(f"take {attribute}: {value} from {dn.split(',o=')[0]}", attempt)


def add(dn, **attributes):
    def attempt(connection):
        entry = [(name, encoded(values)) for name, values in attributes.items()]
        connection.add_ext_s(dn, entry, serverctrls=[NO_OP])

    return Question(f"add {dn.split(',o=')[0]} with {' '.join(attributes)}", attempt)


def delete(dn):
    def attempt(connection):
        connection.delete_ext_s(dn, serverctrls=[NO_OP])

    return Question(f"delete {dn.split(',o=')[0]}", attempt)


def rename(dn, rdn):
    def attempt(connection):
        connection.rename_s(dn, rdn, serverctrls=[NO_OP])

    return Question(f"rename {dn.split(',o=')[0]} to {rdn}", attempt)


def read(dn, attribute):
    def attempt(connection):
        [(_, found)] = connection.search_s(dn, ldap.SCOPE_BASE, attrlist=[attribute]) or [
            (None, {})
        ]
        return bool(found)

    return Question(f"read {attribute} of {dn.split(',o=')[0]}", attempt)


def list_addresses(dn):
    def attempt(connection):
        found = connection.search_s(dn, ldap.SCOPE_SUBTREE, "(mail=*)", ["mail"])
        return bool(found)

    return Question(f"list the addresses below {dn.split(',o=')[0]}", attempt)


def sign_in():
    """Whoever asks is signed in before the question: nothing more to do."""
    return Question("sign in", lambda connection: bool(connection.whoami_s()))
