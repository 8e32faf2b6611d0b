"""Every door of the panel, tried by everybody: who is not meant to come in leaves no trace."""

import pytest
from django.test import Client

from tests.walk import FOR_MACHINES, FOREIGN, OWN, POST_ONLY, every_url
from tests.world import HOSTING, word

pytestmark = pytest.mark.usefixtures("kept")

# The only pages for strangers.
OPEN = {"sign-in", "sign-in-code", "sign-in-set-up", "sign-out", "theme", *FOR_MACHINES}

# What a change looks like that would be made, if it were allowed.
NEW_PASSWORD = {"new_password": "an intruder's choice"}
BODIES = {
    "domain-new": {"name": "new.test", "description": ""},
    "domain-edit": {"description": "somebody was here"},
    "domain-switch": {"flag": "active", "to": "off"},
    "domain-retire": {"typed_name": "{domain_name}"},
    "domain-restore": {},
    "domain-finish": {},
    "domain-appoint": {"address": "{account}"},
    "domain-dismiss": {"holder": f"mail={{postmaster}},jvd={{domain_name}},{HOSTING}"},
    "account-new": {"local_part": "new", "password_choice": "none", "full_name": "", "quota": ""},
    "account-edit": {"full_name": "Somebody", "quota": "", "description": ""},
    "account-password": NEW_PASSWORD,
    "account-switch": {"flag": "active", "to": "off"},
    "account-retire": {},
    "account-restore": {},
    "alias-new": {"local_part": "new", "destinations": "x@elsewhere.test", "full_name": ""},
    "alias-edit": {"destinations": "x@elsewhere.test", "full_name": "Somebody", "description": ""},
    "alias-password": NEW_PASSWORD,
    "alias-lock": {},
    "alias-switch": {"flag": "active", "to": "off"},
    "alias-delete": {},
    "chosen-new": {"act": "switch-off", "mail": "{account}"},
}
# Pages that change nothing in a domain, or only what is one's own.
HARMLESS = {
    *("home", "sign-in", "sign-out", "theme", "domain-list", "address-list", "find"),
    *("my-page", "my-password", "my-name", "my-destinations"),
    *("sign-in-code", "sign-in-set-up", "my-sessions", "my-sessions-end"),
    *("my-second-factor", "my-second-factor-set-up", "second-factor-remove"),
    *("journal", "domain-journal", "my-journal", "journal-undo", "journal-reason"),
    *("trash", "domain-trash"),
    # What is worked on lies in a job of one's own: tests/bulk tries these doors.
    *("import-new", "work", "work-step", "work-start", "work-discard", "work-passwords"),
    *("work-greet", "work-undo", "export-csv", "export-ldif"),
    *("servers", "servers-archive", "server", "server-archive"),
    *FOR_MACHINES,
}
ROLES = ["rita", "pia", "otto", "alice", "alex"]
PASSABLE = {200, 302, 403, 404, 405}
REFUSED = {302, 403, 404}


def body_of(name, about):
    return {field: text.format(**about) for field, text in BODIES[name].items()}


@pytest.fixture
def client_of(request):
    return request.getfixturevalue


def test_every_page_is_known_here(world):
    assert set(every_url()) == set(BODIES) | HARMLESS


@pytest.mark.parametrize("about", [OWN, FOREIGN], ids=["example.test", "other.test"])
def test_a_stranger_is_sent_to_sign_in_from_everywhere_else(stranger, about):
    for name, path in every_url(about).items():
        answers = [stranger.get(path), stranger.post(path, {})]
        if name not in OPEN:
            assert [answer.status_code for answer in answers] == [302, 302], name
            assert answers[0].url.startswith("/sign-in/"), name
            assert answers[1].url == "/sign-in/", name


def test_a_stranger_learns_nothing_about_what_there_is(stranger):
    for path in ("/accounts/alice@example.test/", "/accounts/nobody@nowhere.test/"):
        assert stranger.get(path).status_code == 302


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("about", [OWN, FOREIGN], ids=["example.test", "other.test"])
def test_reading_every_page_changes_nothing(client_of, world, role, about):
    client, before = client_of(role), world.versions()
    for name, path in every_url(about).items():
        status = client.get(path).status_code
        assert status in PASSABLE, (name, status)
        assert (status == 405) is (name in POST_ONLY), (name, status)

    assert world.versions() == before


INTRUDERS = [("alice", OWN), ("alex", OWN), ("otto", OWN), ("alice", FOREIGN), ("pia", FOREIGN)]


@pytest.mark.parametrize(("role", "about"), INTRUDERS, ids=lambda one: one if one in ROLES else "")
def test_who_has_no_business_there_changes_nothing(client_of, world, role, about):
    client, before = client_of(role), world.versions()
    paths = every_url(about)
    for name in BODIES:
        status = client.post(paths[name], body_of(name, about)).status_code
        assert status in REFUSED, (name, status)

    assert world.versions() == before


def test_these_changes_would_be_made_if_they_were_allowed(rita, world):
    """Else it would prove nothing that nobody else can make them."""
    paths = every_url(OWN)
    for name in BODIES:
        world.rebuild()
        before = world.versions()
        answer = rita.post(paths[name], body_of(name, OWN))
        if name.endswith(("-restore", "-finish")):
            continue  # what is neither marked nor half done has nothing to restore or finish
        assert world.versions() != before, (name, answer.status_code)


def test_nothing_is_changed_without_the_csrf_token(world):
    rita = Client(enforce_csrf_checks=True)
    page = rita.get("/sign-in/").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    login = {"login": "rita", "password": word("rita")}
    assert rita.post("/sign-in/", login).status_code == 403
    assert rita.post("/sign-in/", login | {"csrfmiddlewaretoken": token}).status_code == 302
    before = world.versions()
    for name, path in every_url(OWN).items():
        answer = rita.post(path, body_of(name, OWN) if name in BODIES else {})
        assert answer.status_code == 403, name
        assert "Nothing was done" in answer.content.decode()

    assert world.versions() == before
