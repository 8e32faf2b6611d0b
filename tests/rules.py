"""Access rules added to the running slapd for the length of a block."""

from contextlib import contextmanager

import ldap

DATABASE = "olcDatabase={1}mdb,cn=config"


@contextmanager
def first_rules(world, *rules):
    """slapd with further rules before its own, as an administrator adds them while it runs."""
    root = world.root()
    added = [f"{{{number}}}{rule}".encode() for number, rule in enumerate(rules)]
    root.modify_s(DATABASE, [(ldap.MOD_ADD, "olcAccess", added)])
    try:
        yield
    finally:
        for _ in rules:
            root.modify_s(DATABASE, [(ldap.MOD_DELETE, "olcAccess", [b"{0}"])])
        root.unbind_s()
