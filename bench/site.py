"""A slapd on the emitted strict rules with domains of 1,000 to 100,000 accounts, for measuring."""

from itertools import chain

from deploy.hashes import ldap_hash
from deploy.private_slapd import PrivateSlapd
from deploy.site import Site

HOSTING = "o=hosting,dc=myhosting,dc=example"
ADMIN = "cn=anna,ou=admins,dc=myhosting,dc=example"
PASSWORD = "measure-for-measure"  # noqa: S105 (of a slapd that lives for one run)
HASH = ldap_hash(PASSWORD)

AT_ONCE = 1000  # domains that one slapadd loads

SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprst" for vowel in "aeiou"]

DOMAIN = """dn: jvd={domain},{hosting}
objectClass: top
objectClass: JammVirtualDomain
jvd: {domain}
accountActive: TRUE
delete: FALSE
editAccounts: TRUE
editPostmasters: TRUE
lastChange: 1700000000

dn: cn=postmaster,jvd={domain},{hosting}
objectClass: top
objectClass: JammMailAlias
objectClass: JammPostmaster
cn: postmaster
mail: postmaster@{domain}
maildrop: postmaster
accountActive: TRUE
lastChange: 1700000000
roleOccupant: cn=postmaster,jvd={domain},{hosting}
userPassword: {hash}

dn: mail=abuse@{domain},jvd={domain},{hosting}
objectClass: top
objectClass: JammMailAlias
mail: abuse@{domain}
maildrop: postmaster@{domain}
accountActive: TRUE
lastChange: 1700000000

"""

ACCOUNT = """dn: mail={local_part}@{domain},jvd={domain},{hosting}
objectClass: top
objectClass: JammMailAccount
mail: {local_part}@{domain}
cn: {name}
quota: 2000000000S
homeDirectory: /home/vmail/domains
mailbox: {domain}/{local_part}/
accountActive: TRUE
delete: FALSE
lastChange: {changed}

"""

SITE_ADMIN = f"""dn: {ADMIN}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: anna
userPassword: {HASH}
"""


def spoken(number):
    """A number as a name one could say, the same each time and unlike its neighbours."""
    mixed, name = number * 7_368_787 % 60**4, ""
    for _ in range(4):
        mixed, syllable = divmod(mixed, len(SYLLABLES))
        name += SYLLABLES[syllable]
    return name


def domain_ldif(domain, accounts):
    yield DOMAIN.format(domain=domain, hosting=HOSTING, hash=HASH)
    for number in range(accounts):
        name = spoken(number)
        yield ACCOUNT.format(
            domain=domain,
            hosting=HOSTING,
            local_part=f"{name}{number}",
            name=f"{name[:4].title()} {name[4:].title()}",
            changed=1_700_000_000 + number,
        )


def filled_slapd(folder, sizes, small_domains, small=10):
    """A slapd, not started yet, with a domain of each size and many of ``small`` accounts."""
    slapd = PrivateSlapd(folder, Site(), fast=True, log="none")
    member = f"cn: siteadmins\nmember: {ADMIN}\n"
    base = slapd.base_ldif.replace("cn: siteadmins\n", member, 1)
    slapd.load(f"{base}\n{SITE_ADMIN}\n")
    for size in sizes:
        slapd.load("".join(domain_ldif(f"d{size}.test", size)), quick=True)
    for names in batched([f"{spoken(n)}{n}.test" for n in range(small_domains)], AT_ONCE):
        slapd.load("".join(chain(*(domain_ldif(name, small) for name in names))), quick=True)
    return slapd


def batched(several, size):
    return [several[start : start + size] for start in range(0, len(several), size)]
