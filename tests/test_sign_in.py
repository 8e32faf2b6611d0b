"""One sign-in page for everybody."""

import pytest

from tests.world import word


@pytest.mark.parametrize(
    ("login", "name", "lands"),
    [
        ("rita", "rita", "/domains/"),
        ("RITA", "rita", "/domains/"),
        ("cn=rita,ou=admins,dc=myhosting,dc=example", "rita", "/domains/"),
        ("pia@example.test", "pia", "/domains/example.test/"),
        ("  Pia@Example.TEST ", "pia", "/domains/example.test/"),
        ("postmaster@example.test", "post", "/domains/example.test/"),
        ("alice@example.test", "alice", "/me/"),
        ("alex@example.test", "alex", "/me/"),
    ],
)
def test_everybody_signs_in_and_lands_where_their_work_is(stranger, login, name, lands):
    stranger.post("/sign-in/", {"login": login, "password": word(name)})

    page = stranger.get("/", follow=True)

    assert page.redirect_chain[-1][0] == lands
    assert page.status_code == 200


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("alice@example.test", "wrong"),
        ("nobody@example.test", word("alice")),
        ("alice@nowhere.test", word("alice")),
        ("dora@example.test", word("dora")),
        ("sleeper@asleep.test", word("sleeper")),
        ("cn=Manager,dc=elsewhere", "secret"),
        ("alice@example.test\x00", word("alice")),
        ("@", "x"),
        ("a" * 400, "x"),
        ("<script>@example.test", "x"),
    ],
)
def test_who_is_not_let_in_learns_nothing(stranger, login, password):
    page = stranger.post("/sign-in/", {"login": login, "password": password})

    assert page.status_code == 200
    text = page.content.decode()
    assert "does not accept this name and password" in text or "control character" in text
    assert stranger.get("/me/").status_code == 302


def test_an_empty_password_is_refused_before_slapd_is_asked(stranger, world):
    before = world.slapd.log_path.read_text().count(" BIND ")

    page = stranger.post("/sign-in/", {"login": "alice@example.test", "password": ""})

    assert "required" in page.content.decode()
    assert world.slapd.log_path.read_text().count(" BIND ") == before
