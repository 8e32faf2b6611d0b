"""The words of a plain LDAP client. Each gives a Try, which reads back what became of it."""

import re

import ldap

from .probe import Try

SALT = re.compile(r"(?<=\$)[^$]*\$[^$]*$")


def sent(values):
    """Values as python-ldap wants them: text, bytes, or several of either."""
    several = [values] if isinstance(values, str | bytes) else values
    return [one if isinstance(one, bytes) else one.encode() for one in several]


def stored(values):
    return [one.decode("utf-8", "backslashreplace") for one in sent(values)]


def short(values):
    """Enough of a value for a report."""
    # No salt: a test is called the same in every process.
    text = ", ".join(SALT.sub("", one)[:24] for one in stored(values)[:2])
    return ascii(text)[1:-1]


def named(dn):
    return dn.split(",o=")[0]


def bare(attribute):
    return attribute.partition(";")[0]


CONTROLS = {
    "1.3.6.1.4.1.4203.666.5.12": "Relax Rules",
    "1.2.840.113556.1.4.1413": "Permissive Modify",
    "1.2.840.113556.1.4.805": "Tree Delete",
    "2.16.840.1.113730.3.4.2": "ManageDsaIT",
    "2.16.840.1.113730.3.4.18": "Proxied Authorization",
}


def beside(controls):
    """The controls of an operation, in words."""
    names = [CONTROLS.get(one.controlType, type(one).__name__) for one in controls]
    return f", with {' and '.join(names)}" if names else ""


def change(dn, attribute, *values, controls=()):
    """Replace the values of an attribute."""

    def attempt(client):
        changes = [(ldap.MOD_REPLACE, attribute, sent(values) or None)]
        client.connection.modify_ext_s(dn, changes, serverctrls=list(controls))

    def took_effect(server, _):
        return sorted(server.reads(dn, bare(attribute))) == sorted(stored(values))

    words = f"change {attribute} of {named(dn)} to {short(values)}{beside(controls)}"
    return Try(words, attempt, took_effect)


def change_all(dn, values):
    """Replace several attributes in one change."""

    def attempt(client):
        set_to(dn, values)(client.connection)

    def took_effect(server, _):
        return all(server.reads(dn, name) == [value] for name, value in values.items())

    named_values = " and ".join(f"{name} to {value}" for name, value in values.items())
    return Try(f"change {named_values} of {named(dn)}", attempt, took_effect)


def put(dn, attribute, value, controls=()):
    """Add a value to those there are."""

    def attempt(client):
        changes = [(ldap.MOD_ADD, attribute, sent(value))]
        client.connection.modify_ext_s(dn, changes, serverctrls=list(controls))

    def took_effect(server, _):
        return stored(value)[0] in server.reads(dn, bare(attribute))

    words = f"put {attribute}: {short(value)} into {named(dn)}{beside(controls)}"
    return Try(words, attempt, took_effect)


def take(dn, attribute, value):
    """Take one value away."""

    def attempt(client):
        client.connection.modify_s(dn, [(ldap.MOD_DELETE, attribute, sent(value))])

    def took_effect(server, _):
        return value not in server.reads(dn, attribute)

    return Try(f"take {attribute}: {short(value)} from {named(dn)}", attempt, took_effect)


def swap(dn, attribute, value, other, controls=()):
    """Take one value away and put another there, by name, in one change."""

    def attempt(client):
        changes = [
            (ldap.MOD_DELETE, attribute, sent(value)),
            (ldap.MOD_ADD, attribute, sent(other)),
        ]
        client.connection.modify_ext_s(dn, changes, serverctrls=list(controls))

    def took_effect(server, _):
        return other in server.reads(dn, attribute)

    words = f"swap {attribute}: {short(value)} of {named(dn)} for {short(other)}{beside(controls)}"
    return Try(words, attempt, took_effect)


def add(dn, *, controls=(), note="", **attributes):
    def attempt(client):
        entry = [(name, sent(values)) for name, values in attributes.items()]
        client.connection.add_ext_s(dn, entry, serverctrls=list(controls))

    words = f"add {named(dn)} with {note or ' '.join(attributes)}"
    return Try(words, attempt, lambda server, _: server.there(dn))


