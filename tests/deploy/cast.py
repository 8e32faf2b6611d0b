"""Who is in the directory of these tests, and how to write them down as LDIF.

example.test  pat is its postmaster; alice, dave (switched off), erin (waits to be deleted) and
              vera (postmaster elsewhere) have mailboxes, lena one in an old place; news and o'neil
              are aliases whose owners sign in, and news has an address of elsewhere besides.
other.test    vera of example.test is its postmaster; carol has a mailbox.
quiet.test    is suspended; quinn is its postmaster.
bound.test    bob is its postmaster, and may neither add accounts nor appoint.

admin is a site administrator, former was one.
"""

from functools import cache

from deploy.hashes import ldap_hash
from deploy.site import Secrets, Site

SITE = Site(
    secrets=Secrets(
        admin_password="secret of admin",
        service_password="secret of mailservice",
        manager_password="secret of Manager",
    )
)
HOSTING = SITE.hosting


def domain_dn(domain):
    return f"jvd={domain},{HOSTING}"


def address_dn(mail):
    return f"mail={mail},{domain_dn(mail.partition('@')[2])}"


def postmaster_dn(domain):
    return f"cn=postmaster,{domain_dn(domain)}"


ALICE = address_dn("alice@example.test")
PAT = address_dn("pat@example.test")
DAVE = address_dn("dave@example.test")
ERIN = address_dn("erin@example.test")
VERA = address_dn("vera@example.test")
LENA = address_dn("lena@example.test")
NEWS = address_dn("news@example.test")
ONEIL = address_dn("o'neil@example.test")
OLD_ADDRESS = "old@elsewhere.test"
CAROL = address_dn("carol@other.test")
QUINN = address_dn("quinn@quiet.test")
BOB = address_dn("bob@bound.test")
BEN = address_dn("ben@bound.test")
POSTMASTER = postmaster_dn("example.test")
EXAMPLE = domain_dn("example.test")
ADMIN = f"cn=admin,{SITE.admins}"
FORMER = f"cn=former,{SITE.admins}"
MAILSERVICE = f"cn=mailservice,{SITE.services}"
MANAGER = SITE.manager

POSTMASTERS = {
    "example.test": [PAT],
    "other.test": [VERA],
    "quiet.test": [QUINN],
    "bound.test": [BOB],
}
SETTINGS = {
    "quiet.test": {"accountActive": "FALSE"},
    "bound.test": {"editAccounts": "FALSE", "editPostmasters": "FALSE"},
}


def password_of(dn):
    """Everybody's password is different, and can be told from the DN."""
    return f"secret of {dn.partition(',')[0].partition('=')[2].partition('@')[0]}"


@cache
def hashed(dn):
    return ldap_hash(password_of(dn))


def ldif(dn, **attributes):
    lines = [f"dn: {dn}"]
    for name, values in attributes.items():
        lines += [f"{name}: {value}" for value in ([values] if type(values) is str else values)]
    return "\n".join(lines) + "\n\n"


def domain(name):
    flags = {"accountActive": "TRUE", "editAccounts": "TRUE", "editPostmasters": "TRUE"}
    flags |= SETTINGS.get(name, {}) | {"delete": "FALSE", "lastChange": "1000000000"}
    dn = domain_dn(name)
    return ldif(dn, objectClass="JammVirtualDomain", jvd=name, **flags) + ldif(
        postmaster_dn(name),
        objectClass=["JammMailAlias", "JammPostmaster"],
        cn="postmaster",
        mail=f"postmaster@{name}",
        maildrop="postmaster",
        roleOccupant=[postmaster_dn(name), *POSTMASTERS[name]],
        accountActive="TRUE",
        lastChange="1000000000",
        userPassword=hashed(postmaster_dn(name)),
    )


def account(mail, **changes):
    return ldif(address_dn(mail), **account_attributes(mail) | changes)


def account_attributes(mail):
    local_part, _, name = mail.partition("@")
    return {
        "objectClass": "JammMailAccount",
        "mail": mail,
        "homeDirectory": SITE.mail_home,
        "mailbox": f"{name}/{local_part}/",
        "accountActive": "TRUE",
        "delete": "FALSE",
        "quota": "10000000S",
        "lastChange": "1000000000",
        "userPassword": hashed(address_dn(mail)),
    }


def alias(address, maildrop, **changes):
    attributes = {
        "objectClass": "JammMailAlias",
        "mail": address,
        "maildrop": maildrop,
        "accountActive": "TRUE",
        "lastChange": "1000000000",
    }
    return ldif(address_dn(address), **attributes | changes)


def former_admin():
    """An administrator who is in the group no longer; a HOWTO tree has no place for one."""
    return ldif(
        FORMER,
        objectClass=["organizationalRole", "simpleSecurityObject"],
        cn="former",
        userPassword=hashed(FORMER),
    )


def world():
    """Everything below o=hosting."""
    news = {"mail": ["news@example.test", OLD_ADDRESS], "userPassword": hashed(NEWS)}
    return "".join(
        [
            *(domain(name) for name in POSTMASTERS),
            account("alice@example.test", cn="Alice"),
            account("pat@example.test"),
            account("dave@example.test", accountActive="FALSE"),
            account("erin@example.test", delete="TRUE"),
            account("vera@example.test"),
            account("lena@example.test", mailbox="example.test/l/le/lena/"),
            alias("news@example.test", "alice@example.test", **news),
            alias("o'neil@example.test", "alice@example.test", userPassword=hashed(ONEIL)),
            alias("@example.test", "alice@example.test"),
            account("carol@other.test"),
            account("quinn@quiet.test"),
            account("bob@bound.test"),
            account("ben@bound.test"),
        ]
    )
