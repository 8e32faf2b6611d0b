"""What the templates of the panel can say: icons, names as people write them, times, Undo."""

import datetime as dt
import json

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from vmail_admin.addresses import shown_address, shown_domain

register = template.Library()


@register.simple_tag
def icon(name):
    """A picture from the sprite. It always stands beside a word, so screen readers skip it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("icons.svg"),
        name,
    )


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
    if not isinstance(moment, dt.datetime):
        return moment or ""
    here, now = timezone.localtime(moment), timezone.localtime()
    if abs(now - here) < dt.timedelta(days=1):
        words = naturaltime(moment)
    else:
        words = date_format(here, "j M" if here.year == now.year else "j M Y")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        here.isoformat(timespec="seconds"),
        date_format(here, "j F Y, H:i T"),
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
        fields = told["fields"]
        pairs = list(fields.items()) if isinstance(fields, dict) else [(k, v) for k, v in fields]
        return {"url": told["url"], "fields": pairs, "label": told.get("label") or "Undo"}
    except (ValueError, TypeError, KeyError):
        return None