def delete(dn, controls=()):
    def attempt(client):
        client.connection.delete_ext_s(dn, serverctrls=list(controls))

    words = f"delete {named(dn)}{beside(controls)}"
    return Try(words, attempt, lambda server, _: not server.there(dn))


def rename(dn, rdn, under=None, keep_old=False):
    """Give an entry another name, or another place."""

    def attempt(client):
        client.connection.rename_s(dn, rdn, newsuperior=under, delold=not keep_old)

    place = f" below {named(under)}" if under else ""
    kept = ", keeping the old name" if keep_old else ""
    return Try(
        f"rename {named(dn)} to {rdn}{place}{kept}",
        attempt,
        lambda server, _: server.there(f"{rdn},{under or dn.partition(',')[2]}"),
    )


def read(dn, attribute, controls=()):
    """Read one attribute of one entry."""

    def attempt(client):
        # Who may not see the classes of an entry may see others of its attributes.
        either = f"(|(objectClass=*)({attribute}=*))"
        found = client.connection.search_ext_s(
            dn, ldap.SCOPE_BASE, either, [attribute], serverctrls=list(controls)
        )
        return [value for _, entry in found for some in entry.values() for value in some]

    def took_effect(server, seen):
        return bool(seen) and {one.decode() for one in seen} <= set(server.reads(dn, attribute))

    return Try(f"read {attribute} of {named(dn)}", attempt, took_effect)


def find(base, filter_, *, scope=ldap.SCOPE_SUBTREE, controls=(), but=(), note=""):
    """Find entries, other than some that may be found."""

    def attempt(client):
        found = client.connection.search_ext_s(
            base, scope, filter_, ["1.1"], serverctrls=list(controls)
        )
        return [dn for dn, _ in found if dn and dn not in but]

    def took_effect(server, seen):
        return bool(seen) and all(server.there(dn) for dn in seen)

    place = "at" if scope == ldap.SCOPE_BASE else "below"
    words = note or f"find {short(filter_)} {place} {named(base)}{beside(controls)}"
    return Try(words, attempt, took_effect)


def compare(dn, attribute, value):
    """Ask whether an attribute has this value."""

    def attempt(client):
        return client.connection.compare_s(dn, attribute, sent(value)[0])

    def took_effect(server, seen):
        return seen is True and value in server.reads(dn, attribute)

    return Try(f"compare {attribute} of {named(dn)} with {short(value)}", attempt, took_effect)


def sign_in(password=None):
    def attempt(client):
        connection = client.signs_in(password)
        return client.dn if connection.whoami_s() else None

    def took_effect(server, seen):
        return bool(seen) and server.there(seen)

    return Try("sign in", attempt, took_effect)


def set_password(dn, new, old=None, words="give a new password to"):
    """RFC 3062: slapd makes the hash."""

    def attempt(client):
        client.connection.passwd_s(dn, old, new)

    known = ", knowing the old one" if old else ""
    return Try(f"{words} {named(dn)}{known}", attempt, lambda server, _: server.opens(dn, new))


def by_ldif(words, ldif, took_effect, *options, afar=False):
    """The change that ldapmodify reads."""

    def attempt(client):
        client.runs("ldapmodify", *options, ldif=ldif, afar=afar)

    return Try(words, attempt, took_effect)


def while_open(words, happens, tries):
    """Something happens to the person, or to the domain, while the connection is open."""

    def attempt(client):
        assert client.connection.whoami_s()
        happens(client.server.root)
        return tries.attempt(client)

    return Try(f"{tries.words} {words}", attempt, tries.took_effect)


OFF = {"accountActive": "FALSE"}
MARKED = {"delete": "TRUE"}


def set_to(dn, values, controls=()):
    """What the rootdn does meanwhile: the values of some attributes, in one change."""
    changes = [(ldap.MOD_REPLACE, name, sent(some)) for name, some in values.items()]
    return lambda root: root.modify_ext_s(dn, changes, serverctrls=list(controls))


def holds(dn, attribute, value):
    """For a try that says itself what to read back."""
    return lambda server, _: value in server.reads(dn, attribute)


def is_there(dn):
    return lambda server, _: server.there(dn)
