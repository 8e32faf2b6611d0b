"""StartTLS and ldaps with a certificate of a private CA: accepted with its file, else refused."""

import datetime as dt
import socket
import subprocess
import time
from dataclasses import replace
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from django.db import connections

from deploy.private_slapd import PrivateSlapd, free_port
from deploy.site import Site
from tests.beyond.copies import within
from tests.frozen import frozen
from tests.slapd_log import Counted
from tests.world import RITA, word
from vmail_admin.directory.backend.servers import BEFORE_A_LOOK, SERVERS
from vmail_admin.directory.errors import NotAnswering
from vmail_admin.directory.identity import Identity, acting_as


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """ca.pem, and cert.pem with key.pem for 127.0.0.1 by it; other-ca.pem signed nothing."""
    folder = tmp_path_factory.mktemp("certificates")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1")
    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout"]
    for ca in ("ca", "other-ca"):
        subject = ["-subj", f"/CN={ca}", "-days", "1", "-out", f"{ca}.pem"]
        openssl(folder, "req", "-x509", *new, f"{ca}.key", *subject)
    openssl(folder, "req", *new, "key.pem", "-subj", "/CN=slapd", "-out", "slapd.csr")
    signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1"]
    openssl(
        folder,
        *("x509", "-req", "-in", "slapd.csr", *signing, "-extfile", "names", "-out", "cert.pem"),
    )
    return folder


class TlsSlapd(PrivateSlapd):
    """Listens for ldaps too, and at an address that its certificate does not name."""

    def __init__(self, *values, **options):
        self.ldaps_uri = f"ldaps://127.0.0.1:{free_port()}"
        super().__init__(*values, **options)

    def _command(self):
        here = [self.ldap_uri, self.ldaps_uri]
        elsewhere = [uri.replace("127.0.0.1", "127.0.0.2") for uri in here]
        words = super()._command()
        words[words.index("-h") + 1] += " " + " ".join([self.ldaps_uri, *elsewhere])
        return words


def tls_slapd(folder, certificates, certificate):
    site = Site()
    tls = {
        "tls_certificate": str(certificates / certificate),
        "tls_key": str(certificates / "key.pem"),
    }
    site = replace(site, slapd=replace(site.slapd, **tls))
    slapd = TlsSlapd(folder, site, fast=True)
    rita = [f"dn: {RITA}", "objectClass: organizationalRole", "objectClass: simpleSecurityObject"]
    rita += ["cn: rita", f"userPassword: {word('rita')}"]
    slapd.load(slapd.base_ldif + "\n" + "\n".join(rita) + "\n")
    return slapd


@pytest.fixture(scope="module")
def slapd(certificates, tmp_path_factory):
    with tls_slapd(tmp_path_factory.mktemp("slapd"), certificates, "cert.pem") as slapd:
        yield slapd


@pytest.fixture(scope="module")
def slapd_of_yesterday(certificates, tmp_path_factory):
    """Its certificate ran out, and is all right but for that."""
    today = dt.datetime.now(dt.UTC)
    ca = x509.load_pem_x509_certificate((certificates / "ca.pem").read_bytes())
    asks = x509.load_pem_x509_csr((certificates / "slapd.csr").read_bytes())
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(ca.subject, asks.subject, asks.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=2))
        .not_valid_after(today - dt.timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(load_pem_private_key((certificates / "ca.key").read_bytes(), None), SHA256())
    )
    (certificates / "old.pem").write_bytes(made.public_bytes(Encoding.PEM))
    with tls_slapd(tmp_path_factory.mktemp("old"), certificates, "old.pem") as slapd:
        yield slapd


@pytest.fixture(params=["start_tls", "ldaps"])
def asked(request, slapd, panel_at):
    """Asks slapd over TLS who Rita is, trusting the CA in a file."""

    def ask(ca_file, host="127.0.0.1", patience=None, before=None):
        start_tls = request.param == "start_tls"
        uri = slapd.ldap_uri if start_tls else slapd.ldaps_uri
        if before:
            uri = f"{uri.partition(':')[0]}://127.0.0.1:{before} {uri}"
        panel_at(uri.replace("127.0.0.1", host), start_tls=start_tls, ca_file=str(ca_file))
        with acting_as(Identity(RITA, word("rita"), patience)):
            return connections["directory"].whoami()

    return ask


def test_a_certificate_of_the_named_ca_is_accepted(asked, certificates, slapd):
    assert asked(certificates / "ca.pem") == f"dn:{RITA}"
    assert "TLS established" in slapd.end_of_log(30)


@pytest.mark.parametrize("ca", ["other-ca.pem", ""])
def test_any_other_is_refused_before_a_password_is_sent(asked, certificates, slapd, ca):
    with Counted(slapd) as calls, pytest.raises(NotAnswering):
        asked(certificates / ca if ca else "")

    assert calls.connections
    assert not calls.kinds["BIND"]


def test_a_certificate_for_another_name_is_refused(asked, certificates, slapd):
    with Counted(slapd) as calls, pytest.raises(NotAnswering):
        asked(certificates / "ca.pem", host="127.0.0.2")

    assert calls.connections
    assert not calls.kinds["BIND"]


@pytest.mark.parametrize("start_tls", [True, False])
def test_a_certificate_that_ran_out_is_refused(
    slapd_of_yesterday, certificates, panel_at, start_tls
):
    slapd = slapd_of_yesterday
    uri = slapd.ldap_uri if start_tls else slapd.ldaps_uri
    panel_at(uri, start_tls=start_tls, ca_file=str(certificates / "ca.pem"))
    with (
        Counted(slapd) as calls,
        pytest.raises(NotAnswering),
        acting_as(Identity(RITA, word("rita"))),
    ):
        connections["directory"].whoami()

    assert calls.connections
    assert not calls.kinds["BIND"]


def test_a_frozen_slapd_is_not_waited_for(asked, certificates, slapd):
    """libldap would wait for ever, and this test with it."""
    with frozen(slapd), pytest.raises(NotAnswering):
        asked(certificates / "ca.pem", patience=4.5)

    assert asked(certificates / "ca.pem") == f"dn:{RITA}"


@pytest.fixture
def mute():
    """A port that takes calls and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield door.getsockname()[1]
        SERVERS.forget()


def test_of_two_the_one_that_says_nothing_is_left_alone(asked, certificates, mute):
    def seconds():
        began = time.monotonic()
        assert asked(certificates / "ca.pem", patience=4.5, before=mute) == f"dn:{RITA}"
        return time.monotonic() - began

    def seconds_at_first():
        SERVERS.forget()
        return seconds()

    # A busy machine takes longer, but not every time.
    assert within(60, lambda: seconds_at_first() < 2)
    assert within(60, lambda: seconds() < BEFORE_A_LOOK)


def test_of_two_with_a_wrong_certificate_neither_is_sent_a_password(asked, certificates, slapd):
    with Counted(slapd) as calls, pytest.raises(NotAnswering):
        asked(certificates / "other-ca.pem", before=free_port())

    SERVERS.forget()
    assert not calls.kinds["BIND"]
