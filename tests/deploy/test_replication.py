"""Several slapds that hold one directory: a write on one appears on the other."""

import time
from dataclasses import replace

import ldap
import pytest

from deploy.checks import check
from deploy.emit import rendered
from deploy.private_slapd import FORMS, PrivateSlapd, free_port
from deploy.site import Replication, Secrets, Site, SiteError
from tests.deploy.asking import Asked
from tests.deploy.cast import ADMIN, ALICE, CAROL, EXAMPLE, PAT, POSTMASTER, SITE, world

SECRETS = replace(SITE.secrets, replicator_password="copy all='of' it # {now} $1")
PATIENCE = 60


def site_of(role, *ports, number=1):
    uris = tuple(f"ldap://127.0.0.1:{port}" for port in ports)
    replication = Replication(role=role, providers=uris, server_id=number)
    return replace(SITE, secrets=SECRETS, replication=replication)


@pytest.fixture
def started(tmp_path):
    """Starts a slapd of a site and a form; only the first begins with the cast."""
    slapds = []

    def start(site, port, form, filled):
        slapd = PrivateSlapd(tmp_path / str(port), site, port, form=form, fast=True)
        if filled:
            slapd.load(f"{slapd.base_ldif}\n{world()}")
        slapds.append(slapd.start())
        return Asked(slapd)

    yield start
    # The provider first: a replica that is just connecting waits for its answer.
    for slapd in slapds:
        slapd.stop()


def description(asked, dn):
    """What another server has there by now; None where there is no entry."""
    try:
        [(_, entry)] = asked.as_root().search_s(dn, ldap.SCOPE_BASE, attrlist=["description"])
    except ldap.NO_SUCH_OBJECT:
        return None
    return entry.get("description", [b""])[0].decode()


def arrives(ask, wanted):
    """Whether the answer becomes that within a few seconds."""
    end = time.monotonic() + PATIENCE
    while (found := ask()) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    return found == wanted


def describe(connection, dn, words):
    connection.modify_s(dn, [(ldap.MOD_REPLACE, "description", [words.encode()])])


def follows_nobody(connection):
    """The client library would ask the provider itself, as nobody."""
    connection.set_option(ldap.OPT_REFERRALS, 0)
    return connection


@pytest.fixture(params=[FORMS, FORMS[::-1]], ids="-".join)
def copied(request, started):
    """A provider and its replica, one from each form."""
    first, second = free_port(), free_port()
    provider = started(site_of("provider"), first, request.param[0], filled=True)
    replica = started(site_of("replica", first), second, request.param[1], filled=False)
    assert arrives(lambda: description(replica, ALICE), "")
    return provider, replica


def test_a_replica_has_what_is_written_on_the_provider(copied):
    provider, replica = copied

    describe(provider.signed_in(PAT), ALICE, "by her postmaster")

    assert arrives(lambda: description(replica, ALICE), "by her postmaster")


def test_a_replica_knows_the_passwords_and_the_rules(copied):
    _, replica = copied

    assert replica.signed_in(ALICE).whoami_s() == f"dn:{ALICE}"
    with pytest.raises(ldap.NO_SUCH_OBJECT):
        replica.signed_in(ALICE).search_s(CAROL, ldap.SCOPE_BASE)


def test_a_replica_sends_writers_to_the_provider(copied):
    provider, replica = copied

    with pytest.raises(ldap.REFERRAL) as referral:
        describe(follows_nobody(replica.signed_in(PAT)), ALICE, "on the copy")
    assert provider.slapd.ldap_uri in referral.value.args[0]["info"]
    assert description(provider, ALICE) == description(replica, ALICE) == ""


def test_who_is_deleted_is_no_postmaster_on_the_replica_either(copied):
    provider, replica = copied

    def occupants():
        [(_, entry)] = replica.as_root().search_s(POSTMASTER, ldap.SCOPE_BASE)
        return entry["roleOccupant"]

    provider.signed_in(ADMIN).delete_s(PAT)

    assert arrives(occupants, [POSTMASTER.encode()])


