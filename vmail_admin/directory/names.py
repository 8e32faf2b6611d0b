"""Where entries are in the tree: the one builder of DNs (RFC 4514), and what one tells."""

import hashlib
import unicodedata
from functools import lru_cache

import ldap.dn
from django.conf import settings

from vmail_admin.directory.errors import Invalid

POSTMASTER = "postmaster"


def dn_below(parent, attribute, value):
    """The DN of ``attribute=value`` below ``parent``, with everything escaped that needs it.

    Raises Invalid for a control character: no name holds one, and slapd would take it.
    """
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in value):
        raise Invalid("A name holds a control character.")
    return f"{ldap.dn.dn2str([[(attribute, value, 1)]])},{parent}"


def domain_dn(domain):
    return dn_below(settings.DIRECTORY_BASE_DN, "jvd", domain)


def postmaster_dn(domain):
    return dn_below(domain_dn(domain), "cn", POSTMASTER)


def address_dn(mail):
    """The entry of an address. postmaster@DOMAIN has a name of its own, cn=postmaster."""
    domain = domain_of(mail)
    if local_part_of(mail).lower() == POSTMASTER:
        return postmaster_dn(domain)
    return dn_below(domain_dn(domain), "mail", mail)


def admin_dn(name):
    return dn_below(settings.DIRECTORY_ADMINS_DN, "cn", name)


def local_part_of(mail):
    return mail.rpartition("@")[0]


def domain_of(mail):
    return mail.rpartition("@")[2]


@lru_cache(maxsize=1024)  # the same few are asked for again and again, in an import above all
def rdns_of(dn):
    """The parts of a DN, first the entry's own, as comparable values; None where it is no DN."""
    try:
        parts = ldap.dn.str2dn(dn)
    except (ldap.DECODING_ERROR, ldap.INVALID_DN_SYNTAX):
        return None
    return tuple(
        tuple(sorted((attribute.lower(), value.lower()) for attribute, value, _ in part))
        for part in parts
    )


def same_dn(one, other):
    return rdns_of(one) == rdns_of(other)


def key_of(dn):
    """One text of 64 digits for an entry, however its DN is written.

    What slapd takes for equal is equal here: another case, more blanks, composed letters, and any
    name of an attribute (cn, commonName, 2.5.4.3). That which is no DN is taken as it is.
    """
    parts = [[value for _, value in part] for part in rdns_of(dn) or [[("", dn)]]]
    texts = ["+".join(sorted(unicodedata.normalize("NFKC", one) for one in part)) for part in parts]
    plain = ",".join(" ".join(text.casefold().split()) for text in texts)
    return hashlib.sha256(plain.encode(errors="replace")).hexdigest()


def is_below(dn, parent):
    """Whether ``dn`` is ``parent`` or anywhere below it."""
    rdns, above = rdns_of(dn), rdns_of(parent)
    return bool(rdns and above) and rdns[-len(above) :] == above


def parent_of(dn):
    """The DN above, as written."""
    return ldap.dn.dn2str(ldap.dn.str2dn(dn)[1:])


def domain_in(dn):
    """The name of the domain that an entry's DN lies in, or "" where it lies in none."""
    for part in rdns_of(dn) or []:
        for attribute, value in part:
            if attribute == "jvd":
                return value
    return ""


def address_in(dn):
    """The address an entry's DN spells: alice@example.test, or "" where it spells none."""
    rdns = rdns_of(dn)
    if not rdns or not domain_in(dn):
        return ""
    values = dict(rdns[0])
    if values.get("cn") == POSTMASTER:
        return f"{POSTMASTER}@{domain_in(dn)}"
    return values.get("mail", "")


def spelt_address(dn):
    """The same in the letters of the DN, for a row of a list. Quick where nothing is escaped."""
    attribute, _, value = dn.partition(",")[0].partition("=")
    if attribute == "mail" and "\\" not in dn and "+" not in value:
        return value
    values = {name.lower(): value for part in ldap.dn.str2dn(dn)[:1] for name, value, _ in part}
    if values.get("cn", "").lower() == POSTMASTER and domain_in(dn):
        return f"{POSTMASTER}@{domain_in(dn)}"
    return values.get("mail", "")


def label_of(dn):
    """A short name for whoever a DN is: the address, or the value of its first part.

    "" for who is nobody in our tree, as the Unix user that is slapd's rootdn.
    """
    rdns = rdns_of(dn)
    if not rdns or not is_below(dn, settings.DIRECTORY_SUFFIX):
        return ""
    return address_in(dn) or rdns[0][0][1]
