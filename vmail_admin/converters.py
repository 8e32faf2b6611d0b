"""Domains and addresses in URLs, in the directory's own spelling."""

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
