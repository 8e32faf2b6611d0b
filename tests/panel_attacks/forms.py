"""The forms of a page, as a browser would send them."""

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.urls import resolve

NEVER_SENT = {"csrfmiddlewaretoken"}


@dataclass
class Form:
    method: str
    action: str  # with its query
    fields: dict  # the values that each name can have; the first is what the page has chosen

    @property
    def name(self):
        """The name of the page that it goes to."""
        return resolve(urlsplit(self.action).path).url_name

    @property
    def shape(self):
        """The same for two forms that ask the same."""
        what = [(name, tuple(self.fields[name])) for name in sorted(self.fields) if name == "flag"]
        return self.method, self.name, tuple(sorted(self.fields)), tuple(what)

    def filled(self):
        """What is sent if nobody touches it."""
        return {name: values[0] for name, values in self.fields.items()}


class FormReader(HTMLParser):
    """Reads forms and their controls, also those that stand outside: ``form=``, ``formaction=``."""

    def __init__(self, path):
        super().__init__()
        self.path = path
        self.forms, self.ids, self.buttons = [], {}, []
        self.within = self.select = self.area = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            action = (attrs.get("action") or self.path).partition("#")[0]
            self.within = Form(attrs.get("method", "get").lower(), action, {})
            self.forms.append(self.within)
            self.ids[attrs.get("id")] = self.within
        elif tag in ("input", "select", "textarea", "button"):
            self.control(tag, attrs)
        elif tag == "option" and self.select is not None:
            place = 0 if "selected" in attrs else len(self.select)
            self.select.insert(place, attrs.get("value", ""))

    def control(self, tag, attrs):
        if tag == "button":
            self.buttons.append((attrs, self.within))
            return
        values = self.values_of(attrs, self.within)
        if values is None:
            return
        if tag == "select":
            self.select = values
        elif tag == "textarea":
            self.area = values
            values.append("")
        elif attrs.get("type") in ("radio", "checkbox"):
            values.insert(0 if "checked" in attrs else len(values), attrs.get("value", "on"))
        else:
            values.append(attrs.get("value") or "")

    def values_of(self, attrs, form):
        """The list that a control's value belongs to, or None where it is never sent."""
        form = self.ids.get(attrs["form"]) if "form" in attrs else form
        name = attrs.get("name")
        if form is None or not name or name in NEVER_SENT:
            return None
        return form.fields.setdefault(name, [])

    def handle_data(self, data):
        if self.area is not None:
            self.area[0] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.within = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def read(self):
        """All forms that a button sends. One with an action of its own makes a form of its own."""
        sent = []
        for attrs, within in self.buttons:
            form = self.ids.get(attrs["form"]) if "form" in attrs else within
            if form is None or attrs.get("type") == "button":
                continue
            name = {attrs["name"]: [attrs.get("value", "")]} if attrs.get("name") else {}
            action = attrs.get("formaction", form.action).partition("#")[0]
            sent.append(Form(attrs.get("formmethod", form.method), action, form.fields | name))
        return sent


def forms_in(page, path):
    """The forms in an answer, with absolute actions."""
    if not page.headers.get("Content-Type", "").startswith("text/html"):
        return []
    reader = FormReader(path)
    reader.feed(page.content.decode())
    reader.close()
    found = reader.read()
    for form in found:
        if form.action.startswith("?"):
            form.action = path.partition("?")[0] + form.action
    return found


def links_in(page):
    """The pages of the panel that an answer leads to."""

    class LinkReader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            target = dict(attrs).get("href") or ""
            if tag == "a" and target.startswith(("/", "?")):
                found.append(target)

    found = []
    LinkReader().feed(page.content.decode())
    return found
