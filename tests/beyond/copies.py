"""Two providers and a replica on the emitted files, the cast in them, and what befalls them."""

import os
import re
import signal
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import ldap
import ldap.sasl
from passlib.hash import ldap_salted_sha1

from deploy.children import free_ports
from deploy.private_slapd import PrivateSlapd
from deploy.site import Passwords, Replication, Secrets, Site
from tests.world import SUFFIX

SITE = Site(
    secrets=Secrets(replicator_password="each copies all of it"),
    passwords=Passwords(max_failures=0),
)
CATCHING_UP = 60  # seconds; who could not connect tries again after five


class Copies:
    """``one`` and ``two`` take changes, ``three`` copies and is read-only."""

    def __init__(self, folder):
        ports = free_ports(3)
        uris = [f"ldap://127.0.0.1:{port}" for port in ports]
        roles = [
            Replication(role="multiprovider", providers=(uris[1],), server_id=1),
            Replication(role="multiprovider", providers=(uris[0],), server_id=2),
            Replication(role="replica", providers=(uris[0], uris[1])),
        ]
        self.one, self.two, self.three = self.all = [
            PrivateSlapd(folder / f"slapd{port}", replace(SITE, replication=role), port, fast=True)
            for port, role in zip(ports, roles, strict=True)
        ]
        self.one.load(self.one.base_ldif + quick_cast())

    def __enter__(self):
        for slapd in self.all:
            slapd.start()
        assert within(CATCHING_UP, self.are_alike)
        return self

    def __exit__(self, *_):
        for slapd in self.all:
            slapd.stop()

    def uris(self, *slapds):
        """As the panel is told them."""
        return " ".join(slapd.ldap_uri for slapd in slapds)

    def are_alike(self):
        """Whether all hold the same entries in the same versions."""
        first, *others = (versions(slapd) for slapd in self.all)
        return bool(first) and all(other == first for other in others)


def quick_cast():
    """The cast, with hashes that cost no time."""
    cast = (Path(__file__).parent.parent / "world.ldif").read_text()
    return re.sub("(?<=userPassword: ).*", lambda word: ldap_salted_sha1.hash(word[0]), cast)


def versions(slapd):
    try:
        return {dn: entry["entryCSN"] for dn, entry in found(slapd, "(objectClass=*)", "entryCSN")}
    except ldap.NO_SUCH_OBJECT:
        return {}


def root_of(slapd):
    """A connection as the server's own rootdn."""
    root = ldap.initialize(slapd.ldapi_uri)
    root.sasl_interactive_bind_s("", ldap.sasl.external())
    return root


def found(slapd, filter_, *attributes):
    """What the server's own rootdn sees."""
    root = root_of(slapd)
    try:
        return root.search_s(SUFFIX, ldap.SCOPE_SUBTREE, filter_, list(attributes))
    finally:
        root.unbind_s()


def within(seconds, ask):
    """Whether it becomes true in that time."""
    until = time.monotonic() + seconds
    while not (so := ask()) and time.monotonic() < until:
        time.sleep(0.05)
    return so


# --- what befalls a server


@contextmanager
def killed(slapd):
    """Without a word, as when the power fails; connections to it are refused."""
    os.kill(slapd.pid, signal.SIGKILL)
    slapd.stop()
    try:
        yield
    finally:
        slapd.start()
