"""What the templates of rows can say: the words of the other templates, for Jinja2.

A list shows 50 rows of a dozen values each. Jinja2 compiles its templates to Python, and draws them
in a tenth of the time; everything else of a page is in Django's own language.
"""

from urllib.parse import quote

from jinja2 import Environment, StrictUndefined

from vmail_admin.templatetags.panel import ago, icon, two_tone


def environment(**options):
    """Django hands in its options; autoescaping is among them."""
    made = Environment(**{**options, "undefined": StrictUndefined})  # noqa: S701 (see above)
    made.filters.update(two_tone=two_tone, ago=ago, in_anchor=in_anchor)
    made.globals["icon"] = icon
    return made


def in_anchor(name):
    """An entry's name after the # of a URL."""
    return quote(name, safe="@")
