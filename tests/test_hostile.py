"""Bad input to every form of every role: a sentence or a page, never an error of the panel."""

import threading

import pytest
from django.db import connections
from django.test import Client

from tests.world import ALICE, EXAMPLE, HOSTING, POST, word

NEW = "correct horse battery staple"
ACCOUNT = {"local_part": "nora", "full_name": "N", "quota": "1 GB", "description": "d"}
ALIAS = {"local_part": "sales", "destinations": "alice@example.test", "full_name": "S"}

# Who, where, and what a person would send there.
FORMS = [
    ("rita", "/domains/new/", {"name": "new.test", "description": "d"}),
    ("rita", "/domains/example.test/settings/", {"description": "d", "version": ""}),
    ("rita", "/domains/example.test/switch/", {"flag": "active", "to": "on", "next": "/"}),
    ("rita", "/domains/example.test/retire/", {"typed_name": "other.test"}),
    (
        "pia",
        "/domains/example.test/accounts/new/",
        ACCOUNT | {"password_choice": "type", "password": NEW},
    ),
    ("pia", "/accounts/alice@example.test/", ACCOUNT | {"version": ""}),
    ("pia", "/accounts/alice@example.test/password/", {"new_password": NEW}),
    ("pia", "/accounts/alice@example.test/switch/", {"flag": "active", "to": "on", "next": "/"}),
    ("pia", "/accounts/alice@example.test/restore/", {"active": "on", "next": "/"}),
    ("pia", "/domains/example.test/aliases/new/", ALIAS),
    ("pia", "/domains/example.test/aliases/new/?catch-all=1", ALIAS),
    ("pia", "/aliases/alex@example.test/", ALIAS | {"version": ""}),
    ("pia", "/aliases/alex@example.test/password/", {"new_password": NEW}),
    ("pia", "/aliases/alex@example.test/switch/", {"flag": "active", "to": "on", "next": "/"}),
    ("alice", "/me/name/", {"full_name": "A", "version": ""}),
    ("alice", "/me/password/", {"old_password": word("alice"), "new_password": NEW}),
    ("alex", "/me/destinations/", {"destinations": "x@elsewhere.test", "version": ""}),
    ("alice", "/theme/", {"choice": "dark", "next": "/"}),
]

HOSTILE = (
    "",
    "x" * 10_000,
    "a\x00b",
    "a\r\nX-Evil: 1\r\n\r\n<html>",
    "👩‍👩‍👧‍👦" * 30,
    "\u202eמשהו.example",
    "<script>alert(1)</script>",
    "*)(objectClass=*))(|(mail=*",
    "carol@other.test",
)


@pytest.mark.parametrize(("who", "url", "fields"), FORMS, ids=[form[1] for form in FORMS])
def test_no_form_falls_over(request, who, url, fields):
    client = request.getfixturevalue(who)

    for name in fields:
        for hostile in HOSTILE:
            page = client.post(url, fields | {name: hostile})
            assert page.status_code in (200, 302, 404), (name, hostile)
            assert b"<script>alert" not in page.content
            assert "X-Evil" not in page.headers


@pytest.mark.parametrize(("who", "url", "fields"), FORMS, ids=[form[1] for form in FORMS])
def test_a_form_without_a_single_field_changes_nothing(request, world, who, url, fields):
    client = request.getfixturevalue(who)
    before = world.versions()

    page = client.post(url)

    assert page.status_code in (200, 302, 404)
    if "restore" not in url:
        assert world.versions() == before


@pytest.mark.parametrize(("who", "url", "fields"), FORMS, ids=[form[1] for form in FORMS])
def test_an_expired_token_is_a_page_and_nothing_is_done(request, world, who, url, fields):
    person = request.getfixturevalue(who)
    client = Client(enforce_csrf_checks=True)
    client.cookies = person.cookies
    before = world.versions()

    page = client.post(url, fields | {"csrfmiddlewaretoken": "x" * 64})

    assert page.status_code == 403
    assert "Nothing was" in page.content.decode()
    assert world.versions() == before


