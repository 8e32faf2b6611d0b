"""Look-ups over TLS, as to a slapd on another machine: its certificate is checked."""

import re
from dataclasses import replace

import ldap
import ldap.sasl
import pytest

from deploy.children import free_ports
from deploy.private_dovecot import PrivateDovecot
from deploy.private_files import self_signed
from deploy.private_mail import private_network, private_paths
from deploy.private_postfix import PrivatePostfix
from deploy.private_slapd import PrivateSlapd
from deploy.programs import ProgramError
from deploy.site import Directory, Tls
from tests.mail.post import waited_for
from tests.mail.sites import WITH_DOVECOT
from tests.world import cast


@pytest.fixture(scope="module")
def certificates(open_folder):
    """slapd's own, and one of somebody else."""
    found = []
    for name in ("slapds", "others"):
        tls = Tls(f"{open_folder}/{name}/cert.pem", f"{open_folder}/{name}/key.pem")
        self_signed(replace(WITH_DOVECOT, tls=tls))
        found.append(tls)
    return found


@pytest.fixture(scope="module")
def slapd(open_folder, certificates):
    own = certificates[0]
    facts = replace(WITH_DOVECOT.slapd, tls_certificate=own.certificate, tls_key=own.key)
    slapd = PrivateSlapd(open_folder / "s", replace(WITH_DOVECOT, slapd=facts), fast=True)
    slapd.load(slapd.base_ldif)
    with slapd:
        root = slapd_root(slapd)
        for dn, values in cast():
            root.add_s(dn, values)
        root.unbind_s()
        yield slapd


def slapd_root(slapd):
    root = ldap.initialize(slapd.ldapi_uri)
    root.sasl_interactive_bind_s("", ldap.sasl.external())
    return root


@pytest.fixture
def site(open_folder, slapd):
    """Files that ask this slapd over TLS, and trust who signed the certificate named."""

    def made(folder, trusted):
        site = private_paths(WITH_DOVECOT, open_folder / folder)
        ports = dict(zip(("imap", "imaps", "sieve"), free_ports(3), strict=True))
        asked = Directory(uris=[slapd.ldap_uri], start_tls=True, ca=trusted.certificate)
        return replace(private_network(site, [slapd.ldap_uri], ports, 1), directory=asked)

    return made


def test_postfix_asks_who_shows_the_right_certificate(open_folder, site, certificates):
    postfix = PrivatePostfix(open_folder / "right", site("right", certificates[0]))

    assert postfix.look_up("accounts", "alice@example.test") == "example.test/alice/"


def test_postfix_asks_nobody_else(open_folder, site, certificates):
    postfix = PrivatePostfix(open_folder / "wrong", site("wrong", certificates[1]))

    with pytest.raises(ProgramError, match=r"query error|TLS"):
        postfix.look_up("accounts", "alice@example.test")


@pytest.fixture
def dovecot(open_folder, site):
    started = []

    def start(folder, trusted):
        server = PrivateDovecot(open_folder / folder, site(folder, trusted))
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


def test_dovecot_asks_who_shows_the_right_certificate(dovecot, certificates):
    server = dovecot("trusting", certificates[0])

    assert "example.test/alice" in server.tool("doveadm", "user", "alice@example.test")


def test_dovecot_asks_nobody_else(dovecot, certificates):
    """It tries for minutes, so its log is asked and not an answer waited for."""
    server = dovecot("doubting", certificates[1])

    assert waited_for(lambda: re.search("auth: .*ldap_start_tls.* failed", log_of(server)))


def log_of(server):
    return server.log_path.read_text(errors="replace")
