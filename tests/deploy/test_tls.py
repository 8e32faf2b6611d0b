"""Another host is answered over TLS only. 127.0.0.2 plays the other host."""

import datetime
import ipaddress
import os
import subprocess
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.private_slapd import FORMS, PrivateSlapd

from .asking import Asked
from .cast import ADMIN, SITE, password_of, world


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "slapd")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder


@pytest.fixture(params=FORMS)
def with_tls(request, tmp_path, certificate):
    facts = replace(
        SITE.slapd,
        tls_certificate=str(certificate / "cert.pem"),
        tls_key=str(certificate / "key.pem"),
    )
    site = replace(SITE, slapd=facts)
    slapd = PrivateSlapd(tmp_path / "slapd", site, form=request.param, fast=True)
    slapd.load(f"{slapd.base_ldif}\n{world()}")
    with slapd:
        yield Asked(slapd)


@pytest.fixture
def from_afar(with_tls, certificate):
    """Signs the site administrator in, from an address that is not 127.0.0.1."""
    here = {
        "LDAPSOCKET_BIND_ADDRESSES": "127.0.0.2",
        "LDAPTLS_CACERT": str(certificate / "cert.pem"),
    }
    uri = with_tls.slapd.ldap_uri

    def sign_in(*options):
        command = ["ldapwhoami", "-x", "-H", uri, "-D", ADMIN, "-w", password_of(ADMIN), *options]
        return subprocess.run(
            command, env=os.environ | here, capture_output=True, text=True, check=False
        )

    return sign_in


def test_nobody_signs_in_from_another_host_without_tls(from_afar, with_tls):
    assert "Invalid credentials" in from_afar().stderr
    assert "from IP=127.0.0.2" in with_tls.slapd.log_path.read_text()


def test_over_tls_one_does(from_afar):
    signed_in = from_afar("-ZZ")

    assert signed_in.stdout.strip() == f"dn:{ADMIN}", signed_in.stderr
