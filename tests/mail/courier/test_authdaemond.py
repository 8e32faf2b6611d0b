"""authdaemond on its files alone: what it needs, and how it reaches slapd."""

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.children import free_ports
from deploy.facts.directory import Directory
from deploy.private_courier import PrivateCourier
from deploy.private_slapd import PrivateSlapd
from deploy.programs import ProgramError
from tests.deploy import cast
from tests.mail.courier.reading import software
from tests.world import word

ALICE_AT = ("alice@example.test", word("alice"))


@pytest.fixture
def courier_with(whole, world, tmp_path):
    """Courier with some facts of its own, before it runs."""

    def prepared(**facts):
        ports = dict(zip(("imap", "imaps", "pop3", "pop3s"), free_ports(4), strict=True))
        site = replace(whole.courier.site, **facts)
        site = replace(site, listen=replace(site.listen, **ports))
        return PrivateCourier(tmp_path / "courier", site, software=software())

    return prepared


def test_one_slapd_that_is_down_is_passed_over(courier_with, world):
    [nobody] = free_ports(1)
    uris = (f"ldap://127.0.0.1:{nobody}", world.slapd.ldap_uri)

    with courier_with(directory=Directory(uris=uris)) as courier:
        assert "Authentication succeeded" in courier.run("authtest", *ALICE_AT)


def test_the_socket_of_this_machine_will_do(courier_with, world):
    with courier_with(directory=Directory(uris=(world.slapd.ldapi_uri,))) as courier:
        assert "Authentication succeeded" in courier.run("authtest", *ALICE_AT)


def test_without_slapd_the_users_of_the_machine_still_sign_in(courier_with):
    [nobody] = free_ports(1)

    with courier_with(directory=Directory(uris=(f"ldap://127.0.0.1:{nobody}",))) as courier:
        with pytest.raises(ProgramError, match="Authentication FAILED"):
            courier.run("authtest", *ALICE_AT)
        assert "Authenticated: root" in courier.run("authtest", "root")


def test_a_file_without_its_marker_lets_nobody_in(courier_with):
    courier = courier_with()
    file = courier.folder / "etc/courier/authldaprc"
    file.write_text(file.read_text().replace("##NAME: MARKER:0\n", ""))

    with courier:
        with pytest.raises(ProgramError):
            courier.run("authtest", *ALICE_AT)
        assert "marker line not found" in courier.log_path("authdaemond").read_text()


@contextmanager
def slapd_with_tls(folder, tls, access="strict"):
    facts = replace(cast.SITE.slapd, tls_certificate=tls.certificate, tls_key=tls.key)
    slapd = PrivateSlapd(folder, replace(cast.SITE, slapd=facts, access=access), fast=True)
    slapd.load(f"{slapd.base_ldif}\n{cast.world()}")
    with slapd:
        yield slapd


@pytest.mark.parametrize("checks_with", ["its own", "another"])
def test_slapd_must_prove_who_it_is(courier_with, whole, tmp_path, checks_with):
    tls = whole.courier.site.tls
    ca = tls.certificate if checks_with == "its own" else "/etc/ssl/certs/ca-certificates.crt"
    alice_at = ("alice@example.test", cast.password_of(cast.ALICE))

    with slapd_with_tls(tmp_path / "slapd", tls) as slapd:
        directory = Directory(uris=(slapd.ldap_uri,), start_tls=True, ca=ca)
        with courier_with(directory=directory, secrets=cast.SITE.secrets) as courier:
            if checks_with == "its own":
                assert "Authentication succeeded" in courier.run("authtest", *alice_at)
            else:
                with pytest.raises(ProgramError, match="Authentication FAILED"):
                    courier.run("authtest", *alice_at)


def test_a_site_with_the_rules_of_the_howto(courier_with, whole, tmp_path):
    with slapd_with_tls(tmp_path / "slapd", whole.courier.site.tls, access="howto") as slapd:
        directory = Directory(uris=(slapd.ldap_uri,))
        with courier_with(access="howto", directory=directory) as courier:
            said = courier.run("authtest", "alice@example.test", cast.password_of(cast.ALICE))
            assert "Authentication succeeded" in said
            assert "alice@example.test" in courier.run("authenumerate")


def test_what_was_started_is_gone_at_the_end(courier_with, whole):
    with courier_with() as courier:
        pids = running_below(courier.folder)
        assert len(pids) >= 5
    assert not running_below(courier.folder)


def running_below(folder):
    """The processes in whose view one of its folders stands in place of the system's."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder) in (process / "mountinfo").read_text():
                found.append(process.name)
        except OSError:
            continue
    return found
