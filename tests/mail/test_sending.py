"""The submission ports: whoever signs in may send anywhere, in an own name."""

import smtplib

import pytest

from tests.mail.post import hand_in
from tests.world import word

ALICES = ("alice@example.test", word("alice"))


@pytest.mark.parametrize("wrapped", [False, True], ids=["587", "465"])
def test_alice_sends_to_the_world_and_to_pia(dovecot, wrapped):
    with dovecot.submission(*ALICES, wrapped=wrapped) as smtp:
        mail = hand_in(smtp, ["pia@example.test", "friend@elsewhere.test"], "alice@example.test")

    assert dovecot.file("example.test/pia", mail)
    assert dovecot.left_the_machine(mail)


def test_passwords_are_asked_for_over_tls_only(dovecot):
    with smtplib.SMTP("127.0.0.1", dovecot.listen.submission) as smtp:
        smtp.ehlo()
        assert not smtp.has_extn("auth")
        assert smtp.docmd("MAIL", "FROM:<alice@example.test>")[0] == 530


def test_nobody_sends_without_signing_in(dovecot):
    with smtplib.SMTP("127.0.0.1", dovecot.listen.submission) as smtp:
        smtp.starttls(context=dovecot.trust)
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            hand_in(smtp, ["pia@example.test"], "alice@example.test")


def test_nobody_signs_in_on_the_port_for_servers(dovecot):
    with smtplib.SMTP("127.0.0.1", dovecot.listen.smtp) as smtp:
        smtp.starttls(context=dovecot.trust)
        smtp.ehlo()
        assert not smtp.has_extn("auth")


@pytest.mark.parametrize(
    "sender", ["alice@example.test", "Alice+x@example.test", "alex@example.test"]
)
def test_alice_sends_as_herself_and_as_her_alias(dovecot, sender):
    assert dovecot.may_send_as(*ALICES, sender, "pia@example.test") is None


@pytest.mark.parametrize(
    "sender",
    [
        "pia@example.test",
        "dora@example.test",
        "carol@other.test",
        "nobody@example.test",
        "boss@elsewhere.test",
    ],
)
def test_alice_sends_in_nobody_elses_name(dovecot, sender):
    assert dovecot.may_send_as(*ALICES, sender, "pia@example.test").startswith("553 5.7.1")


def test_the_catch_all_is_no_licence(dovecot, alias):
    alias("@example.test", "alice@example.test")

    for sender in ("pia@example.test", "whoever@example.test"):
        assert dovecot.may_send_as(*ALICES, sender, "pia@example.test").startswith("553 5.7.1")


def test_the_domain_a_person_writes_to_may_be_suspended(dovecot):
    answer = dovecot.may_send_as(*ALICES, "alice@example.test", "sleeper@asleep.test")

    assert answer.startswith("550 5.2.1")
