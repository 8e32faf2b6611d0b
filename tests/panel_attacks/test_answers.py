"""What each answer tells the browser, also where it says no; and who is believed about what.

The same headers stand on every page, every refusal and every static file; nobody's page is kept by
a cache; and neither a Host header nor a token of yesterday gets anything done.
"""

import pytest
from django.conf import settings as panel
from django.test import Client

from tests.panel_attacks.bodies import PEOPLE, posting_forms
from tests.panel_attacks.people import ACTORS
from tests.panel_attacks.things import is_open, paths
from tests.test_headers import HEADERS, POLICY, https  # noqa: F401 (a fixture)
from tests.walk import every_url
from tests.world import word

WHO = ["stranger", "rita", "pia", "alex"]
# Machines get a word or a number, before anything else is asked: no page that could be framed.
FOR_MACHINES = {"healthz", "readyz"}


@pytest.fixture
def client_of(request):
    return request.getfixturevalue


def missing(answer):
    return {name: answer.headers.get(name) for name in HEADERS} != HEADERS


@pytest.mark.parametrize("who", WHO)
def test_every_answer_carries_every_header(kept, client_of, who):
    client = client_of(who)
    for kind in ("own", "foreign"):
        for name, path, _ in paths(kind):
            assert name in FOR_MACHINES or not missing(client.get(path)), path
            assert not missing(client.delete(path)), path


@pytest.mark.parametrize("who", WHO[1:])
def test_nothing_that_somebody_saw_stays_in_a_cache(kept, client_of, who):
    client = client_of(who)
    for name, path, _ in paths("own"):
        answer = client.get(path)
        if not is_open(name):
            assert "no-store" in answer.headers["Cache-Control"], path
            assert "private" in answer.headers["Cache-Control"], path


@pytest.mark.parametrize("who", WHO)
def test_every_answer_says_what_it_is(kept, client_of, who):
    """A browser that guesses could take a text for a page."""
    client = client_of(who)
    for _, path, _ in paths("own"):
        answer = client.get(path)
        kind = answer.headers["Content-Type"]
        assert "charset=utf-8" in kind.lower() or kind.startswith("application/"), path
        if not kind.startswith("text/html") and "Content-Disposition" in answer.headers:
            assert answer.headers["Content-Disposition"].startswith("attachment; "), path


def refusals(world, panel_at):
    """(what, answer) for every way in which the panel says no."""
    quiet = Client(raise_request_exception=False)
    pia = Client()
    pia.post("/sign-in/", {"login": "pia@example.test", "password": word("pia")})
    yield 404, pia.get("/no/such/page/")
    yield 404, pia.get("/accounts/carol@other.test/")
    yield 403, pia.get("/domains/")
    yield 405, pia.get("/sign-out/")
    yield 403, Client(enforce_csrf_checks=True).post("/sign-in/", {})
    yield 400, quiet.get("/", headers={"host": "evil.example"})
    yield 400, quiet.get("/", headers={"host": "a b"})
    many = {f"field{number}": "" for number in range(1 + panel.DATA_UPLOAD_MAX_NUMBER_FIELDS)}
    yield 400, quiet.post("/sign-in/", many)
    yield 400, quiet.post("/sign-in/", {"login": "x" * (1 + panel.DATA_UPLOAD_MAX_MEMORY_SIZE)})
    world.slapd.stop()
    yield 503, pia.get("/domains/example.test/")
    world.slapd.start()
    panel_at(timeout="four")
    yield 500, quiet.post("/sign-in/", {"login": "rita", "password": word("rita")})


def test_so_does_every_refusal(world, panel_at):
    for status, answer in refusals(world, panel_at):
        assert answer.status_code == status
        assert not missing(answer), status
        assert b"Traceback" not in answer.content
        assert b"evil.example" not in answer.content


