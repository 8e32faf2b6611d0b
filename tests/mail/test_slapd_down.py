"""What the mail servers do while slapd is away: nobody is told that an address does not exist."""

import imaplib

import ldap
import ldap.sasl
import pytest

from deploy.private_mail import PrivateMail
from deploy.private_slapd import PrivateSlapd
from tests.mail.post import Post
from tests.mail.sites import WITH_DOVECOT
from tests.world import SITE, cast, word

ALICES = ("alice@example.test", word("alice"))


@pytest.fixture(scope="module")
def slapds(open_folder):
    """Two with the same entries, in the order they are asked."""
    pair = [PrivateSlapd(open_folder / name, SITE, fast=True) for name in ("first", "second")]
    for slapd in pair:
        slapd.load(slapd.base_ldif)
        slapd.start()
        root = ldap.initialize(slapd.ldapi_uri)
        root.sasl_interactive_bind_s("", ldap.sasl.external())
        for dn, values in cast():
            root.add_s(dn, values)
        root.unbind_s()
    yield pair
    for slapd in pair:
        slapd.stop()


@pytest.fixture(scope="module")
def their_post(open_folder, slapds):
    uris = [one.ldap_uri for one in slapds]
    with PrivateMail(open_folder / "two", WITH_DOVECOT, uris) as mail:
        yield Post(mail)


@pytest.fixture
def post(their_post, slapds):
    """With both slapds up, before the test and after it."""
    yield their_post
    for slapd in slapds:
        if not slapd.pid:
            slapd.start()


@pytest.mark.parametrize("away", [0, 1], ids=["the first", "the second"])
def test_one_of_two_slapds_is_enough(post, slapds, away):
    slapds[away].stop()

    assert post.file("example.test/alice", post.send("alice@example.test"))
    assert post.refusal("nobody@example.test").startswith("550 5.1.1")
    assert post.signs_in_to_read(*ALICES)
    assert post.signs_in_to_send(*ALICES)


def test_without_slapd_everybody_is_asked_to_come_again(post, slapds):
    for slapd in slapds:
        slapd.stop()
    for recipient in ("alice@example.test", "nobody@example.test", "sleeper@asleep.test"):
        assert post.refusal(recipient).startswith("451 4.3.0")
    with pytest.raises(imaplib.IMAP4.error, match="UNAVAILABLE"), post.imap(*ALICES):
        pass

    for slapd in slapds:
        slapd.start()
    assert post.file("example.test/alice", post.send("alice@example.test"))
    assert post.signs_in_to_read(*ALICES)
    assert post.signs_in_to_send(*ALICES)


def test_mail_that_was_taken_waits_for_slapd(post, slapds):
    post.mail.dovecot.stop()
    mail = post.send("alice@example.test")
    assert "status=deferred" in post.fate(mail, "alice@example.test")
    for slapd in slapds:
        slapd.stop()
    post.mail.dovecot.start()

    post.mail.postfix.flush()
    assert post.log("to=<alice@example.test>.*status=deferred.*internal error")
    assert not post.found("example.test/alice", mail)

    for slapd in slapds:
        slapd.start()
    post.mail.postfix.flush()
    assert post.file("example.test/alice", mail)
