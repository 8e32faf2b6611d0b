"""Senders who break the rules of SMTP, and a filter that is down."""

import smtplib
import socket
from dataclasses import replace
from uuid import uuid4

import pytest

from deploy.private_mail import PrivateMail
from deploy.site import Postfix
from tests.mail.post import Post
from tests.mail.sites import WITH_COURIER
from tests.world import SITE


def raw(post, *lines):
    """Says these lines to port 25, one after the other, and hears an answer to each."""
    answers = []
    with socket.create_connection(("127.0.0.1", post.listen.smtp)) as connection:
        stream = connection.makefile("rwb", buffering=0)
        answers.append(stream.readline())
        for line in lines:
            stream.write(line + b"\r\n")
            answers.append(stream.readline())
    return [answer.decode()[:3] for answer in answers]


def test_a_second_mail_cannot_hide_in_the_first(post):
    first, second = uuid4().hex, uuid4().hex
    hidden = (
        f"Subject: {first}\r\n\r\nHello\n.\nMAIL FROM:<boss@example.test>\n"
        f"RCPT TO:<pia@example.test>\nDATA\nSubject: {second}\n\nPay!\r\n."
    )
    answers = raw(
        post,
        b"HELO stranger.test",
        b"MAIL FROM:<stranger@stranger.test>",
        b"RCPT TO:<alice@example.test>",
        b"DATA",
        hidden.encode(),
    )

    assert answers == ["220", "250", "250", "250", "354", "250"]
    assert second in post.file("example.test/alice", first).read_text()
    assert not post.found("example.test/pia", second)


def test_who_does_not_wait_for_answers_is_sent_away(post):
    eager = b"HELO stranger.test\r\nMAIL FROM:<a@stranger.test>\r\nRCPT TO:<alice@example.test>"

    assert raw(post, eager) == ["220", "554"]


def test_who_does_not_say_hello_is_sent_away(post):
    assert raw(post, b"MAIL FROM:<a@stranger.test>")[1] == "503"


def test_nobody_learns_addresses_by_asking(post):
    assert raw(post, b"HELO stranger.test", b"VRFY alice@example.test")[2] == "502"
    assert raw(post, b"HELO stranger.test", b"EXPN alex@example.test")[2] == "500"


def test_the_port_for_servers_offers_tls(post):
    with smtplib.SMTP("127.0.0.1", post.listen.smtp) as smtp:
        smtp.starttls(context=post.trust)
        assert smtp.sock.version() in ("TLSv1.2", "TLSv1.3")


def test_a_mail_that_is_too_large_is_refused(post):
    too_large = post.mail.site.postfix.message_size_mb * 2**20 + 1
    answers = raw(post, b"EHLO stranger.test")
    assert answers[1] == "250"

    with smtplib.SMTP("127.0.0.1", post.listen.smtp) as smtp:
        smtp.ehlo()
        assert smtp.mail("a@stranger.test", [f"size={too_large}"])[0] == 552


@pytest.mark.parametrize("needed", [False, True])
def test_a_filter_that_is_down(open_folder, one_world, world, needed):
    facts = Postfix(
        postmaster=SITE.postfix.postmaster, milters=["inet:127.0.0.1:1"], need_milters=needed
    )
    site = replace(WITH_COURIER, postfix=facts)
    with PrivateMail(open_folder / f"f{needed}", site, [world.slapd.ldap_uri]) as mail:
        if needed:
            with pytest.raises(smtplib.SMTPResponseException, match="451"):
                Post(mail).send("alice@example.test")
        else:
            assert Post(mail).file("example.test/alice", Post(mail).send("alice@example.test"))
