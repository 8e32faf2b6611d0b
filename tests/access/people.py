"""The cast of tests/deploy, and some more that attacks need.

example.test  vic+ops is postmaster of other.test, sita a site administrator: both have ordinary
              addresses here. spare is an alias without a password.
second.test   tess of example.test is its postmaster, and of third.test too; tom has a mailbox.
other.test    dora has a mailbox, box is an alias.
"""

import base64
import hashlib
import re

from tests.deploy.cast import (
    SITE,
    VERA,
    account,
    address_dn,
    alias,
    domain_dn,
    hashed,
    ldif,
    password_of,
    postmaster_dn,
    world,
)

NOBODY = ""
VIC = f"mail=vic\\2Bops@example.test,{domain_dn('example.test')}"
SITA = address_dn("sita@example.test")
SPARE = address_dn("spare@example.test")
TESS = address_dn("tess@example.test")
TOM = address_dn("tom@second.test")
DORA = address_dn("dora@other.test")
BOX = address_dn("box@other.test")
OTHER = domain_dn("other.test")
SECOND = domain_dn("second.test")
THIRD = domain_dn("third.test")
QUIET = domain_dn("quiet.test")
BOUND = domain_dn("bound.test")
CATCH_ALL = address_dn("@example.test")
NEW = address_dn("new@example.test")
INFO = address_dn("info@example.test")
SITEADMINS = f"cn=siteadmins,{SITE.admins}"
POLICY = f"cn=default,{SITE.policies}"
ANY_HASH = hashed(address_dn("anybody@example.test"))
A_PASSWORD = "correct horse battery staple"


def cheap_hash(dn):
    """A hash that is asked in no time, where the right password is not what is tried."""
    salt = b"saltsalt"
    digest = hashlib.sha1(password_of(dn).encode() + salt, usedforsecurity=False).digest()
    return "{SSHA}" + base64.b64encode(digest + salt).decode()


def quick_to_ask(ldif_text):
    """The same people with the same passwords, hashed cheaply."""
    entries = []
    for entry in ldif_text.split("\n\n"):
        found = re.search(r"(?m)^dn: (.*)$", entry)
        quick = f"userPassword: {cheap_hash(found[1])}" if found else ""
        entries.append(re.sub(r"(?m)^userPassword: \{CRYPT\}\$6\$.*$", quick, entry))
    return "\n\n".join(entries)


ALIAS = {
    "objectClass": "JammMailAlias",
    "maildrop": "alice@example.test",
    "accountActive": "TRUE",
    "lastChange": "1",
}


def small_domain(name):
    """A domain whose postmaster is Tess alone."""
    flags = dict.fromkeys(("accountActive", "editAccounts", "editPostmasters"), "TRUE")
    return ldif(
        domain_dn(name),
        objectClass="JammVirtualDomain",
        jvd=name,
        delete="FALSE",
        lastChange="1",
        **flags,
    ) + ldif(
        postmaster_dn(name),
        objectClass=["JammMailAlias", "JammPostmaster"],
        cn="postmaster",
        mail=f"postmaster@{name}",
        maildrop="postmaster",
        roleOccupant=[postmaster_dn(name), TESS],
        accountActive="TRUE",
        lastChange="1",
    )


def everybody():
    """The domains and all who are in them, as LDIF."""
    vic = {"maildrop": "alice@example.test", "accountActive": "TRUE", "lastChange": "1"}
    occupant = f"roleOccupant: {VERA}\n"
    return "".join(
        [
            world().replace(occupant, f"{occupant}roleOccupant: {VIC}\n"),
            ldif(
                VIC,
                objectClass="JammMailAlias",
                mail="vic+ops@example.test",
                userPassword=hashed(VIC),
                **vic,
            ),
            account("sita@example.test"),
            alias("spare@example.test", "alice@example.test"),
            account("tess@example.test"),
            small_domain("second.test"),
            small_domain("third.test"),
            account("tom@second.test"),
            account("dora@other.test", clearPassword="open to all"),
            alias("box@other.test", "dora@other.test"),
        ]
    )
