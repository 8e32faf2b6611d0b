"""What the templates of the panel can say: icons, names as people write them, times, Undo."""

import datetime as dt
import json
from functools import lru_cache
from urllib.parse import quote

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from vmail_admin.addresses import shown_address, shown_domain
from vmail_admin.converters import url_of

register = template.Library()
register.simple_tag(url_of)

A_DAY = dt.timedelta(days=1)


@register.simple_tag
@lru_cache  # a list shows the same few hundreds of times, and where the sprite lies never changes
def icon(name):
    """A picture from the sprite. It always stands beside a word, so screen readers skip it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("icons.svg"),
        name,
    )


@register.simple_tag
@lru_cache
def stylesheets():
    """The links to them, which are the same on every page."""
    return get_template("parts/styles.html").render()


@register.simple_tag
def drawn(template, rows):
    """The rows of a list, each by a template below templates/rows/ that sees its ``shown()``."""
    wanted = get_template(template, using="rows").template
    now = timezone.localtime()
    parts = [drawn_row(wanted, row.shown(), since(row.last_change, now)) for row in rows]
    return mark_safe("".join(parts))  # noqa: S308 (that template escaped every value)


@lru_cache(maxsize=2000)  # rows of some 2 kB; whatever differs in one makes it another
def drawn_row(template, row, changed):
    """A row is drawn from these values alone, so the same values never need it twice."""
    return template.render(row=row, changed=changed)


@register.filter(name="shown_domain")
def a_shown_domain(name):
    """A domain as its owner writes it: xn--bcher-kva.example is bücher.example."""
    return shown_domain(str(name or ""))


@register.filter(name="shown_address")
def a_shown_address(mail):
    """An address with its domain as its owner writes it."""
    return shown_address(str(mail or ""))


@register.filter
def two_tone(mail):
    """An address whose domain steps back, for in a list it is mostly the same."""
    local_part, at, domain = shown_address(str(mail or "")).rpartition("@")
    if not at or not local_part:
        return f"{local_part}{at}{domain}"
    return format_html('{}<wbr><span class="at">{}{}</span>', local_part, at, domain)


@register.filter
def ago(moment):
    """A point in time as people say it, the exact one beside it; anything else as it is."""
    return since(moment, timezone.localtime())


def since(moment, now):
    if not isinstance(moment, dt.datetime):
        return moment or ""
    if abs(now - moment) < A_DAY:
        said = naturaltime(moment)
        return exactly(moment, "just now" if said == "now" else said)
    return on_its_day(moment, now.year)


@lru_cache(maxsize=4096)  # a list shows the same days again and again
def on_its_day(moment, this_year):
    here = timezone.localtime(moment)
    year = "" if here.year == this_year else f" {here.year}"
    return exactly(moment, f"{here.day} {here:%b}{year}")


def exactly(moment, words):
    here = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        here.isoformat(timespec="seconds"),
        f"{here.day} {here:%B %Y, %H:%M %Z}",
        words,
    )


@register.filter
def lines(value):
    """Several values one a line, as a form shows them; a single one as it is."""
    return "\n".join(value) if isinstance(value, list | tuple) else value


@register.filter
def undo_of(message):
    """The form that takes a change back, or None. It travels as JSON in a message's extra tags."""
    try:
        told = json.loads(message.extra_tags or "")
        url, fields = told["url"], [(name, value) for name, value in told["fields"]]
    except (ValueError, TypeError, KeyError):
        return None
    anchor, reason = row_of(url), told.get("reason", "")
    return {"url": url, "anchor": anchor, "fields": fields, "label": "Undo", "reason": reason}


def row_of(url):
    """Where in a list the entry of this URL stands: browsers keep the # when they are sent on."""
    try:
        of_entry = resolve(url).kwargs.values()
    except Resolver404:
        return ""
    return "".join(f"#{quote(name, safe='@')}" for name in list(of_entry)[:1])
