"""LDAP transactions (RFC 5805) crash slapd. Where changes come over its socket only, none begins.

The crash itself is shown too: on a slapd that is fit for this alone.
"""

import time
from contextlib import suppress
from dataclasses import replace

import ldap
import pytest
from ldap.controls import RequestControl
from ldap.extop import ExtendedRequest
from pyasn1.codec.ber.encoder import encode
from pyasn1.type.univ import OctetString, Sequence

from deploy.check_servers import slapd as checks
from deploy.check_servers.checks import State, answer
from deploy.check_servers.target import Target
from deploy.emit import rendered
from deploy.private_slapd import FORMS, PrivateSlapd, free_port
from deploy.site import Replication, Site, SiteError

from .asking import Asked
from .cast import ALICE, CAROL, MAILSERVICE, PAT, SITE, password_of, world
from .test_tls import certificate  # noqa: F401 (a fixture)

START, SPECIFY, END = "1.3.6.1.1.21.1", "1.3.6.1.1.21.2", "1.3.6.1.1.21.3"
NEW = "correct horse battery staple"


def running(folder, form="conf", kind=PrivateSlapd, **facts):
    site = replace(SITE, slapd=replace(SITE.slapd, **facts))
    slapd = kind(folder, site, form=form, fast=True)
    slapd.load(f"{slapd.base_ldif}\n{world()}")
    return slapd


def begun(connection):
    """The identifier of a new transaction."""
    return connection.extop_result(connection.extop(ExtendedRequest(START, None)))[1]


def transaction(connection):
    """Two changes that would be made together: refused at the end, as Carol may not make them."""
    name = begun(connection)
    belongs = [RequestControl(SPECIFY, True, name)]
    for words in (b"one", b"two"):
        change = [(ldap.MOD_REPLACE, "cn", [words])]
        with suppress(ldap.LDAPError):
            connection.modify_ext_s(ALICE, change, serverctrls=belongs)
    end = Sequence()
    end.setComponentByPosition(0, OctetString(name))
    connection.extop_result(connection.extop(ExtendedRequest(END, encode(end))))


def try_to_crash(asked, connect, times=30):
    for _ in range(times):
        with suppress(ldap.LDAPError):
            connection = connect()
            for _ in range(3):
                with suppress(ldap.INSUFFICIENT_ACCESS):
                    transaction(connection)
        if not asked.slapd.is_running:
            return


def test_any_user_can_crash_a_slapd_that_is_changed_over_the_network(tmp_path):
    with running(tmp_path / "slapd") as slapd:
        asked = Asked(slapd)

        try_to_crash(asked, lambda: asked.signed_in(CAROL), times=200)

        deadline = time.monotonic() + 30
        while slapd.is_running and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not slapd.is_running


@pytest.fixture(params=FORMS)
def local(request, tmp_path):
    with running(tmp_path / "slapd", request.param, local_writes=True) as slapd:
        yield Asked(slapd)


def over_socket(asked, dn):
    connection = asked.connect(asked.slapd.ldapi_uri)
    connection.simple_bind_s(dn, password_of(dn))
    return connection


def test_nobody_on_the_network_can_where_it_is_changed_over_the_socket_only(local):
    connection = local.signed_in(CAROL)
    with pytest.raises(ldap.CONFIDENTIALITY_REQUIRED):
        begun(connection)

    try_to_crash(local, lambda: local.signed_in(CAROL))

    assert local.slapd.is_running
    assert local.signed_in(CAROL).whoami_s()


def test_a_made_up_transaction_is_refused_too(local):
    for name in (b"", b"1", b"x" * 40):
        connection = local.signed_in(CAROL)
        with pytest.raises(ldap.LDAPError):
            connection.modify_ext_s(
                CAROL,
                [(ldap.MOD_REPLACE, "cn", [b"x"])],
                serverctrls=[RequestControl(SPECIFY, True, name)],
            )
        end = Sequence()
        end.setComponentByPosition(0, OctetString(name))
        with pytest.raises(ldap.CONFIDENTIALITY_REQUIRED):
            connection.extop_result(connection.extop(ExtendedRequest(END, encode(end))))
    assert local.slapd.is_running


def test_changes_come_over_the_socket_and_nowhere_else(local):
    change = [(ldap.MOD_REPLACE, "cn", [b"Ally"])]

    with pytest.raises(ldap.CONFIDENTIALITY_REQUIRED):
        local.signed_in(ALICE).modify_s(ALICE, change)
    with pytest.raises(ldap.CONFIDENTIALITY_REQUIRED):
        local.signed_in(ALICE).passwd_s(ALICE, password_of(ALICE), NEW)

    over_socket(local, ALICE).modify_s(ALICE, change)
    over_socket(local, PAT).passwd_s(ALICE, None, NEW)
    assert local.signed_in(ALICE, NEW).whoami_s()


def test_mail_servers_read_over_the_network_and_guessing_is_counted(local):
    found = local.signed_in(MAILSERVICE).search_s(ALICE, ldap.SCOPE_BASE, attrlist=["mailbox"])
    assert found[0][1]["mailbox"]

    with pytest.raises(ldap.INVALID_CREDENTIALS):
        local.signed_in(ALICE, "guess")
    [(_, entry)] = local.as_root().search_s(ALICE, ldap.SCOPE_BASE, attrlist=["pwdFailureTime"])
    assert entry["pwdFailureTime"]


