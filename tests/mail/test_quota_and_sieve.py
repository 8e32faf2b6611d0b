"""What Dovecot adds: quotas that are enforced, and people's own filters."""

import base64
import socket
from uuid import uuid4

import pytest

from tests.world import CAROL, word

CAROLS = ("carol@other.test", word("carol"))
SMALL = 2_000
LARGE = 60_000
LIMIT = 30_000


@pytest.fixture
def mailbox(world):
    """Carol's, empty, as the directory says where it is."""
    name = f"other.test/{uuid4().hex}/"
    world.change(CAROL, mailbox=name)
    return name


@pytest.mark.parametrize("quota", [f"{LIMIT}S", f"{LIMIT}", f"{LIMIT}S,100C"])
def test_what_does_not_fit_goes_back_and_what_fits_comes(dovecot, world, mailbox, quota):
    world.change(CAROL, quota=quota)
    large = dovecot.send("carol@other.test", size=LARGE)
    small = dovecot.send("carol@other.test", size=SMALL)

    assert dovecot.file(mailbox, small)
    assert "status=bounced" in dovecot.fate(large, "carol@other.test")
    assert not dovecot.found(mailbox, large)


@pytest.mark.parametrize("quota", [None, "0S", "lots", "*:storage=1"])
def test_without_a_quota_that_is_understood_everything_comes(dovecot, world, mailbox, quota):
    world.change(CAROL, quota=quota)

    assert dovecot.file(mailbox, dovecot.send("carol@other.test", size=LARGE))


def test_the_number_of_mails_can_be_limited(dovecot, world, mailbox):
    world.change(CAROL, quota="1C")
    assert dovecot.file(mailbox, dovecot.send("carol@other.test"))

    second = dovecot.send("carol@other.test")
    assert "Quota exceeded" in dovecot.fate(second, "carol@other.test")
    assert not dovecot.found(mailbox, second)


def test_people_see_their_quota(dovecot, world, mailbox):
    world.change(CAROL, quota="10240000S")

    with dovecot.imap(*CAROLS) as imap:
        assert b"STORAGE 0 10000" in b"".join(imap.getquotaroot("INBOX")[1][1])


def test_a_filter_files_mail_in_a_folder_that_is_made_for_it(dovecot, mailbox):
    put_filter(dovecot, *CAROLS, 'require "fileinto"; fileinto "INBOX.Lists";')
    mail = dovecot.send("carol@other.test")

    assert dovecot.file(f"{mailbox}.Lists", mail)
    assert not dovecot.found(mailbox, mail)
    assert dovecot.read(*CAROLS, mail, folder="INBOX.Lists")


def test_a_filter_sends_mail_on(dovecot, mailbox):
    put_filter(dovecot, *CAROLS, 'redirect "pia@example.test";')
    mail = dovecot.send("carol@other.test")

    assert dovecot.file("example.test/pia", mail)


def test_a_filter_lies_beside_the_mail_and_not_in_it(dovecot, mailbox):
    put_filter(dovecot, *CAROLS, "keep;")
    assert dovecot.file(mailbox, dovecot.send("carol@other.test"))

    with dovecot.imap(*CAROLS) as imap:
        assert [line.split()[-1] for line in imap.list()[1]] == [b"INBOX"]


def put_filter(post, login, password, script):
    """Makes this the person's filter, by ManageSieve over TLS (RFC 5804)."""
    address = ("127.0.0.1", post.listen.sieve)
    with socket.create_connection(address) as plain:
        answer(plain)
        plain.sendall(b"STARTTLS\r\n")
        answer(plain)
        with post.trust.wrap_socket(plain, server_hostname="localhost") as secure:
            answer(secure)
            credentials = base64.b64encode(f"\0{login}\0{password}".encode()).decode()
            said(secure, f'AUTHENTICATE "PLAIN" "{credentials}"')
            said(secure, f'PUTSCRIPT "mine" {{{len(script)}+}}\r\n{script}')
            said(secure, 'SETACTIVE "mine"')


def said(connection, command):
    connection.sendall(command.encode() + b"\r\n")
    answer(connection)


def answer(connection):
    lines = b""
    while not lines.endswith(b"\r\n") or not lines.rsplit(b"\r\n", 2)[-2].startswith(
        (b"OK", b"NO", b"BYE")
    ):
        lines += connection.recv(4096)
    assert lines.rsplit(b"\r\n", 2)[-2].startswith(b"OK"), lines
