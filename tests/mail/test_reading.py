"""Signing in to Dovecot with the panel's people, and reading mail there."""

import socket
import ssl

import pytest

from tests.world import ALICE, EXAMPLE, word

NEW = "a-new-secret-word"
ALICES = ("alice@example.test", word("alice"))


@pytest.mark.parametrize("wrapped", [True, False], ids=["TLS", "STARTTLS"])
def test_alice_reads_her_mail(dovecot, wrapped):
    mail = dovecot.send("alice@example.test")
    dovecot.file("example.test/alice", mail)

    assert dovecot.read(*ALICES, mail, wrapped=wrapped).get_content_type() == "text/plain"


def test_the_address_may_be_typed_in_capitals(dovecot):
    assert dovecot.signs_in_to_read("Alice@Example.TEST", word("alice"))


def test_nobody_signs_in_without_tls(dovecot):
    """From another address: Dovecot trusts what stays on one."""
    address = ("127.0.0.1", dovecot.listen.imap)
    with socket.create_connection(address, source_address=("127.0.0.3", 0)) as plain:
        stream = plain.makefile("rwb", buffering=0)
        assert b"LOGINDISABLED" in stream.readline()
        stream.write(b"a LOGIN alice@example.test " + word("alice").encode() + b"\r\n")
        assert stream.readline().startswith((b"a NO [PRIVACYREQUIRED]", b"* BAD [ALERT]"))


@pytest.mark.parametrize("port", ["imaps", "submissions"])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_nothing_older_than_tls_1_2(dovecot, port):
    only = ssl.create_default_context(cafile=dovecot.mail.certificate)
    # Without this OpenSSL itself would not even try the old one.
    only.set_ciphers("ALL:@SECLEVEL=0")
    only.minimum_version = ssl.TLSVersion.TLSv1_1

    only.maximum_version = ssl.TLSVersion.TLSv1_2
    shake_hands(only, getattr(dovecot.listen, port))

    only.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError, match=r"PROTOCOL_VERSION|EOF"):
        shake_hands(only, getattr(dovecot.listen, port))


def shake_hands(context, port):
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost"),
    ):
        pass


def test_the_certificate_names_the_host(dovecot):
    for port in (dovecot.listen.imaps, dovecot.listen.submissions):
        shake_hands(dovecot.trust, port)
    assert dovecot.trust.check_hostname


WRONG = {
    "a wrong password": ("alice@example.test", "wrong"),
    "an empty password": ("alice@example.test", ""),
    "a pattern": ("*@example.test", word("alice")),
    "a name without its domain": ("alice", word("alice")),
    "an account that is switched off": ("dora@example.test", word("dora")),
    "a suspended domain": ("sleeper@asleep.test", word("sleeper")),
    "an alias": ("alex@example.test", word("alex")),
    "a domain we do not have": ("alice@unknown.test", word("alice")),
    "a site admin": ("rita", word("rita")),
}


@pytest.mark.parametrize("case", WRONG)
def test_does_not_let_in(dovecot, case):
    assert not dovecot.signs_in_to_read(*WRONG[case])
    assert not dovecot.signs_in_to_send(*WRONG[case])


@pytest.mark.parametrize("mark", [{"accountActive": "FALSE"}, {"delete": "TRUE"}])
@pytest.mark.parametrize("dn", [ALICE, EXAMPLE], ids=["account", "domain"])
def test_a_mark_shuts_out_at_once_and_lets_in_again(dovecot, world, dn, mark):
    world.change(dn, **mark)
    assert not dovecot.signs_in_to_read(*ALICES)
    assert not dovecot.signs_in_to_send(*ALICES)

    world.change(dn, accountActive="TRUE", delete="FALSE")
    assert dovecot.signs_in_to_read(*ALICES)
    assert dovecot.signs_in_to_send(*ALICES)


def test_a_password_changed_in_the_panel_counts_at_once(dovecot, alice):
    fields = {"old_password": word("alice"), "new_password": NEW, "repeated": NEW}
    assert alice.post("/me/password/", fields).status_code == 302

    assert dovecot.signs_in_to_read("alice@example.test", NEW)
    assert dovecot.signs_in_to_send("alice@example.test", NEW)
    assert not dovecot.signs_in_to_read(*ALICES)
    assert not dovecot.signs_in_to_send(*ALICES)


def test_a_password_reset_by_the_postmaster_counts_at_once(dovecot, pia):
    pia.post("/accounts/alice@example.test/password/", {"new_password": NEW, "repeated": NEW})

    assert dovecot.signs_in_to_read("alice@example.test", NEW)
    assert not dovecot.signs_in_to_read(*ALICES)


def test_a_new_account_can_be_read_before_the_first_mail(dovecot, pia):
    fields = {"local_part": "noah", "password_choice": "type", "password": NEW}
    pia.post("/domains/example.test/accounts/new/", fields)

    with dovecot.imap("noah@example.test", NEW) as imap:
        assert imap.select("INBOX") == ("OK", [b"0"])


def test_folders_are_called_as_courier_calls_them(dovecot):
    with dovecot.imap(*ALICES) as imap:
        imap.create("INBOX.Sent")
        assert b'"." INBOX.Sent' in b"".join(imap.list()[1])

    assert (dovecot.home / "example.test/alice/.Sent/cur").is_dir()


def test_wrong_passwords_are_not_in_the_log(dovecot):
    secret = "never-to-be-logged"
    dovecot.signs_in_to_read("alice@example.test", secret)
    dovecot.signs_in_to_send("alice@example.test", secret)
    dovecot.signs_in_to_read(*ALICES)

    for path in (dovecot.mail.dovecot.log_path, dovecot.mail.postfix.log_path):
        assert secret not in path.read_text()
        assert word("alice") not in path.read_text()
