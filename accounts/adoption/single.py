"""What an entry shows by itself."""

import re
import time

from django.conf import settings

from accounts.adoption.passwords import PLAIN
from accounts.adoption.tree import ACCOUNT, ALIAS, DOMAIN, POSTMASTER
from domains.creation import SITE_POSTMASTER
from vmail_admin.addresses import ACCOUNT_LOCAL_PART, ALIAS_LOCAL_PART
from vmail_admin.directory.names import local_part_of

# What a missing value means: Jamm takes a missing flag for TRUE, and what is not marked stays.
MUST = {
    ACCOUNT: {"accountActive": "TRUE", "delete": "FALSE", "lastChange": None},
    ALIAS: {"accountActive": "TRUE", "lastChange": None},
    DOMAIN: {
        "accountActive": "TRUE",
        "delete": "FALSE",
        "editAccounts": "TRUE",
        "editPostmasters": "TRUE",
        "lastChange": None,
    },
}

MAY = {
    ACCOUNT: "mail homedirectory mailbox accountactive lastchange delete uidnumber gidnumber uid "
    "cn description quota userpassword clearpassword",
    ALIAS: "mail maildrop accountactive lastchange mailsource cn description userpassword",
    DOMAIN: "jvd accountactive lastchange delete editaccounts editpostmasters "
    "postfixtransport description",
    POSTMASTER: "roleoccupant",
}
CLASSES = {"top", *MAY}
COURIER_QUOTA = re.compile(r"\d{1,18}S", re.ASCII)
FULL_ADDRESS = re.compile(r"[a-z0-9!#%&'*+/=?^_{|}~.-]+@[a-z0-9.-]+", re.IGNORECASE)


def unseen(tree):
    """Lists look for structuralObjectClass, which slapd writes, but slapadd -s does not."""
    for entry in tree:
        if not entry.has_kind:
            yield "unseen", entry.dn, "has no structuralObjectClass: add it anew"


def missing_flags(tree):
    for entry in tree:
        missing = {
            name: value
            for kind, flags in MUST.items()
            if kind in entry.classes
            for name, value in flags.items()
            if not entry.has(name)
        }
        if missing:
            now = str(int(time.time()))
            steps = [
                ("add", name, [(value or now).encode()]) for name, value in sorted(missing.items())
            ]
            meant = ", ".join(f"{name} {value}" for name, value in missing.items() if value)
            says = f"lacks {', '.join(sorted(missing))}" + (f"; that means {meant}" * bool(meant))
            yield "flags", entry.dn, says, tuple(steps)


def marked_and_active(tree):
    """Who has an open connection goes on writing. Mail is refused by the mark alone."""
    for entry in tree:
        flags = [entry.text(name).upper() for name in ("delete", "accountActive")]
        if entry.is_account and flags == ["TRUE", "TRUE"]:
            says = "is marked for deletion, but not switched off"
            yield "marked-active", entry.dn, says, (("replace", "accountActive", [b"FALSE"]),)


def clear_passwords(tree):
    for entry in tree:
        if entry.clear:
            has_other = bool(entry.schemes)
            says = "holds clearPassword" + ("" if has_other else ", and no other password")
            # It goes only where somebody can still sign in.
            steps = (("delete", "clearPassword", None),) if has_other else ()
            yield "clear-password", entry.dn, says, steps


def plain_passwords(tree):
    for entry in tree:
        if PLAIN in entry.schemes:
            yield "plain-password", entry.dn, "needs a new password, which slapd then hashes"


def quotas(tree):
    for entry in tree:
        for quota in entry.texts("quota"):
            if not COURIER_QUOTA.fullmatch(quota):
                yield "quota", entry.dn, f"has {quota}; Courier's form is 2000000000S"


def mailboxes(tree):
    for entry in tree:
        if entry.is_account:
            mailbox, home = entry.text("mailbox"), entry.text("homeDirectory")
            wanted = {f"{entry.domain}/{local_part_of(mail)}/" for mail in entry.mails}
            if mailbox not in wanted or home != settings.MAIL_HOME:
                yield "mailbox", entry.dn, f"is at {home}/{mailbox}"


def stray_classes(tree):
    for entry in tree:
        if ours(entry):
            for name in sorted(entry.classes - CLASSES):
                yield "stray-class", entry.dn, f"is {name} too"


def stray_attributes(tree):
    for entry in tree:
        if kinds := ours(entry):
            known = {"objectclass", *(name for kind in kinds for name in MAY[kind].split())}
            names = {name.partition(";")[0] for name in entry.values}
            if stray := sorted(names - known):
                yield "stray-attribute", entry.dn, f"has {', '.join(stray)}"


def ours(entry):
    return entry.classes & MAY.keys()


def refused_later(tree):
    for entry in tree:
        for says in refused_of(entry):
            yield "refused-later", entry.dn, says


def refused_of(entry):
    if entry.is_account or (entry.is_alias and not entry.is_postmaster):
        pattern = ACCOUNT_LOCAL_PART if entry.is_account else ALIAS_LOCAL_PART
        for mail in entry.mails:
            local_part = local_part_of(mail)
            if local_part and not pattern.fullmatch(local_part):
                yield f"has the address {mail}"
        if next(iter(entry.key[0]))[0] != "mail":
            yield "has a name that is no address"
    if not entry.holds_its_name:
        yield "lacks the value it is named by, so that slapd changes nothing about it"
    for to in entry.texts("maildrop"):
        # Every domain begins with these two, and their mail goes to the server's own postmaster.
        is_duty = entry.is_postmaster or local_part_of(entry.text("mail")) == "abuse"
        if not FULL_ADDRESS.fullmatch(to) and not (is_duty and to == SITE_POSTMASTER):
            yield f"sends mail to {to}, which is no full address"
    for name in ("uidNumber", "gidNumber"):
        if entry.has(name):
            yield f"has {name}, which nobody but a site admin may change"


CHECKS = (
    unseen,
    missing_flags,
    marked_and_active,
    clear_passwords,
    plain_passwords,
    quotas,
    mailboxes,
    stray_classes,
    stray_attributes,
    refused_later,
)