class AlsoOverLdaps(PrivateSlapd):
    """A slapd that listens for TLS from the first byte too."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.ldaps_uri = f"ldaps://127.0.0.1:{free_port()}"

    def _command(self):
        words = super()._command()
        place = words.index("-h") + 1
        return [*words[:place], f"{words[place]} {self.ldaps_uri}", *words[place + 1 :]]


@pytest.fixture(params=FORMS)
def with_tls(request, tmp_path, certificate):  # noqa: F811
    pem = {"tls_certificate": certificate / "cert.pem", "tls_key": certificate / "key.pem"}
    facts = {name: str(path) for name, path in pem.items()} | {"local_writes": True}
    with running(tmp_path / "slapd", request.param, AlsoOverLdaps, **facts) as slapd:
        yield Asked(slapd)


@pytest.mark.parametrize("wrapped", [True, False], ids=["ldaps", "StartTLS"])
def test_tls_does_not_count_as_the_socket(with_tls, wrapped):
    slapd = with_tls.slapd
    connection = with_tls.connect(slapd.ldaps_uri if wrapped else slapd.ldap_uri)
    connection.set_option(ldap.OPT_X_TLS_CACERTFILE, slapd.site.slapd.tls_certificate)
    connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
    if not wrapped:
        connection.start_tls_s()
    connection.simple_bind_s(ALICE, password_of(ALICE))
    change = [(ldap.MOD_REPLACE, "cn", [b"Ally"])]

    with pytest.raises(ldap.CONFIDENTIALITY_REQUIRED):
        begun(connection)
    with pytest.raises(ldap.CONFIDENTIALITY_REQUIRED):
        connection.modify_s(ALICE, change)
    over_socket(with_tls, ALICE).modify_s(ALICE, change)
    [(_, entry)] = connection.search_s(ALICE, ldap.SCOPE_BASE, attrlist=["cn"])
    assert entry["cn"] == [b"Ally"]


def test_a_copy_is_made_all_the_same(tmp_path):
    """A copy reads from the other server, and writes into its own without being asked."""
    secrets = replace(SITE.secrets, replicator_password="copy all of it")
    ports = free_port(), free_port()
    with_copy = replace(SITE, secrets=secrets, slapd=replace(SITE.slapd, local_writes=True))
    sites = [
        replace(
            with_copy,
            replication=Replication(
                role="multiprovider", server_id=number, providers=(f"ldap://127.0.0.1:{other}",)
            ),
        )
        for number, other in ((1, ports[1]), (2, ports[0]))
    ]
    one, two = (
        PrivateSlapd(tmp_path / str(port), site, port, fast=True)
        for port, site in zip(ports, sites, strict=True)
    )
    one.load(f"{one.base_ldif}\n{world()}")
    with one, two:
        over_socket(Asked(one), ALICE).modify_s(ALICE, [(ldap.MOD_REPLACE, "cn", [b"Ally"])])

        assert name_arrives(Asked(two), b"Ally")


def name_arrives(asked, wanted):
    root = asked.as_root()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(ldap.NO_SUCH_OBJECT):
            [(_, entry)] = root.search_s(ALICE, ldap.SCOPE_BASE, attrlist=["cn"])
            if entry.get("cn") == [wanted]:
                return True
        time.sleep(0.05)
    return False


def test_it_is_for_a_panel_on_the_same_machine():
    elsewhere = {"uris": ["ldaps://ldap.myhosting.example"]}
    site = Site.from_table({"slapd": {"local_writes": True}, "directory": elsewhere})

    assert list(rendered("slapd", site))
    with pytest.raises(SiteError, match=r"^slapd\.local_writes: "):
        list(rendered("panel", site))


@pytest.mark.parametrize(
    ("table", "local"),
    [
        ({}, True),
        ({"slapd": {"local_writes": False}}, False),
        ({"directory": {"uris": ["ldap://127.0.0.1"]}}, False),
        ({"directory": {"uris": ["ldapi:///", "ldaps://ldap2.myhosting.example"]}}, False),
        ({"access": "howto"}, False),
        ({"access": "howto", "slapd": {"local_writes": True}}, True),
    ],
)
def test_without_a_word_only_a_panel_beside_slapd_changes_it(table, local):
    assert Site.from_table(table).slapd.local_writes is local


@pytest.mark.parametrize("local_writes", [True, False])
def test_check_servers_says_how_it_stands(tmp_path, local_writes):
    with running(tmp_path / "slapd", local_writes=local_writes) as slapd:
        directory = replace(slapd.site.directory, uris=(slapd.ldapi_uri,))
        site = replace(slapd.site, directory=directory)
        target = Target(site=site, root_uri=slapd.ldapi_uri)
        wanted = replace(site, slapd=replace(site.slapd, local_writes=True))

        advice = answer(checks.transactions, target)
        as_wanted = answer(checks.changed_over_socket_only, replace(target, site=wanted))

    assert advice.state is State.NOTE
    assert ("nobody over the network" in advice.detail) is local_writes
    assert as_wanted.state is (State.PASS if local_writes else State.FAIL)
