"""Where one is signed in: the list of one's own sessions, and ending them from afar."""

import threading

import pytest
from django.db import connections
from django.test import Client

from tests.pages import messages_of
from tests.signing_in.browsers import END, FIREFOX, PHONE, alice_from, handles, is_in, text_of
from tests.world import ALEX, ALICE, word
from vmail_admin.directory import sessions
from vmail_admin.signing_in.browsers import browser_in_words
from vmail_admin.signing_in.models import Session
from vmail_admin.signing_in.own_sessions import sessions_of


@pytest.fixture
def desk(world):
    Session.objects.all().delete()
    return alice_from("203.0.113.7", FIREFOX)


@pytest.fixture
def phone(desk):
    return alice_from("2001:db8::7", PHONE)


def test_the_page_tells_them_apart(desk, phone):
    text = text_of(desk)

    for words in ("Firefox on Linux", "203.0.113.7", "Safari on an iPhone", "2001:db8::7"):
        assert words in text
    this = text.index("this one")
    assert text.index("Firefox on Linux") < this < text.index("Safari on an iPhone")
    assert len(handles(desk)) == 1


def test_it_shows_nobody_elses(desk, pia):
    assert text_of(desk).count('class="setting"') == 1
    assert "Sign out the others" not in text_of(desk)


def test_no_page_shows_the_key_of_a_session(desk, phone):
    text = text_of(desk)
    for client in (desk, phone):
        assert client.session.session_key not in text


def test_signing_out_the_others_leaves_this_one(desk, phone, pia):
    other = alice_from("203.0.113.7", PHONE)
    page = desk.post(END, {"which": "others"}, follow=True)

    assert messages_of(page) == ["Signed out in 2 other browsers."]
    assert is_in(desk)
    assert not is_in(phone)
    assert not is_in(other)
    assert pia.get("/me/").status_code == 200


def test_signing_out_one_leaves_the_rest(desk, phone):
    third = alice_from("203.0.113.9", FIREFOX)
    on_the_phone = next(one for one in sessions_of(ALICE) if "iPhone" in one.browser)
    before = {one.pk for one in sessions_of(ALICE)}
    [handle] = {*handles(desk)} & {*handles(third)}
    page = desk.post(END, {"which": handle}, follow=True)

    assert messages_of(page) == ["Signed out: Safari on an iPhone."]
    assert before - {one.pk for one in sessions_of(ALICE)} == {on_the_phone.pk}
    assert [is_in(client) for client in (desk, phone, third)] == [True, False, True]


def test_what_was_ended_says_so_and_holds_nothing(desk, phone):
    desk.post(END, {"which": "others"})

    row = Session.objects.get(pk=phone.cookies["vmail_session"].value)
    assert row.session_data == ""
    assert "signed out from another browser of yours" in text_of(phone)
    assert "signed out" not in text_of(phone, "/sign-in/")


@pytest.mark.parametrize("which", ["", "x", "0" * 20, "others\x00", None])
def test_what_is_no_session_is_not_found(desk, phone, which):
    fields = {} if which is None else {"which": which}

    assert desk.post(END, fields).status_code == 404
    assert is_in(phone)


def test_nobody_ends_somebody_elses(desk, phone, pia):
    for handle in handles(desk):
        assert pia.post(END, {"which": handle}).status_code == 404
    for client in (desk, phone):
        assert pia.post(END, {"which": client.session.session_key}).status_code == 404
        assert is_in(client)


def test_one_whose_password_is_no_longer_right_ends_nobody_elses(desk, phone, world):
    root = world.root()
    root.passwd_s(ALICE, None, "changed on another machine")
    root.unbind_s()
    fresh = Client()
    fresh.post(
        "/sign-in/", {"login": "alice@example.test", "password": "changed on another machine"}
    )
    desk.post(END, {"which": "others"})

    assert fresh.get("/me/").status_code == 200


def test_a_click_that_was_under_way_does_not_bring_it_back(desk, phone, monkeypatch):
    """The phone's request read its session before the desk ended it, and writes it afterwards."""
    monkeypatch.setattr(sessions, "SEEN_EVERY", -1)
    found = sessions.found

    def found_then_ended(request):
        answer = found(request)
        if request.headers["user-agent"] == PHONE:
            Session.objects.filter(pk=request.session.session_key).update(
                ended="elsewhere", session_data=""
            )
        return answer

    monkeypatch.setattr(sessions, "found", found_then_ended)
    key = phone.session.session_key
    assert phone.get("/me/").status_code == 400

    row = Session.objects.get(pk=key)
    assert (row.ended, row.session_data) == ("elsewhere", "")
    assert not is_in(phone)


def test_ends_and_clicks_at_the_same_time_leave_nothing_open(desk, phone, monkeypatch):
    monkeypatch.setattr(sessions, "SEEN_EVERY", -1)

    def click():
        for _ in range(15):
            phone.get("/me/")
        connections.close_all()

    thread = threading.Thread(target=click)
    thread.start()
    desk.post(END, {"which": "others"})
    thread.join()

    assert not is_in(phone)
    assert is_in(desk)
    assert [one.pk for one in sessions_of(ALICE)] == [desk.session.session_key]


# --- a new password


def test_ones_own_new_password_ends_the_others_at_once(desk, phone):
    new = {"old_password": word("alice"), "new_password": "a new word for Alice"}
    desk.post("/me/password/", new)

    assert [one.pk for one in sessions_of(ALICE)] == [desk.session.session_key]
    assert is_in(desk)
    assert "your password was changed elsewhere" in text_of(phone)


@pytest.mark.parametrize(
    ("dn", "login", "page"),
    [
        (ALICE, "alice@example.test", "/accounts/alice@example.test/password/"),
        (ALEX, "alex@example.test", "/aliases/alex@example.test/password/"),
    ],
)
def test_a_postmasters_reset_ends_all_of_that_person(sign_in, pia, world, dn, login, page):
    sessions_of(dn).delete()
    clients = [sign_in(login, word(login.partition("@")[0])) for _ in range(3)]
    pia.post(page, {"new_password": "chosen by the postmaster"})

    assert world.accepts(dn, "chosen by the postmaster")
    assert sessions_of(dn).count() == 0
    assert not any(is_in(client) for client in clients)
    assert pia.get("/me/").status_code == 200
    assert "pwdFailureTime" not in world.entry(dn, "pwdFailureTime")


def test_an_alias_that_is_locked_has_no_session_any_more(alex, pia):
    pia.post("/aliases/alex@example.test/lock/")

    assert sessions_of(ALEX).count() == 0
    assert not is_in(alex)


def test_a_refused_reset_ends_nothing(desk, otto):
    otto.post("/accounts/alice@example.test/password/", {"new_password": "an intruder's choice"})

    assert is_in(desk)


def test_where_the_panel_makes_the_hash_it_is_the_same(desk, pia, settings, world):
    settings.PASSWORD_HASH = "sha512-crypt"
    pia.post("/accounts/alice@example.test/password/", {"new_password": "chosen by the postmaster"})

    assert world.accepts(ALICE, "chosen by the postmaster")
    assert sessions_of(ALICE).count() == 0


# --- browsers in words


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (PHONE, "Safari on an iPhone"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like "
            "Gecko) Version/18.1 Safari/605.1.15",
            "Safari on a Mac",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/142.0.0.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("curl/8.5.0", "curl"),
        ("", "An unknown browser"),
        ("<script>alert(1)</script>", "An unknown browser"),
        ("x" * 100_000, "An unknown browser"),
    ],
)
def test_a_browser_in_words(agent, words):
    assert browser_in_words(agent) == words
