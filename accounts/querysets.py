"""How addresses are found: by their place in the tree, by a search, and by where they point."""

from django.db.models import Q

from vmail_admin.addresses import searched
from vmail_admin.directory.names import address_dn, domain_dn, domain_of, spelt_address
from vmail_admin.directory.querysets import EntryQuerySet, first_of, values_at

# Shorter than this, slapd's index knows only how a value begins (slapd.conf(5),
# index_substr_any_len).
INDEXED_INSIDE = 4

LISTS = {"accounts": ("JammMailAccount",), "aliases": ("JammMailAlias",)}


class AddressQuerySet(EntryQuerySet):
    def of(self, mail):
        """The entry of this address, found by its place in the tree."""
        return self.at(address_dn(mail))

    def entry_of(self, mail):
        """The entry of this address, wherever below its domain; None where there is none.

        Old trees have an ou= there. Only what is not in its place is searched for.
        """
        return first_of(self.of(mail)) or first_of(self.further_down(mail))

    def further_down(self, mail):
        return self.everywhere_below(domain_dn(domain_of(mail))).filter(mail=mail)

    def in_domain(self, domain_name):
        return self.below(domain_dn(domain_name))

    def matching(self, text):
        """By address or name. Short texts are looked for where words begin, which is indexed."""
        text = text.strip()
        if not text:
            return self
        mail = searched(text)
        if len(text) >= INDEXED_INSIDE:
            return self.filter(Q(mail__contains=mail) | Q(full_name__contains=text))
        begins = Q(mail__startswith=mail) | Q(full_name__startswith=text)
        if len(text) == INDEXED_INSIDE - 1:
            begins |= Q(full_name__contains=f" {text}")
        return self.filter(begins)

    def of_kind(self, word):
        """Narrows a list to the accounts or the aliases, by the word in its URL."""
        found = self._chain()
        found.query.structural_classes = LISTS.get(word, self.model.structural_classes)
        return found

    def attributes(self):
        """All but the address: slapd weighs more rules for it than for anything else of a row."""
        return [name for name in super().attributes() if name != "mail"]

    def entries_of(self, rows):
        return super().entries_of(addressed(rows))

    def pointing_to(self, mail):
        return self.filter(destinations__contains=mail)


def addressed(rows):
    """Rows of a list with their addresses: as the DN spells it, or asked for where it does not."""
    spelt = [spelt_address(dn) for dn, _ in rows]
    unspelt = [dn for (dn, _), mail in zip(rows, spelt, strict=True) if "@" not in mail]
    asked = dict(zip(unspelt, values_at(unspelt, "mail"), strict=True)) if unspelt else {}
    return [
        (dn, values | {"mail": asked[dn] if dn in asked else [mail.encode()]})
        for (dn, values), mail in zip(rows, spelt, strict=True)
    ]
