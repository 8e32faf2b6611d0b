"""Domains and addresses as people type them, in the directory's spelling."""

from argparse import ArgumentTypeError

from vmail_admin.directory.person import spelt


def domain_name(text):
    return spelt(text.lower())


def address(text):
    """Raises what argparse shows in these words for what has no @."""
    local_part, at, domain = text.strip().lower().rpartition("@")
    if not at:
        raise ArgumentTypeError(f"{text!r} is no address")
    return f"{local_part}@{spelt(domain)}"


def address_or_domain(text):
    return address(text) if "@" in text else domain_name(text)
