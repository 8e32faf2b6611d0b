"""Domains and addresses in URLs, in the directory's own spelling."""


class DomainConverter:
    # Wide on purpose: an old tree holds names that a form would refuse.
    regex = r"[^/@\x00-\x20\x7f]+"

    def to_python(self, value):
        return value.lower()

    def to_url(self, value):
        return str(value)


class AddressConverter(DomainConverter):
    """An address; without a local part, the catch-all. A local part may hold a slash."""

    regex = r"[^@\x00-\x20\x7f]*@[^/@\x00-\x20\x7f]+"
