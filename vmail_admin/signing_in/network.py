"""Where a request comes from, behind the proxies that the site names and no others.

A browser can put anything into X-Forwarded-For; only what a believed proxy added counts. So the
list is read from its right end, where the nearest proxy writes, for as long as the proxies met on
the way are believed.
"""

from ipaddress import ip_address

from django.conf import settings

UNIX = "unix"  # whoever comes over a Unix socket, where there is no address


def client_address(request):
    """The browser's address as text; "" where nothing believable is known. Never raises."""
    here = parsed(request.META.get("REMOTE_ADDR", ""))
    if not believed(here, request):
        return shown(here)
    for text in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        before = parsed(text)
        if before is None:
            break
        here = before
        if not believed(here):
            break
    return shown(here)


def parsed(text):
    """The address that a text is, an IPv4 one in IPv6 clothes as IPv4; None where it is none."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def believed(address, request=None):
    """Whether what this one says of where it was asked from is true."""
    if address is None:
        over_a_socket = request is not None and not request.META.get("REMOTE_ADDR")
        return over_a_socket and UNIX in settings.PROXIES
    return any(address in network for network in settings.PROXIES if network != UNIX)


def shown(address):
    """Without the zone of a link-local address, which means something on one machine only."""
    return str(address or "").partition("%")[0]
