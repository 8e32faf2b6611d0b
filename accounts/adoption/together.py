"""What shows only beside others: duplicates, lost postmasters, places that nobody looks at."""

import posixpath
from collections import defaultdict

from accounts.adoption.tree import key_of
from vmail_admin.directory.names import domain_of


def foreign_addresses(tree):
    for entry in tree:
        if entry.domain:
            for mail in entry.mails:
                if domain_of(mail) != entry.domain:
                    yield "foreign-address", entry.dn, f"has the address {mail}"


def duplicates(tree):
    """Mail for an address that stands twice comes to one of the two, or to both."""
    for what, values_of in (("address", mails_of), ("mailbox", places_of), ("domain", names_of)):
        holders = defaultdict(list)
        for entry in tree:
            for value in values_of(entry):
                holders[value].append(entry)
        for value, entries in holders.items():
            for entry in entries if len(entries) > 1 else ():
                others = [one.dn for one in entries if one is not entry]
                yield "duplicate", entry.dn, f"has the {what} {value}, as {others[0]} has"


def mails_of(entry):
    return set(entry.mails)


def places_of(entry):
    """Two spellings of a path are one place."""
    if not entry.is_account or not entry.text("mailbox"):
        return ()
    return {posixpath.normpath(f"{entry.text('homeDirectory')}/{entry.text('mailbox')}")}


def names_of(entry):
    return {name.lower() for name in entry.texts("jvd")} if entry.is_domain else ()


def dangling_postmasters(tree):
    """The post of somebody who is gone: whoever gets that address next would hold it."""
    for entry in tree:
        if not entry.is_postmaster:
            continue
        holders = entry.texts("roleOccupant")
        lost = [one for one in holders if tree.is_below(one) and not tree.holds(one)]
        for holder in lost:
            # The class must have one; whoever takes the last away is refused by slapd.
            kept = len(lost) < len(holders)
            steps = (("delete", "roleOccupant", [holder.encode()]),) if kept else ()
            yield "dangling-postmaster", entry.dn, f"names {holder}, who is not there", steps


def foreign_postmasters(tree):
    for entry in tree:
        if entry.is_postmaster:
            for holder in entry.texts("roleOccupant"):
                key = key_of(holder)
                domain = next((value for part in key for name, value in part if name == "jvd"), "")
                if domain != entry.domain:
                    says = f"names {holder}: the strict rules let only a site admin appoint them"
                    yield "refused-later", entry.dn, says


def missing_postmasters(tree):
    looked_after = {entry.key[1:] for entry in tree if entry.is_postmaster}
    for domain in tree.domains():
        if domain.key not in looked_after:
            says = "has no cn=postmaster, so that only a site admin looks after it"
            yield "no-postmaster", domain.dn, says


def nested(tree):
    """Domains stand below o=hosting, and addresses below their domain: nowhere else is looked."""
    for entry in tree:
        depth, above = tree.depth(entry), tree.above(entry)
        if entry.is_domain:
            if depth != 1:
                yield "nested", entry.dn, "is a domain at another place than below o=hosting"
        elif entry.is_account or entry.is_alias:
            if above is None or not above.is_domain or depth != 2:
                yield "nested", entry.dn, "is an address at another place than below its domain"
        elif depth and not is_manager(entry):
            yield "nested", entry.dn, "is neither a domain nor an address"


def is_manager(entry):
    """The HOWTO's cn=Manager, in trees that keep it below o=hosting."""
    return entry.key[0][0][0] == "cn" and "organizationalrole" in entry.classes


CHECKS = (
    foreign_addresses,
    duplicates,
    dangling_postmasters,
    foreign_postmasters,
    missing_postmasters,
    nested,
)
