"""Who may sign in to Courier, and how: slapd says, at once."""

import imaplib
import poplib
import ssl
from contextlib import closing

import pytest

from tests.mail.post import hand_in
from tests.world import ALICE, EXAMPLE, word

ALICE_AT = ("alice@example.test", word("alice"))
NEW = "a-new-and-longer-word"
FORMS = pytest.mark.parametrize("wrapped", [True, False], ids=["TLS", "STARTTLS"])


def test_courier_lists_who_has_a_mailbox(courier):
    everybody = courier.everybody()

    assert {row[0] for row in everybody} == {
        "alice@example.test",
        "pia@example.test",
        "carol@other.test",
        "otto@other.test",
        "sleeper@asleep.test",
    }
    home, mailbox, quota = "/home/vmail/domains", "example.test/alice/", "quota=10000000S"
    assert ["alice@example.test", "5000", "5000", home, mailbox, quota] in everybody


@FORMS
def test_a_mail_that_comes_is_read(courier, wrapped):
    subject = courier.comes("example.test/alice", "alice@example.test")

    assert courier.read(*ALICE_AT, subject, wrapped=wrapped)["Subject"] == subject


@FORMS
def test_a_mail_that_comes_is_fetched(courier, wrapped):
    subject = courier.comes("other.test/carol", "carol@other.test")

    with courier.pop("carol@other.test", word("carol"), wrapped) as pop:
        mails = [pop.retr(number + 1)[1] for number in range(pop.stat()[0])]
    assert any(f"Subject: {subject}".encode() in lines for lines in mails)


def test_no_password_in_clear(courier):
    with imaplib.IMAP4("127.0.0.1", courier.listen.imap) as imap:
        assert "LOGINDISABLED" in imap.capabilities
        assert not [one for one in imap.capabilities if one.startswith("AUTH=")]
        with pytest.raises(imaplib.IMAP4.error, match="STARTTLS required"):
            imap.login(*ALICE_AT)

    with (
        closing(poplib.POP3("127.0.0.1", courier.listen.pop3)) as pop,
        pytest.raises(poplib.error_proto, match="TLS required"),
    ):
        pop.user(ALICE_AT[0])


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1:DeprecationWarning")
@pytest.mark.parametrize("port", ["imaps", "pop3s"])
def test_tls_is_new_enough(courier, port):
    with pytest.raises(ssl.SSLError):
        courier.tls(port, ssl.TLSVersion.TLSv1_1)
    assert courier.tls(port, ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
    assert courier.tls(port, ssl.TLSVersion.TLSv1_3) == "TLSv1.3"


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("alice@example.test", word("pia")),
        ("alice@example.test", ""),
        ("*@example.test", word("alice")),
        ("dora@example.test", word("dora")),
        ("alex@example.test", word("alex")),
        ("postmaster@example.test", "post-secret-word"),
        ("sleeper@asleep.test", word("sleeper")),
        ("nobody@example.test", word("alice")),
    ],
    ids=["wrong", "empty", "star", "switched off", "alias", "role", "suspended", "unknown"],
)
def test_who_may_not_sign_in(courier, login, password):
    assert courier.accepts(*ALICE_AT)
    assert not courier.accepts(login, password)


@FORMS
def test_the_password_for_reading_sends_too(courier, wrapped):
    with courier.submission(*ALICE_AT, wrapped) as smtp:
        subject = hand_in(smtp, ["carol@other.test"], "alice@example.test")

    assert courier.file("other.test/carol", subject)


def test_a_wrong_password_takes_its_time(courier):
    assert "Login failed" in courier.refused_to_read("alice@example.test", word("pia"))
    assert courier.refused_to_read(*ALICE_AT) is None


@pytest.mark.parametrize("change", [{"accountActive": "FALSE"}, {"delete": "TRUE"}])
def test_an_account_is_switched_off_at_once(courier, world, change):
    assert courier.accepts(*ALICE_AT)

    world.change(ALICE, **change)
    assert not courier.accepts(*ALICE_AT)


def test_a_suspended_domain_and_back_again(courier, rita):
    switch = "/domains/example.test/switch/"
    assert courier.refused_to_read(*ALICE_AT) is None

    rita.post(switch, {"flag": "active", "to": "off"})
    assert "Login failed" in courier.refused_to_read(*ALICE_AT)

    rita.post(switch, {"flag": "active", "to": "on"})
    assert courier.refused_to_read(*ALICE_AT) is None


def test_a_domain_that_is_marked_for_deletion(courier, world):
    world.change(EXAMPLE, delete="TRUE")

    assert not courier.accepts(*ALICE_AT)


def test_a_new_password_works_at_once_and_the_old_one_does_not(courier, pia):
    pia.post("/accounts/alice@example.test/password/", {"new_password": NEW})

    assert courier.refused_to_read("alice@example.test", NEW) is None
    assert courier.signs_in_to_send("alice@example.test", NEW)
    assert not courier.signs_in_to_send(*ALICE_AT)
    assert "Login failed" in courier.refused_to_read(*ALICE_AT)
