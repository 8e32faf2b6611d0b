"""What tests read off a page: its messages, the form behind Undo, what a form says is wrong.

And what slapd wrote for it: the attributes of each change, from slapd's own log.
"""

import json
import re
from contextlib import contextmanager


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


@contextmanager
def changes_written(world):
    """The attributes of every modify inside the block, one text for each operation."""
    begin = world.slapd.log_path.stat().st_size
    changes = []
    yield changes
    with world.slapd.log_path.open("rb") as log:
        log.seek(begin)
        changes += re.findall(r"MOD attr=(.*)", log.read().decode(errors="replace"))
