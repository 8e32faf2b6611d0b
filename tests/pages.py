"""What tests read off a page: its messages, the form behind Undo, what a form says is wrong."""

import json


def messages_of(page):
    return [str(message) for message in page.context["messages"]]


def undo_of(page):
    """Where Undo posts, and what, as a browser would send it."""
    [message] = page.context["messages"]
    told = json.loads(message.extra_tags)
    return told["url"], dict(told["fields"])


def errors_of(page, field):
    """The sentences at a field; None is the form as a whole."""
    form = page.context["form"]
    return " ".join(form.non_field_errors() if field is None else form.errors.get(field, []))


def form_of(page):
    """Everything the form on a page would send if nobody touched it."""
    form = page.context["form"]
    return {field.html_name: field.value() or "" for field in form}
