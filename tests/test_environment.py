"""Settings come from the environment, and nonsense stops there with a sentence."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from vmail_admin import environment as env

NAME = "VMAIL_TRIED"


@pytest.fixture
def given(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)
    monkeypatch.delenv(f"{NAME}_FILE", raising=False)
    return lambda value, name=NAME: monkeypatch.setenv(name, value)


def refused(function, *values, **options):
    with pytest.raises(ImproperlyConfigured) as caught:
        function(*values, **options)
    assert NAME in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("word", ["yes", "YES", " on ", "1", "true"])
def test_yes(given, word):
    given(word)
    assert env.flag(NAME, default=False) is True


@pytest.mark.parametrize("word", ["no", "Off", "0", "false"])
def test_no(given, word):
    given(word)
    assert env.flag(NAME, default=True) is False


def test_what_is_not_said_is_the_default(given):
    assert env.flag(NAME, default=True) is True
    assert env.number(NAME, 30) == 30
    assert env.text(NAME, "x") == "x"
    assert env.names(NAME, "a,b") == ["a", "b"]
    assert env.file(NAME) == ""


@pytest.mark.parametrize("word", ["maybe", "2", "", "yes please"])
def test_neither_yes_nor_no(given, word):
    given(word)
    refused(env.flag, NAME, default=True)


@pytest.mark.parametrize("word", ["x", "-1", "1.5", "", "0", "\u0661"])
def test_no_number(given, word):
    given(word)
    refused(env.number, NAME, 30)


@pytest.mark.parametrize("text", ["a\nb", "a\x7fb", "a\tb"])
def test_a_control_character(given, text):
    given(text)
    refused(env.text, NAME)


def test_one_of_a_few(given):
    given("server")
    assert env.choice(NAME, "server", ("server", "ssha")) == "server"
    given("md5")
    assert "server, ssha" in refused(env.choice, NAME, "server", ("server", "ssha"))


def test_names_are_parted_by_commas(given):
    given(" panel.example , ,localhost,")
    assert env.names(NAME) == ["panel.example", "localhost"]


def test_any_host_at_all_is_refused(given):
    given("panel.example, *")
    assert "names each host" in refused(env.hosts, NAME, "")
    given("panel.example, .other.example")
    assert env.hosts(NAME, "") == ["panel.example", ".other.example"]


def test_a_secret_from_the_environment_or_from_a_file(given, tmp_path):
    given("x" * 50)
    assert env.secret(NAME, least=50) == "x" * 50
    (tmp_path / "key").write_text("y" * 60 + "\n")
    given(str(tmp_path / "key"), f"{NAME}_FILE")
    assert env.secret(NAME, least=50) == "y" * 60


def test_a_secret_that_is_short_or_missing_is_not_repeated(given):
    given("hush-hush")
    assert "hush-hush" not in refused(env.secret, NAME, least=50)


def test_a_secret_from_a_file_that_cannot_be_read(given, tmp_path):
    given(str(tmp_path / "nowhere"), f"{NAME}_FILE")
    assert "No such file" in refused(env.secret, NAME, least=50)
    (tmp_path / "noise").write_bytes(bytes(range(128, 256)))
    given(str(tmp_path / "noise"), f"{NAME}_FILE")
    assert "not text" in refused(env.secret, NAME, least=50)


def test_a_file_that_is_there(given, tmp_path):
    (tmp_path / "ca.pem").write_text("")
    given(str(tmp_path / "ca.pem"))
    assert env.file(NAME) == str(tmp_path / "ca.pem")
    given(str(tmp_path / "nowhere.pem"))
    refused(env.file, NAME)


@pytest.mark.parametrize(
    ("uri", "start_tls"),
    [
        ("ldapi:///", False),
        ("ldapi://%2Frun%2Fslapd%2Fldapi", False),
        ("ldap://localhost", False),
        ("ldap://127.0.0.1:3389", False),
        ("ldap://[::1]", False),
        ("ldap://mail.example", True),
        ("ldaps://one.example ldaps://two.example", False),
    ],
)
def test_where_the_directory_is(given, uri, start_tls):
    given(uri)
    assert env.directory_uri(NAME, "", start_tls) == uri


@pytest.mark.parametrize(
    ("uri", "start_tls", "sentence"),
    [
        ("ldap://mail.example", False, "clear text"),
        ("ldap://192.0.2.1", False, "clear text"),
        ("ldaps://one.example ldap://two.example", False, "clear text"),
        ("ldap://localhost.evil.example", False, "clear text"),
        ("ldaps://mail.example", True, "TLS already"),
        ("http://mail.example", False, "no ldapi, ldaps or ldap URI"),
        ("mail.example", False, "no ldapi, ldaps or ldap URI"),
        ("", False, "is empty"),
    ],
)
def test_where_no_password_is_sent(given, uri, start_tls, sentence):
    given(uri)
    assert sentence in refused(env.directory_uri, NAME, "", start_tls)
