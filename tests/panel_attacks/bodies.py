"""What is posted to each page: what its own forms would send, made to do harm."""

from collections import Counter
from functools import cache
from urllib.parse import urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from tests.panel_attacks.forms import forms_in, links_in
from tests.panel_attacks.things import paths
from tests.world import word
from vmail_admin.directory.names import domain_of

PEOPLE = {
    "rita": "rita",
    "pia": "pia@example.test",
    "alice": "alice@example.test",
    "alex": "alex@example.test",
    "nobody": "",
}
# What makes a form do something, by the name of its field. Others keep what the page has in them.
HARM = {
    "to": "off",
    "local_part": "intruder",
    "name": "intruder.test",
    "full_name": "An Intruder",
    "description": "somebody was here",
    "destinations": "intruder@elsewhere.test",
    "quota": "99 GB",
    "password_choice": "none",
    "new_password": "an intruder's choice",
    "address": "carol@other.test",
    "login": "intruder",
    "password": "an intruder's guess",
    "old_password": "an intruder's guess",
    "version": "",
}
NAMES_OF_KEYS = ("row", "batch", "key", "id", "session", "job", "work")
MOST_OF_ONE = 5  # a walk opens a page about so many things, or in so many orders


def walked(login, password, most=MOST_OF_ONE):
    """(path, answer) of every page that somebody gets to: from the map, and from link to link."""
    client = Client()
    if login:
        client.post("/sign-in/", {"login": login, "password": password})
    waiting = ["/", *(path for _, path, _ in paths("own"))]
    seen, often = set(), Counter()
    while waiting:
        path = waiting.pop(0)
        name = name_of(path)
        if path in seen or often[name] == most:
            continue
        seen.add(path)
        often[name] += 1
        answer = client.get(path)
        if answer.status_code == 200 and not answer.streaming:
            yield path, answer
            if is_page(answer):
                bare = path.partition("?")[0]
                waiting += [bare + link if link[0] == "?" else link for link in links_in(answer)]


def name_of(path):
    try:
        return resolve(urlsplit(path).path).url_name
    except Resolver404:
        return path


def is_page(answer):
    return answer.headers.get("Content-Type", "").startswith("text/html")


def forms_of(who):
    """Each form that this person of the cast meets anywhere: {shape: form}, the first of each."""
    found = {}
    for path, answer in walked(PEOPLE[who], word(who)):
        for form in forms_in(answer, path):
            found.setdefault(form.shape, form)
    return found


@cache
def posting_forms():
    """The forms that change something, everybody's together, by the name of the page they go to.

    To be asked on a stage: only there something waits to be restored.
    """
    found = {}
    for who in PEOPLE:
        for shape, form in forms_of(who).items():
            if form.method == "post":
                found.setdefault(form.name, {})[shape] = form
    return {name: list(forms.values()) for name, forms in found.items()}


def by_any_key(key):
    """A body that means a row of the database, whatever the field for it is called."""
    return HARM | dict.fromkeys(NAMES_OF_KEYS, key)


def harmful(form, about):
    """The fields of a form as somebody would send them who means this thing by it."""
    body = {name: HARM.get(name, value) for name, value in form.filled().items()}
    if "typed_name" in body:
        body["typed_name"] = domain_of(about)
    return body


def query_of(form):
    query = urlsplit(form.action).query
    return f"?{query}" if query else ""