STATIC = """
import django; django.setup()
from pathlib import Path
from django.conf import settings
from django.core.management import call_command
from django.test import Client
call_command("collectstatic", interactive=False, verbosity=0)
client = Client(headers={"host": "panel.example"})
for file in sorted(Path(settings.STATIC_ROOT).rglob("*.*")):
    if file.suffix in (".css", ".js", ".svg"):
        url = f"/static/{file.relative_to(settings.STATIC_ROOT)}"
        answer = client.get(url, secure=True)
        told = [answer.headers.get(name) for name in ("X-Content-Type-Options",
            "Content-Security-Policy", "Strict-Transport-Security", "Content-Type")]
        print(answer.status_code, *told, sep=" | ")
for path in ("/static/", "/static/../panel.sqlite3", "/static/%2e%2e/panel.sqlite3",
        "/static/..%2fpanel.sqlite3", "/static//etc/passwd", "/static/css/"):
    print(client.get(path, secure=True).status_code)
"""
KINDS = {"text/css", "text/javascript", "application/javascript", "image/svg+xml"}


def test_static_files_carry_them_too_and_nothing_else_is_served(https):  # noqa: F811
    *files, first, second, third, fourth, fifth, sixth = https("-c", STATIC).stdout.splitlines()

    assert len(files) > 20
    for line in files:
        status, sniff, policy, strict, kind = line.split(" | ")
        assert (status, sniff, policy) == ("200", "nosniff", POLICY)
        assert strict.startswith("max-age=31536000")
        assert kind.partition(";")[0] in KINDS
    assert {first, second, third, fourth, fifth, sixth} <= {"302", "404"}


# --- whom the panel believes


def test_a_foreign_host_gets_nothing_done(kept, world, client_of):
    before = world.versions()
    for who in ("stranger", "rita"):
        client = client_of(who)
        for path in [path for name, path in every_url().items() if name not in FOR_MACHINES]:
            for method in (client.get, client.post):
                assert method(path, headers={"host": "evil.example"}).status_code == 400

    assert world.versions() == before


def test_no_header_of_a_browser_makes_a_link(kept, rita):
    """X-Forwarded-Host, a port that is not ours: no page shows them."""
    headers = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-port": "6666",
        "x-host": "evil.example",
    }
    for path in every_url().values():
        answer = rita.get(path, headers=headers)
        if answer.headers["Content-Type"].startswith("text/html"):
            assert "evil.example" not in answer.content.decode()
            assert ":6666" not in answer.content.decode()
        assert "evil.example" not in str(answer.headers)


FOREIGN_PAGES = ["https://evil.example", "http://testserver.evil.example", "null"]


def test_a_form_on_a_foreign_page_does_nothing(stage, world, rita):
    """Even with the right token: the browser says where the form stood."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = rita.cookies
    token = rita.get("/me/password/").context["csrf_token"]
    before = world.versions()
    for name, forms in posting_forms().items():
        for form in forms:
            body = form.filled() | {"csrfmiddlewaretoken": str(token)}
            for origin in FOREIGN_PAGES:
                answer = client.post(form.action, body, headers={"origin": origin})
                assert answer.status_code == 403, name

    assert world.versions() == before


@pytest.mark.parametrize("who", PEOPLE)
def test_a_token_of_before_the_sign_in_does_nothing(world, who):
    """An attacker who knew the token of the sign-in page knows none of the session's."""
    client = Client(enforce_csrf_checks=True)
    page = client.get("/sign-in/")
    old = client.cookies["vmail_csrf"].value
    token = str(page.context["csrf_token"])
    login = {"login": PEOPLE[who], "password": word(who), "csrfmiddlewaretoken": token}
    signed_in = client.post("/sign-in/", login)
    if PEOPLE[who]:
        assert signed_in.status_code == 302
        assert client.cookies["vmail_csrf"].value != old
        assert client.post("/sign-out/", {"csrfmiddlewaretoken": token}).status_code == 403


OUT = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "/\t/evil.example",
    "\t//evil",
]


@pytest.mark.parametrize("wished", OUT)
def test_no_form_leads_out_of_the_panel(stage, wished):
    stage.enter(ACTORS["site admin"])
    for form in (form for forms in posting_forms().values() for form in forms):
        answer, _ = stage.tried("post", form.action, form.filled() | {"next": wished})
        if answer.status_code == 302:
            assert answer.url.startswith("/"), form.action
            assert not answer.url.startswith(("//", "/\\", "/\t")), form.action


@pytest.mark.parametrize("wished", OUT)
def test_signing_in_does_not_either(world, wished):
    login = {"login": "pia@example.test", "password": word("pia")}
    answer = Client().post("/sign-in/", login, query_params={"next": wished})

    assert answer.status_code == 302
    assert answer.url.startswith("/domains/")
