"""A new account, where the site wants a mail in it and where the mail server is away."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from deploy.private_slapd import free_port
from tests.pages import messages_of
from tests.world import EXAMPLE
from vmail_admin import environment as env

PAGE = "/domains/example.test/accounts/new/"
NEW = {"local_part": "nora", "full_name": "Nora", "password_choice": "none"}
NOT_SENT = "The welcome mail could not be sent."


def test_no_mail_is_sent_unless_a_server_is_named(settings):
    assert settings.WELCOME_SMTP is None


def test_the_account_is_there_without_the_mail_server(pia, world, settings):
    settings.WELCOME_SMTP = ("127.0.0.1", free_port())

    page = pia.post(PAGE, NEW, follow=True)

    assert any(message.startswith(NOT_SENT) for message in messages_of(page))
    assert world.entry(f"mail=nora@example.test,{EXAMPLE}")


@pytest.mark.parametrize(
    ("value", "server"),
    [
        ("", None),
        ("localhost", ("localhost", 25)),
        ("127.0.0.1:2525", ("127.0.0.1", 2525)),
        ("[::1]:2525", ("::1", 2525)),
    ],
)
def test_a_server_is_a_host_perhaps_with_a_port(monkeypatch, value, server):
    monkeypatch.setenv("VMAIL_WELCOME_SMTP", value)

    assert env.server("VMAIL_WELCOME_SMTP", port=25) == server


@pytest.mark.parametrize(
    "value", [":25", "mail:smtp", "mail:99999", "a@mail", "mail/x", "smtp://mail"]
)
def test_what_is_no_server_stops_with_a_sentence(monkeypatch, value):
    monkeypatch.setenv("VMAIL_WELCOME_SMTP", value)

    with pytest.raises(ImproperlyConfigured, match="VMAIL_WELCOME_SMTP is a host"):
        env.server("VMAIL_WELCOME_SMTP", port=25)