GONE = [
    *(f"/domains/example.test/{page}" for page in ("", "settings/", "retire/")),
    *(f"/domains/example.test/{page}" for page in ("accounts/new/", "aliases/new/")),
    *(f"/accounts/alice@example.test/{page}" for page in ("", "password/", "retire/")),
    *(f"/accounts/alice@example.test/{page}" for page in ("switch/", "restore/")),
    *(f"/aliases/alex@example.test/{page}" for page in ("", "password/", "delete/")),
    *(f"/aliases/alex@example.test/{page}" for page in ("switch/", "lock/")),
]


def test_a_domain_deleted_under_ones_feet_is_not_found_on_any_page(rita, pia, world):
    root = world.root()
    below = root.search_s(EXAMPLE, 1, "(objectClass=*)", ["1.1"])
    for dn, _ in below:
        root.delete_s(dn)
    root.delete_s(EXAMPLE)
    root.unbind_s()
    fields = ACCOUNT | ALIAS | {"flag": "active", "to": "off", "new_password": NEW}

    for url in GONE:
        assert rita.get(url).status_code in (404, 405)
        page = rita.post(url, fields | {"password_choice": "none", "typed_name": "example.test"})
        assert page.status_code == 404, url
    assert "You were signed out" in pia.get("/", follow=True).content.decode()


def at_once(person, *wishes):
    """The answers to several requests of one browser that arrive in the same instant."""
    answers, start = [], threading.Barrier(len(wishes))

    def post(url, fields):
        client = Client()
        client.cookies = person.cookies
        start.wait()
        answers.append(client.post(url, fields))
        connections.close_all()

    threads = [threading.Thread(target=post, args=wish) for wish in wishes]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return answers


@pytest.mark.parametrize("flag", ["active", "postmaster"])
def test_a_double_click_on_a_switch_is_one_click(pia, world, flag):
    to = "off" if flag == "active" else "on"
    wish = ("/accounts/alice@example.test/switch/", {"flag": flag, "to": to})

    for _ in range(5):
        answers = at_once(pia, wish, wish)
        assert [page.status_code for page in answers] == [302, 302]
    assert world.value(ALICE, "accountActive") == ("FALSE" if flag == "active" else "TRUE")
    assert (ALICE in world.entry(POST)["roleOccupant"]) == (flag == "postmaster")


def test_a_double_click_on_add_adds_once(pia, rita, world):
    fields = ACCOUNT | {"password_choice": "none"}
    account = ("/domains/example.test/accounts/new/", fields)
    domain = ("/domains/new/", {"name": "new.test"})

    assert sorted(page.status_code for page in at_once(pia, account, account)) == [302, 302]
    assert sorted(page.status_code for page in at_once(rita, domain, domain)) == [200, 302]
    assert world.entry(f"mail=nora@example.test,{EXAMPLE}")
    assert world.value(f"jvd=new.test,{HOSTING}", "accountActive") == "TRUE"
    assert world.entry(f"cn=postmaster,jvd=new.test,{HOSTING}")


def test_a_double_click_on_delete_deletes_once(pia, world):
    wish = ("/aliases/alex@example.test/delete/", {})

    codes = sorted(page.status_code for page in at_once(pia, wish, wish))

    assert codes in ([302, 302], [302, 404])
    assert world.entry(f"mail=alex@example.test,{EXAMPLE}") is None


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/%00@example.test/",
        "/accounts/a%0Ab@example.test/",
        "/accounts/%F0%9F%98%80@example.test/",
        "/accounts/*@example.test/",
        "/accounts/alice@example.test,jvd=x/",
        "/accounts/alice%2B@example.test/",
        "/accounts/%22@example.test/",
        "/accounts/(x)@example.test/",
        "/accounts/%ff%fe@example.test/",
        "/accounts/" + "x" * 5000 + "@example.test/",
        "/domains/" + "x" * 5000 + "/",
        "/domains/%E2%80%AE.test/",
        "/domains/*/",
        "/domains/example.test%20/",
        "/domains/../settings/",
        "/domains/%2e%2e/settings/",
        "/aliases/%5c2a@example.test/",
    ],
)
def test_no_url_falls_over(rita, pia, path):
    assert rita.get(path).status_code == 404
    assert pia.get(path).status_code == 404
