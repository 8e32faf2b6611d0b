"""Where a request comes from: what believed proxies say counts, and nothing else does."""

import http.client
import socket

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from deploy.emit import rendered
from deploy.site import Site
from tests.served import Browser, Served
from tests.world import word
from vmail_admin import environment as env
from vmail_admin.signing_in.network import client_address

PROXIES = "10.0.0.0/8, 192.0.2.1, ::1, unix"


@pytest.fixture
def asked_from(settings, monkeypatch):
    def asked(here, forwarded=None, proxies=PROXIES):
        monkeypatch.setenv("VMAIL_TRIED", proxies)
        settings.PROXIES = env.proxies("VMAIL_TRIED")
        headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
        return client_address(RequestFactory().get("/", REMOTE_ADDR=here, **headers))

    return asked


def test_without_a_proxy_it_is_whoever_asked(asked_from):
    assert asked_from("203.0.113.7") == "203.0.113.7"
    assert asked_from("2001:db8::7") == "2001:db8::7"


@pytest.mark.parametrize("proxies", ["", "10.0.0.0/8", "unix", PROXIES])
def test_a_stranger_cannot_say_where_they_are(asked_from, proxies):
    assert asked_from("203.0.113.7", "198.51.100.1", proxies) == "203.0.113.7"


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("198.51.100.1", "198.51.100.1"),
        (" 198.51.100.1 ", "198.51.100.1"),
        ("2001:db8::9", "2001:db8::9"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        # Only what the nearest proxy wrote counts; what the browser sent before it does not.
        ("127.0.0.1, 10.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("1.2.3.4, 198.51.100.1, 10.9.9.9, 192.0.2.1", "198.51.100.1"),
        ("10.5.5.5", "10.5.5.5"),
    ],
)
@pytest.mark.parametrize("here", ["10.0.0.1", "192.0.2.1", "::1", "::ffff:10.0.0.1", ""])
def test_a_believed_proxy_says_it(asked_from, here, forwarded, address):
    assert asked_from(here, forwarded) == address


GARBAGE = [
    *("", ",", ",,,", "unknown", "localhost", "_hidden", "<script>", "1.2.3.4.5", "256.1.1.1"),
    *("198.51.100.1,", "198.51.100.1, x", "1.2.3.4:80", "[::1]:80", "::1::", "0x7f.1", "\u0661.1"),
    *("\x00", "198.51.100.1\x00", "a" * 100_000, ", " * 30_000, "%", "fe80::1%", "010.1.1.1"),
]


@pytest.mark.parametrize("forwarded", GARBAGE, ids=lambda text: repr(text[:20]))
def test_garbage_is_never_believed(asked_from, forwarded):
    assert asked_from("10.0.0.1", forwarded) == "10.0.0.1"
    assert asked_from("", forwarded) == ""


@pytest.mark.parametrize("here", ["", "garbage", "/run/panel.sock", "\x00"])
def test_without_an_address_there_is_none(asked_from, here):
    assert asked_from(here, "198.51.100.1", proxies="10.0.0.0/8") == ""


def test_only_a_socket_has_no_address(asked_from):
    assert asked_from("garbage", "198.51.100.1") == ""


def test_a_zone_is_of_one_machine_and_dropped(asked_from):
    assert asked_from("fe80::1%eth0") == "fe80::1"


@pytest.mark.parametrize("wrong", ["10.0.0.1/8", "everybody", "10.0.0.0/33", "UNIX", "*"])
def test_what_is_no_network_stops_the_panel_with_a_sentence(asked_from, wrong):
    with pytest.raises(ImproperlyConfigured, match=r"VMAIL_TRIED: .* is no network"):
        asked_from("10.0.0.1", proxies=wrong)


class AsNginx(http.client.HTTPConnection):
    """Comes over the Unix socket, and says what nginx says of a browser."""

    def __init__(self, path, browser):
        super().__init__("127.0.0.1", timeout=30)
        self.path, self.browser = str(path), browser

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)

    def request(self, method, url, body=None, headers=None):
        super().request(method, url, body, {**(headers or {}), "X-Forwarded-For": self.browser})


def test_the_emitted_settings_let_the_panel_behind_nginx_know(world, tmp_path):
    emitted = next(file for file in rendered("panel", Site()) if file.path.endswith("panel.env"))
    settings = dict(line.split("=", 1) for line in emitted.text.splitlines() if "=" in line)
    panel = Served(tmp_path, world.slapd.ldapi_uri, VMAIL_PROXIES=settings["VMAIL_PROXIES"])
    panel.size += ["--bind", f"unix:{tmp_path}/panel.sock"]
    with panel:
        alice = Browser(panel.port)
        alice._wire = AsNginx(tmp_path / "panel.sock", "203.0.113.77")
        alice.sign_in("alice@example.test", word("alice"))

        assert "203.0.113.77" in alice.get("/me/signed-in/").text
        alice.close()
