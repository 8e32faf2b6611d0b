"""Any text in every form that anybody finds: nothing breaks, nothing is half done, all is escaped.

The forms are read off the pages of each role, hidden fields and all. The same few examples are
tried each time; for many others: VMAIL_ATTACKS=200 pytest tests/panel_attacks/test_any_text.py
"""

import os
from urllib.parse import quote_plus

import pytest
from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.panel_attacks.bodies import forms_of
from tests.panel_attacks.hostile import BYTES, MARKUP, TEXTS, let_through
from tests.panel_attacks.people import ACTORS

EXAMPLES = int(os.environ.get("VMAIL_ATTACKS", "0"))
HOW = settings(
    max_examples=EXAMPLES or 10,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
ANSWERS = {200, 302, 400, 403, 404, 405, 409, 413, 429}
URLENCODED = "application/x-www-form-urlencoded"

WALKERS = {
    "stranger": "nobody",
    "site admin": "rita",
    "postmaster": "pia",
    "user": "alice",
    "alias owner": "alex",
}
VALUES = st.sampled_from(BYTES) | st.text(max_size=60).map(str.encode) | st.binary(max_size=40)
# How a field is sent: as it was, once with another value, several times, not at all, as a list.
WAYS = st.sampled_from(["kept", "other", "other", "other", "twice", "absent", "list"])


@st.composite
def bodies(draw, fields):
    """(name, value) pairs, in which at least one field is not as the page meant it."""
    names = sorted(fields)
    odd = draw(st.sampled_from(names)) if names else "nothing"
    pairs = [(b"surplus", draw(VALUES))] if not names else []
    for name in names:
        kept = fields[name].encode()
        way = draw(WAYS) if name != odd else draw(WAYS.filter(lambda way: way != "kept"))
        pairs += {
            "kept": lambda kept=kept, name=name: [(name.encode(), kept)],
            "other": lambda name=name: [(name.encode(), draw(VALUES))],
            "twice": lambda kept=kept, name=name: [
                (name.encode(), draw(VALUES)),
                (name.encode(), kept),
            ],
            "absent": list,
            "list": lambda name=name: [(name.encode() + b"[]", draw(VALUES))],
        }[way]()
    return pairs


def encoded(pairs):
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs)


def was_refused(answer):
    """Whether the page says that nothing was done: by its status, or at a field."""
    if answer.status_code >= 400:
        return True
    layers = answer.context or []
    values = [value for layer in layers for part in layer for value in dict(part).values()]
    return any(isinstance(one, forms.BaseForm) and one.is_bound and one.errors for one in values)


def send(stage, form, pairs):
    if form.method == "get":
        path = f"{form.action.partition('?')[0]}?{encoded(pairs)}"
        return stage.tried("get", path)
    return stage.sent(form.action, encoded(pairs))


def attack(stage, form):
    @HOW
    @given(pairs=bodies(form.filled()))
    def tried(pairs):
        answer, changed = send(stage, form, pairs)
        assert answer.status_code in ANSWERS
        assert not let_through(answer)
        assert not (was_refused(answer) and changed)
        assert [dn for dn, *change in changed if not stage.rights.allow(dn, *change)] == []
        if answer.status_code == 302:
            client = stage.client()
            client.cookies.update(answer.cookies)
            assert not let_through(client.get(answer.url))

    tried()


@pytest.fixture
def at_once(monkeypatch):
    """A wrong password is refused without the pause that hides how long slapd took."""
    monkeypatch.setattr("vmail_admin.views.REFUSAL_TAKES", 0)


@pytest.mark.parametrize("who", WALKERS)
def test_any_text_in_any_form(stage, at_once, who):
    found = forms_of(WALKERS[who])
    stage.enter(ACTORS[who])

    for form in found.values():
        attack(stage, form)


def test_the_walk_finds_forms_of_every_kind(stage):
    """A form that is not found would not be attacked."""
    found = forms_of("pia")
    asked = {name for form in found.values() for name in form.fields}

    assert {"local_part", "destinations", "version", "new_password", "search", "next"} <= asked
    assert len(found) > 10


# --- bodies that are no form at all

BROKEN = [
    ("application/json", b'{"to": "off"'),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=zqx", b"--zqx\r\nContent-Disposition: form-data; na"),
    ("multipart/form-data; boundary=" + "z" * 500, b"--"),
    (f"{URLENCODED}; charset=utf-16", "to=off".encode("utf-16")),
    (f"{URLENCODED}; charset=nonsense", b"to=off"),
    (URLENCODED, b"&".join(b"field%d=1" % number for number in range(5000))),
    (URLENCODED, b"to=" + b"x" * 600_000),
    (URLENCODED, b"%zz=%zz&=&&&===&%00=%00"),
    ("", b"to=off"),
    ("\x00", b"to=off"),
]


@pytest.mark.parametrize("who", ["stranger", "postmaster"])
def test_a_body_that_is_no_form_is_an_answer_too(stage, who):
    found = forms_of(WALKERS[who])
    stage.enter(ACTORS[who])

    for form in found.values():
        for content_type, body in BROKEN:
            answer, _ = stage.sent(form.action, body, content_type)
            assert answer.status_code in ANSWERS, (form.action, content_type)


# --- that it proves something


def test_a_text_that_gets_through_would_be_seen():
    pages = ['<p title="{}">', "<p title='{}'>", "<p>{}</p>", "<textarea>{}", "<!-- {} -->"]

    for text in MARKUP[:-2]:
        assert any(let_through(HttpResponse(page.format(text))) for page in pages), text
    assert let_through(HttpResponse('<a href="javascript:zqx()">'))
    assert let_through(HttpResponseRedirect("//evil.example/"))
    assert not let_through(HttpResponse(f"<p>{escape(' '.join(TEXTS))}</p>"))
