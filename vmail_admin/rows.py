"""What the templates of rows can say: the words of the other templates, for Jinja2.

A list shows 50 rows of a dozen values each. Jinja2 compiles its templates to Python, and draws them
in a tenth of the time; everything else of a page is in Django's own language. A template draws one
row, from a ``row`` that holds what it shows and nothing else, and from ``changed``, drawn before.
"""

from urllib.parse import quote

from jinja2 import Environment, StrictUndefined

from vmail_admin.addresses import shown_address, shown_domain
from vmail_admin.converters import url_of
from vmail_admin.templatetags.panel import icon, two_tone


def environment(**options):
    """Django hands in its options; autoescaping is among them."""
    made = Environment(**{**options, "undefined": StrictUndefined})  # noqa: S701 (see above)
    made.filters.update(two_tone=two_tone, in_anchor=in_anchor)
    made.filters.update(shown_address=shown_address, shown_domain=shown_domain)
    made.globals.update(icon=icon, url_of=url_of)
    return made


def in_anchor(name):
    """An entry's name after the # of a URL."""
    return quote(name, safe="@")
