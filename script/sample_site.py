"""The sample site as LDIF: four domains and some seventy accounts and aliases below o=hosting.

    python -m script.sample_site            prints it

The content is the same every time; only the dates move along, so that the last
change of some entry is always this week's.
"""

import io
import time

import ldif
from ldap.dn import escape_dn_chars

from deploy.hashes import ldap_hash, salt_for
from script.sample_people import (
    ACCOUNTS,
    ADMINS_SIGN_IN_WITH,
    ADMINS,
    ALIASES_SIGN_IN_WITH,
    ALIASES,
    DOMAINS,
    PEOPLE_SIGN_IN_WITH,
    POSTMASTERS_SIGN_IN_WITH,
    POSTMASTERS,
    SCHOOL,
    SHIPPING,
)

SUFFIX = "dc=myhosting,dc=example"
MAIL_HOME = "/home/vmail/domains"
YEAR = 365 * 24 * 3600

# Who, how to sign in, password: one line for each role, then the unusual ones.
LOGINS = [
    ("Site admin", "anna", ADMINS_SIGN_IN_WITH),
    ("Postmaster of two domains", f"ingrid.solberg@{SHIPPING}", POSTMASTERS_SIGN_IN_WITH),
    ("Person", f"mateo.garcia@{SHIPPING}", PEOPLE_SIGN_IN_WITH),
    ("Postmaster who may only look after", f"moira.gallagher@{SCHOOL}", POSTMASTERS_SIGN_IN_WITH),
    ("Owner of an alias", f"press@{SHIPPING}", ALIASES_SIGN_IN_WITH),
]


def sample_ldif(suffix=SUFFIX, now=None):
    """Everything below o=hosting; the entries above it are the emitted base's."""
    entries = []
    for domain in DOMAINS:
        entries += domain_entries(domain, suffix)
        entries += [account(domain, suffix, *row) for row in ACCOUNTS[domain]]
        entries += [alias(domain, suffix, *row) for row in ALIASES[domain]]
    return written(dated(entries, now or time.time()))


def domain_entries(domain, suffix):
    """A domain and the two aliases every domain is born with."""
    dn = domain_dn(domain, suffix)
    top = {
        "objectClass": ["top", "JammVirtualDomain"],
        "jvd": domain,
        "postfixTransport": "virtual:",
        "accountActive": "TRUE",
        "delete": "FALSE",
        "editAccounts": "TRUE",
        "editPostmasters": "TRUE",
    }
    postmaster_dn = f"cn=postmaster,{dn}"
    postmaster = {
        "objectClass": ["top", "JammMailAlias", "JammPostmaster"],
        "cn": "postmaster",
        "mail": f"postmaster@{domain}",
        "maildrop": "postmaster",
        "accountActive": "TRUE",
        "roleOccupant": [postmaster_dn, *(mail_dn(mail, suffix) for mail in POSTMASTERS[domain])],
        "userPassword": hashed(POSTMASTERS_SIGN_IN_WITH, postmaster_dn),
    }
    abuse = alias(domain, suffix, "abuse", [], "", {"cn": None, "maildrop": "postmaster"})
    return [(dn, top | DOMAINS[domain]), (postmaster_dn, postmaster), abuse]


def account(domain, suffix, local, name, unusual):
    mail = f"{local}@{domain}"
    is_postmaster = any(mail in mails for mails in POSTMASTERS.values())
    usual = {
        "objectClass": "JammMailAccount",
        "mail": mail,
        "cn": name,
        "homeDirectory": MAIL_HOME,
        "mailbox": f"{domain}/{local}/",
        "accountActive": "TRUE",
        "delete": "FALSE",
        "userPassword": POSTMASTERS_SIGN_IN_WITH if is_postmaster else PEOPLE_SIGN_IN_WITH,
    }
    return mail_dn(mail, suffix), with_hash(usual | unusual, mail)


def alias(domain, suffix, local, destinations, name, unusual):
    mail = f"{local}@{domain}"
    usual = {
        "objectClass": ["top", "JammMailAlias"],
        "mail": mail,
        "cn": name,
        "maildrop": [one if "@" in one else f"{one}@{domain}" for one in destinations],
        "accountActive": "TRUE",
    }
    return mail_dn(mail, suffix), with_hash(usual | unusual, mail)


def with_hash(values, mail):
    if password := values.get("userPassword"):
        values["userPassword"] = hashed(password, mail)
    return values


def hashed(password, entry):
    return ldap_hash(password, salt_for("sample site", entry))


def domain_dn(domain, suffix):
    return f"jvd={domain},o=hosting,{suffix}"


def mail_dn(mail, suffix):
    domain = mail.rpartition("@")[2]
    return f"mail={escape_dn_chars(mail)},{domain_dn(domain, suffix)}"


def dated(entries, now):
    """Changes strewn over the last year, the same way every time."""
    for number, (dn, values) in enumerate(entries):
        # A stride prime to the year visits it all without looking like a pattern.
        age = (number * 6_700_417 + 40_000) % YEAR
        yield dn, values | {"lastChange": str(int(now - age))}


def written(entries):
    text = io.StringIO()
    writer = ldif.LDIFWriter(text)
    for dn, values in entries:
        writer.unparse(dn, {key: as_bytes(value) for key, value in values.items() if value})
    return text.getvalue()


def as_bytes(value):
    values = [value] if isinstance(value, str) else value
    return [one.encode() for one in values]


if __name__ == "__main__":
    print(sample_ldif(), end="")
