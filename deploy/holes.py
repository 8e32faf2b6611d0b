"""What stays open on a site that keeps the HOWTO's own rules, said each time it is emitted."""

from collections.abc import Iterable

from .site import Site

IN_RULES = (
    "slapd lets anybody list every address without signing in",
    "slapd lets people point their own mailbox at a stranger's, and read it over IMAP",
    "slapd lets people set their own quota, and wake their account up after it was switched off",
    "slapd lets a postmaster take the mail of another domain, by an address below the own one",
    "slapd lets a postmaster change what the site allows the domain, and delete cn=postmaster",
    "slapd lets whoever is switched off or marked for deletion sign in all the same",
    "slapd lets passwords cross the network in clear",
)
IN_LOOKUPS = (
    "Postfix's look-ups find an address below any domain, not only below its own",
    "Postfix asks slapd without signing in: the list of addresses must stay open to everybody",
)
WAY_OUT = 'access = "strict" without legacy in site.toml closes all of these'


def holes(site: Site, services: Iterable[str]) -> list[str]:
    """One sentence for each hole in what is emitted for these services."""
    services = set(services)
    found: list[str] = []
    if site.access == "howto" and "slapd" in services:
        found += IN_RULES
    if site.legacy and "postfix" in services:
        found += IN_LOOKUPS
    return [*found, WAY_OUT] if found else []
