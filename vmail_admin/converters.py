"""Domains and addresses in URLs, in the directory's own spelling."""

from functools import lru_cache
from urllib.parse import quote

from django.urls import NoReverseMatch, reverse

from vmail_admin.addresses import ascii_domain


class DomainConverter:
    # Wide on purpose: an old tree holds names that a form would refuse.
    regex = r"[^/@\x00-\x20\x7f]+"

    def to_python(self, value):
        """Who types bücher.example means xn--bcher-kva.example. A ValueError: no such page."""
        name = value.lower()
        return name if name.isascii() else ascii_domain(name)

    def to_url(self, value):
        return str(value)


class AddressConverter(DomainConverter):
    """An address; without a local part, the catch-all. A local part may hold a slash."""

    regex = r"[^@\x00-\x20\x7f]*@[^/@\x00-\x20\x7f]+"

    def to_python(self, value):
        local_part, at, domain = value.lower().rpartition("@")
        if not local_part.isascii():
            raise ValueError("An address is written in ASCII.")
        return f"{local_part}{at}{super().to_python(domain)}"


SOMEBODY, SOMEWHERE = "somebody@example.org", "somewhere.example.org"
PLAIN = "!$&'()*+,;=/~:@"  # what reverse() leaves as it is in a path (RFC 3986, 3.3)


def url_of(view_name, name):
    """What reverse() says for a view of one address or domain, for the hundreds in a list.

    An old tree may hold a name that no page can have: its link leads to a 404.
    """
    url, other = _url_of_other(view_name)
    return url.replace(other, quote(name, safe=PLAIN))


@lru_cache
def _url_of_other(view_name):
    """The URL of a name that stands for all others, and that name: an address, or a domain."""
    try:
        return reverse(view_name, args=[SOMEBODY]), SOMEBODY
    except NoReverseMatch:
        return reverse(view_name, args=[SOMEWHERE]), SOMEWHERE
