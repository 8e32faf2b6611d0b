"""Where an alias sends its mail: read, checked, and followed."""

import re

from domains.models import VirtualDomain
from vmail_admin.addresses import ascii_address
from vmail_admin.directory.names import domain_of

MOST = 100  # destinations of one alias
MOST_STEPS = 10  # aliases followed one after the other
BETWEEN = re.compile(r"[\s,;]+")


def read(text, before=()):
    """The destinations in a text, one a line. Raises ValueError with a sentence for each bad one.

    ``before`` are those the alias has already: an old tree holds local names such as
    "postmaster", which may stay but not come anew.
    """
    found, wrong = [], []
    for word in filter(None, BETWEEN.split(text)):
        try:
            address = word if word in before else ascii_address(word)
        except ValueError as error:
            wrong.append(f"{word[:80]}: {error}")
            continue
        if address in found:
            wrong.append(f"{word[:80]} is there twice.")
        found.append(address)
    if len(found) > MOST:
        wrong.append(f"An alias has at most {MOST} destinations.")
    if wrong:
        raise ValueError(wrong)
    return found


def loop_from(mail, destinations, aliases):
    """The way on which mail for ``mail`` would come back to it, or []. At most MOST_STEPS searches.

    Only aliases that the person may see are followed; ``aliases`` is the queryset to look in.
    """
    came_from = dict.fromkeys(destinations, mail)
    new = set(destinations)
    for _ in range(MOST_STEPS):
        if mail in new:
            return way_to(mail, came_from)
        local = [one for one in new if domain_of(one) == domain_of(mail)][:MOST]
        if not local:
            return []
        new = set()
        for alias in aliases.in_domain(domain_of(mail)).filter(mail__in=local):
            for destination in alias.destinations:
                if destination.lower() not in came_from:
                    came_from[destination.lower()] = alias.mail
                    new.add(destination.lower())
    return []


def way_to(mail, came_from):
    way, step = [mail], came_from[mail]
    while step != mail:
        way.append(step)
        step = came_from[step]
    return [mail, *reversed(way)]


def labelled(destinations):
    """Each destination, and whether it is outside of what the person sees of this server."""
    names = {domain_of(one) for one in destinations if "@" in one}
    here = set()
    if names:
        seen = VirtualDomain.objects.below(VirtualDomain.base_dn).filter(name__in=sorted(names))
        here = {domain.name.lower() for domain in seen}
    return [
        {"address": one, "outside": "@" in one and domain_of(one).lower() not in here}
        for one in destinations
    ]
