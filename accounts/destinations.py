"""Where an alias sends its mail: read, checked, and followed."""

import re

from domains.models import VirtualDomain
from vmail_admin.addresses import ascii_address, shown_address
from vmail_admin.directory.names import domain_of

MOST = 100  # destinations of one alias
MOST_STEPS = 10  # aliases followed one after the other
MOST_FOLLOWED = 100  # addresses looked up in one step
BETWEEN = re.compile(r"[\s,;]+")


def read(text, before=()):
    """The destinations in a text, one a line. Raises ValueError with a sentence for each bad one.

    ``before`` are those the alias has already: an old tree holds local names such as
    "postmaster", which may stay but not come anew. They stay as they are, in either spelling.
    """
    found, wrong = {}, []
    there = {shown_address(one): one for one in before} | {one: one for one in before}
    for word in words_of(text, there):
        try:
            address = there[word] if word in there else ascii_address(word)
        except ValueError as error:
            wrong.append(f"{word[:80]}: {error}")
            continue
        if address.lower() in found:
            wrong.append(f"{word[:80]} is there twice.")
        found[address.lower()] = address
    if len(found) > MOST:
        wrong.append(f"An alias has at most {MOST} destinations.")
    if wrong:
        raise ValueError(wrong[:MOST_STEPS])
    return list(found.values())


def words_of(text, before):
    """One a line, or several with blanks or commas between; what was there before stays whole."""
    for line in text.splitlines():
        if line.strip() in before:
            yield line.strip()
        else:
            yield from filter(None, BETWEEN.split(line))


def loop_from(mail, destinations, entries):
    """The way on which mail for ``mail`` would come back to it, or []. At most MOST_STEPS searches.

    ``entries`` is a queryset of addresses: only what the person may see is followed. Mail for an
    address that is not there goes to the catch-all of its domain, as Postfix does it.
    """
    came_from = dict.fromkeys((one.lower() for one in destinations), mail)
    new = set(came_from)
    for _ in range(MOST_STEPS):
        if mail in new:
            return way_to(mail, came_from)
        local = sorted(one for one in new if "@" in one)[:MOST_FOLLOWED]
        if not local:
            return []
        new = set()
        for one, destination in passed_on(local, mail, entries):
            if destination not in came_from:
                came_from[destination] = one
                new.add(destination)
    return []


def passed_on(addresses, mail, entries):
    """(address, where its mail goes) for those of ``addresses`` that pass mail on. One search."""
    catch_all = {one: f"@{domain_of(one)}" for one in addresses}
    wanted = sorted({*addresses, *catch_all.values()})
    found = {entry.mail.lower(): entry for entry in entries.filter(mail__in=wanted)}
    for one in addresses:
        if one not in found and catch_all[one] == mail:
            yield one, mail
            continue
        entry = found.get(one) or found.get(catch_all[one])
        yield from ((one, to.lower()) for to in entry.destinations) if entry else ()


def way_to(mail, came_from):
    way, step = [mail], came_from[mail]
    while step != mail:
        way.append(step)
        step = came_from[step]
    return [mail, *reversed(way)]


def labelled(destinations):
    """Each destination, and whether it is outside of what the person sees of this server."""
    names = {domain_of(one).lower() for one in destinations if "@" in one}
    here = set()
    if names:
        seen = VirtualDomain.objects.below(VirtualDomain.base_dn).filter(name__in=sorted(names))
        here = {domain.name.lower() for domain in seen}
    return [
        {"address": one, "outside": "@" in one and domain_of(one).lower() not in here}
        for one in destinations
    ]