@pytest.mark.parametrize("form", FORMS)
def test_two_providers_take_writes_from_both_sides(started, form):
    first, second = free_port(), free_port()
    one = started(site_of("multiprovider", second, number=1), first, form, filled=True)
    two = started(site_of("multiprovider", first, number=2), second, form, filled=False)
    assert arrives(lambda: description(two, EXAMPLE), "")

    describe(two.signed_in(ADMIN), EXAMPLE, "from two")
    describe(one.signed_in(PAT), ALICE, "from one")

    assert arrives(lambda: description(one, EXAMPLE), "from two")
    assert arrives(lambda: description(two, ALICE), "from one")


ROLES = [
    site_of("provider"),
    site_of("replica", 3890, 3891),
    site_of("multiprovider", 3890, number=7),
    replace(
        site_of("alone"),
        replication=Replication(
            role="replica",
            providers=("ldaps://a.example.test", "ldap://b.example.test:3389"),
            tls_ca="/etc/ssl/with blank/ca.pem",
        ),
    ),
]


@pytest.mark.parametrize("site", ROLES, ids=lambda site: site.replication.role)
def test_slaptest_accepts_every_role_in_both_forms(site):
    if site.replication.tls_ca:
        site = replace(site, replication=replace(site.replication, tls_ca=""))
    assert check("slapd", site) == ["config file testing succeeded"] * 2


def test_another_machine_is_asked_over_tls_only():
    [conf] = [file.text for file in rendered("slapd", ROLES[3]) if file.path.endswith("slapd.conf")]
    secure, plain = conf.split("syncrepl rid=")[1:]

    assert "starttls" not in secure
    assert "starttls=critical" in plain
    for stanza in (secure, plain):
        assert 'tls_reqcert=demand\n    tls_cacert="/etc/ssl/with blank/ca.pem"' in stanza


def test_the_password_of_the_copy_is_for_few_eyes():
    for file in rendered("slapd", ROLES[1]):
        if file.path.endswith(("slapd.conf", "slapd.ldif")):
            assert file.mode == 0o640
    for file in rendered("slapd", ROLES[1], masked=True):
        assert "copy" not in "".join(
            line for line in file.text.splitlines() if "credentials" in line
        )


@pytest.mark.parametrize("form", FORMS)
def test_who_was_away_for_long_is_asked_as_often_as_at_first(started, form):
    """slapd says how many tries are left before it rests for longer: no such number stands here."""
    log = started(site_of("replica", free_port()), free_port(), form, filled=False).slapd.log_path

    assert arrives(lambda: " retrying" in log.read_text(), wanted=True)
    assert "retries left" not in log.read_text()


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"role": "replica"}, "replication.providers"),
        ({"role": "provider", "providers": ["ldaps://a.test"]}, "replication.providers"),
        ({"role": "replica", "providers": ["ldapi:///"]}, "replication.providers"),
        (
            {"role": "replica", "providers": ["ldaps://a.test", "ldaps://a.test"]},
            "replication.providers",
        ),
        ({"role": "replica", "providers": ["ldaps://a.test:99999"]}, "replication.providers"),
        ({"role": "replica", "providers": ["ldaps://a.test\nrootpw x"]}, "replication.providers"),
        ({"role": "replica", "providers": "ldaps://a.test"}, "replication.providers"),
        ({"role": "mirror"}, "replication.role"),
        ({"server_id": 4096}, "replication.server_id"),
    ],
)
def test_a_wrong_fact_is_an_error_with_its_key(table, key):
    with pytest.raises(SiteError) as error:
        Site.from_table({"replication": table})
    assert error.value.key == key


def test_a_copy_needs_its_password_and_the_strict_rules():
    replication = Replication(role="replica", providers=("ldaps://a.example.test",))

    with pytest.raises(SiteError, match=r"^secrets\.replicator_password_file: "):
        Site(replication=replication)
    with pytest.raises(SiteError, match="must hold neither"):
        Site(secrets=Secrets(replicator_password='a" rid=2'), replication=replication)
    with pytest.raises(SiteError, match=r"^replication\.role: "):
        Site(access="howto", secrets=Secrets(replicator_password="x"), replication=replication)
