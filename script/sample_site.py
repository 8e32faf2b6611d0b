"""The sample site: four domains with some seventy accounts and aliases, and two site admins.

    python -m script.sample_site            prints what is below o=hosting, as LDIF

The content is the same every time; only the dates move along, so that the last
change of some entry is always this week's.
"""

import io
import time

import ldif
from ldap.dn import escape_dn_chars

from deploy.hashes import ldap_hash, salt_for
from deploy.programs import run
from deploy.site import Secrets, Site, Slapd
from script.sample_people import (
    ACCOUNTS,
    ADMINS,
    ADMINS_SIGN_IN_WITH,
    ALIASES,
    ALIASES_SIGN_IN_WITH,
    DOMAINS,
    PEOPLE_SIGN_IN_WITH,
    POSTMASTERS,
    POSTMASTERS_SIGN_IN_WITH,
    SCHOOL,
    SHIPPING,
)

YEAR = 365 * 24 * 3600

# Who, how to sign in, password: one line for each role, then the unusual ones.
LOGINS = [
    ("Site admin", ADMINS[0], ADMINS_SIGN_IN_WITH),
    ("Postmaster of two domains", f"ingrid.solberg@{SHIPPING}", POSTMASTERS_SIGN_IN_WITH),
    ("User", f"mateo.garcia@{SHIPPING}", PEOPLE_SIGN_IN_WITH),
    (
        "Postmaster with fewer rights",
        f"moira.gallagher@{SCHOOL}",
        POSTMASTERS_SIGN_IN_WITH,
    ),
    ("Owner of an alias", f"press@{SHIPPING}", ALIASES_SIGN_IN_WITH),
]


def sample_site():
    """The facts of the site, with its first admin."""
    return Site(
        admin=ADMINS[0],
        secrets=Secrets(admin_password=ADMINS_SIGN_IN_WITH),
        slapd=Slapd(max_size_gb=1, local_writes=True),
    )


def load_sample(slapd):
    """Fill a private slapd that is empty and not running."""
    site = slapd.site
    slapd.load(slapd.base_ldif + "\n" + sample_ldif(site.suffix))
    for name in ADMINS[1:]:
        change = another_admin(f"cn={name},{site.admins}", name, site.admins)
        run("slapmodify", *slapd.config_arguments, "-b", site.suffix, stdin=change)


def sample_ldif(suffix, now=None):
    """Everything below o=hosting; the entries above it are the emitted base's."""
    entries = []
    for domain in DOMAINS:
        entries += domain_entries(domain, suffix)
        entries += [account(domain, suffix, *row) for row in ACCOUNTS[domain]]
        entries += [alias(domain, suffix, *row) for row in ALIASES[domain]]
    return written(dated(entries, now or time.time()))


def another_admin(dn, name, admins_dn):
    """An admin besides the one the base has."""
    return f"""\
dn: {dn}
changetype: add
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: {name}
userPassword: {hashed(ADMINS_SIGN_IN_WITH, dn)}

dn: cn=siteadmins,{admins_dn}
changetype: modify
add: member
member: {dn}
"""


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
        "homeDirectory": Site().mail_home,
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
    """Made one to five years ago and changed since, strewn the same way every time."""
    for number, (dn, values) in enumerate(entries):
        # A stride prime to the year visits all of it without looking like a pattern.
        changed = now - (number * 6_700_417 + 40_000) % YEAR
        made = time.gmtime(changed - YEAR - number % 4 * YEAR)
        dates = {
            "lastChange": str(int(changed)),
            "createTimestamp": time.strftime("%Y%m%d%H%M%SZ", made),
        }
        yield dn, values | dates


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
    print(sample_ldif(sample_site().suffix), end="")
