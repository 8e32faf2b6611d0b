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

from tests.panel_attacks.bodies import HARM, forms_of, posting_forms
from tests.panel_attacks.forms import forms_in
from tests.panel_attacks.hostile import BYTES, MARKUP, OUT_OF_ANYTHING, TEXTS, let_through
from tests.panel_attacks.people import ACTORS
from tests.panel_attacks.states import STATES
from tests.panel_attacks.things import paths
from tests.walk import FOR_MACHINES, patterns

EXAMPLES = int(os.environ.get("VMAIL_ATTACKS", "0"))


def so_many(examples):
    return settings(
        max_examples=EXAMPLES or examples,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


HOW, OF_A_BUTTON = so_many(10), so_many(3)
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
    """(name, value) pairs, in which at least one field is not as the page meant it.

    Often it is the only one, so that the others come past every check.
    """
    names = sorted(fields)
    odd = draw(st.sampled_from(names)) if names else "nothing"
    pairs = [(b"surplus", draw(VALUES))] if not names else []
    others = st.just("kept") if draw(st.booleans()) else WAYS
    for name in names:
        kept = fields[name].encode()
        way = draw(others) if name != odd else draw(WAYS.filter(lambda way: way != "kept"))
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
    """Tries a form. One without any field is a button: there is little to say to it."""
    stage.restore()
    before = stage.rows()

    def tried(pairs):
        answer, changed = send(stage, form, pairs)
        assert answer.status_code in ANSWERS, form
        assert not let_through(answer), form
        assert not (was_refused(answer) and (changed or stage.rows() != before)), form
        assert [dn for dn, *change in changed if not stage.rights.allow(dn, *change)] == [], form
        if answer.status_code == 302:
            client = stage.client()
            client.cookies.update(answer.cookies)
            assert not let_through(client.get(answer.url)), form

    for pairs in marked_in_turn(form.filled()):
        tried(pairs)
    (HOW if form.fields else OF_A_BUTTON)(given(bodies(form.filled()))(tried))()


def marked_in_turn(fields):
    """Each field with markup that gets out of wherever it stands; the others as they were."""
    for odd in fields:
        values = fields | {odd: OUT_OF_ANYTHING}
        yield [(name.encode(), value.encode()) for name, value in values.items()]


@pytest.mark.parametrize("who", WALKERS)
def test_any_text_in_any_form(stage, at_once, who):
    found = forms_of(WALKERS[who])
    stage.enter(ACTORS[who])

    for form in found.values():
        attack(stage, form)


@pytest.mark.parametrize("state", STATES)
def test_any_text_in_the_forms_of_a_state(stage, at_once, in_state, state):
    """Each does something when it is filled in rightly: so an attack comes past the checks."""
    found = forms_there(stage, in_state(state), STATES[state].leads_to)

    for form in found:
        assert does_something(stage, form), form
        attack(stage, form)


def does_something(stage, form):
    stage.restore()
    before = stage.rows()
    _, changed = stage.tried(form.method, form.action, form.filled())
    return bool(changed) or stage.rows() != before


def forms_there(stage, pages, names):
    """The forms on these pages that lead to pages of these names, filled in rightly."""
    found = []
    for path, right in pages.items():
        answer, changed = stage.tried("get", path)
        assert (answer.status_code, changed) == (200, []), path
        assert not let_through(answer), path
        here = [form for form in forms_in(answer, path) if form.name in names]
        for form in here:
            for field in form.fields.keys() & right.keys():
                form.fields[field].insert(0, right[field])
        found += here
    assert {form.name for form in found} == names
    return found


@pytest.mark.parametrize("state", ["work waits for a word", "work is done"])
def test_any_text_in_forms_of_a_session_that_has_ended(stage, at_once, in_state, state):
    """What was sealed in it does not open any more; the forms lie in a tab that stayed open."""
    found = forms_there(stage, in_state(state), STATES[state].leads_to)
    stage.stay(stage.signed_in())

    for form in {form.name: form for form in found}.values():
        attack(stage, form)


def test_the_walk_finds_forms_of_every_kind(stage):
    """A form that is not found would not be attacked."""
    found = forms_of("pia")
    asked = {name for form in found.values() for name in form.fields}

    assert {"local_part", "destinations", "version", "new_password", "search", "next"} <= asked
    assert len(found) > 10


# These only show: what is posted to them they do not look at.
READING = {
    *("home", "domain-list", "address-list", "find", "my-page", "my-sessions", "work"),
    *("journal", "domain-journal", "my-journal", "trash", "domain-trash"),
    *("export-csv", "export-ldif", "servers", "servers-archive", "server", "server-archive"),
    *FOR_MACHINES,
}


def test_every_page_is_attacked_that_takes_a_form(stage):
    found = posting_forms().keys() | set().union(*(state.leads_to for state in STATES.values()))

    assert found == {one.name for one in patterns()} - READING


def test_the_others_take_no_form_or_answer_as_if_they_were_only_opened(stage, in_state):
    work = next(iter(in_state("work waits for a word")))
    shown = only_shown(stage, [("work", work)])
    stage.enter(ACTORS["site admin"])
    shown |= only_shown(stage)

    # Where the site has no metrics, there is no such page.
    assert READING - shown == {"metrics"}


def only_shown(stage, further=()):
    """The pages for reading that open to the actor, and take nothing."""
    shown = set()
    own = [(name, path) for name, path, _ in paths("own") if name in READING]
    for name, path in [*own, *further]:
        opened, _ = stage.tried("get", path)
        before = stage.rows()
        if opened.status_code in (200, 302):
            answer, changed = stage.tried("post", path, HARM)
            assert answer.status_code == 405 or said_by(answer) == said_by(opened), path
            assert (changed, stage.rows()) == ([], before), path
            shown.add(name)
    return shown


def said_by(answer):
    return answer.status_code, getattr(answer, "url", ""), [one.name for one in answer.templates]


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
