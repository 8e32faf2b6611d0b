"""Where the panel keeps what is its own: PostgreSQL as DATABASE_URL says, over TLS if need be."""

import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from vmail_admin.running import database

SECRET = "hush-hush"
HERE = f"postgresql://panel:{SECRET}@127.0.0.1:5433/vmail"
THERE = f"postgresql://panel:{SECRET}@db.example.test/vmail"


@pytest.fixture
def given(monkeypatch):
    for name in ("DATABASE_URL", "DATABASE_URL_FILE"):
        monkeypatch.delenv(name, raising=False)
    return lambda value, name="DATABASE_URL": monkeypatch.setenv(name, value)


def test_without_a_url_it_is_a_file(given):
    assert database.from_environment() is None


def test_the_url_may_stand_in_a_file(given, tmp_path):
    file = tmp_path / "url"
    file.write_text(f"{HERE}\n")
    given(str(file), "DATABASE_URL_FILE")

    found = database.from_environment()

    assert (found["HOST"], found["PORT"], found["NAME"]) == ("127.0.0.1", 5433, "vmail")
    assert found["PASSWORD"] == SECRET


def test_a_password_may_hold_anything(given):
    given("postgres://panel:p%40%2F%25%3A@localhost/vmail")

    assert database.from_environment()["PASSWORD"] == "p@/%:"


def test_a_socket_of_this_machine_needs_no_tls(given):
    given("postgresql://panel@%2Frun%2Fpostgresql/vmail")

    found = database.from_environment()

    assert found["HOST"] == "/run/postgresql"
    assert "sslmode" not in found["OPTIONS"]


def test_another_host_has_to_show_a_certificate(given):
    given(THERE)
    options = database.from_environment()["OPTIONS"]
    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", "system")

    given(f"{THERE}?sslmode=verify-ca&sslrootcert=/etc/ca.pem")
    options = database.from_environment()["OPTIONS"]
    assert (options["sslmode"], options["sslrootcert"]) == ("verify-ca", "/etc/ca.pem")


def test_psycopgs_own_openssl_is_told_where_the_system_keeps_its_authorities(given):
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        given("", name)
        del os.environ[name]
    given(THERE)
    database.from_environment()

    assert any(Path(os.environ["SSL_CERT_DIR"]).iterdir())


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (f"{THERE}?sslmode=require", "sslmode is verify-full"),
        (f"{THERE}?sslmode=disable", "sslmode is verify-full"),
        (f"{HERE}?host=db.example.test", "host cannot be set here"),
        (f"{HERE}?hostaddr=192.0.2.1", "hostaddr cannot be set here"),
        (f"{HERE}?service=other", "service cannot be set here"),
        (f"mysql://panel:{SECRET}@127.0.0.1/vmail", "is postgresql://"),
        (f"sqlite:////tmp/{SECRET}", "is postgresql://"),
        (f"postgresql://panel:{SECRET}@127.0.0.1", "is postgresql://"),
        (f"postgresql://panel:{SECRET}@127.0.0.1:port/vmail", "is postgresql://"),
        (f"postgresql://[panel:{SECRET}/vmail", "is postgresql://"),
        (SECRET, "is postgresql://"),
        (f"{HERE}?{SECRET}", "is postgresql://"),
    ],
)
def test_what_is_refused_is_not_repeated(given, url, sentence):
    given(url)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as refusal:
        database.from_environment()
    assert sentence in str(refusal.value)
    assert SECRET not in str(refusal.value)
    assert refusal.value.__cause__ is None
