"""One account or one domain, step by step: archive, mail, entry."""

import logging
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from accounts.models import MailAccount, MailAlias
from accounts.purge.archive import archived
from accounts.purge.overlaps import Overlaps
from accounts.purge.places import (
    Unsafe,
    home_parts_of,
    homes_root,
    mail_root,
    opened,
    parts_of,
)
from accounts.purge.removal import remove
from domains.models import Postmaster, VirtualDomain
from vmail_admin.directory.changes import told
from vmail_admin.directory.names import parent_of, postmaster_dn, same_dn
from vmail_admin.directory.raw import rows_below

log = logging.getLogger(__name__)

KINDS = {"JammMailAccount", "JammMailAlias"}


def path_of(account):
    """Where its mail is, as one absolute path without links above it. Raises Unsafe."""
    return os.path.join(mail_root(), *parts_of(account))  # noqa: PTH118


def refuse_shared(account, way):
    """Raises Unsafe where somebody who stays has mail there, above it or below it.

    The overlaps were looked at when the run began; a mailbox that is the very same is asked for
    again, for that may have happened since.
    """
    if other := way.overlaps.of(path_of(account)):
        raise Unsafe(f"{other} has mail there too")
    for other in MailAccount.objects.filter(mailbox=account.mailbox):
        if other.dn not in way.going:
            raise Unsafe(f"{other.mail} has the same mailbox")


@dataclass(frozen=True)
class Way:
    """How a run purges: who goes and who is in the way, and which folders there are."""

    overlaps: Overlaps
    going: dict  # the path of each account that goes, by DN
    target: Path  # of the archives
    homes: str = ""  # of people's own folders, where there are any


def folders_of(account, way):
    """(root, parts, name of its archive) of all that is the account's own. Raises Unsafe."""
    refuse_shared(account, way)
    found = [(mail_root(), parts_of(account), account.mail)]
    if way.homes:
        found.append((homes_root(way.homes), home_parts_of(account), f"{account.mail}-home"))
    for root, parts, _ in found:
        with opened(root, parts):
            pass
    return found


def purge_account(found, way, domain=None):
    """Archives, removes, deletes. Answers the Archives: none where there was nothing.

    ``domain`` is the one that goes as a whole, if one does. Raises Unsafe before anything is
    removed, and whatever slapd refuses.
    """
    account = MailAccount.objects.at(found.dn).first()
    if account is None:
        return []
    refuse_unmarked(domain or account)
    done = [
        purge_folder(*folder, way, lambda: refuse_unmarked(domain or account))
        for folder in folders_of(account, way)
    ]
    archives = [archive for archive in done if archive]
    with telling(archives):
        account.delete()
        dismiss(account)
    return archives


def purge_folder(root, parts, name, way, still_goes):
    """The Archive of what was there, or None. Raises Unsafe where something stays."""
    with opened(root, parts) as (above, folder):
        if folder is None:
            return None
        archive = archived(folder, name, way.target)
        log.info("purge: %s is archived in %s", name, archive.path)
        # An archive takes its time, and somebody may have wanted it back meanwhile.
        still_goes()
        remove(above, parts[-1], folder, archive)
        log.info("purge: %s is removed", name)
        return archive


def refuse_unmarked(entry):
    """Raises Unsafe unless slapd says at this moment that the entry is marked."""
    now = type(entry).objects.at(entry.dn).first()
    if now is None or not now.to_be_deleted:
        raise Unsafe("it is no longer marked for deletion")


@contextmanager
def telling(archives):
    """The journal names the archive with the deletion, so that whoever looks for mail finds it."""
    paths = ", ".join(str(archive.path) for archive in archives)
    facts = (("archive", paths),) if paths else ()
    with told(facts=facts):
        yield


def dismiss(account):
    """Where slapd's refint overlay does not do it."""
    postmaster = Postmaster.objects.at(postmaster_dn(account.domain_name)).first()
    if postmaster is not None:
        postmaster.forget(account.dn)


def contents(domain):
    """(accounts, aliases) of a domain. Raises Unsafe where it holds anything else."""
    for dn, values in rows_below(domain.dn, ["structuralObjectClass"]):
        kind = values.get("structuralObjectClass", [b""])[0].decode()
        if same_dn(dn, domain.dn):
            continue
        if kind not in KINDS or not same_dn(parent_of(dn), domain.dn):
            raise Unsafe(f"it holds {dn}, which is neither an account nor an alias")
    accounts, _ = MailAccount.objects.below(domain.dn).bounded(0)
    aliases, _ = MailAlias.objects.below(domain.dn).bounded(0)
    return accounts, aliases


def purge_domain(found, way, step=lambda account, archives: None):
    """Accounts first, then aliases, then cn=postmaster, and the domain itself last.

    Until the very end it stands in the list, marked for deletion: an interruption leaves nothing
    that nobody sees. Raises Unsafe before the first step where any of its accounts is unsafe.
    """
    domain = VirtualDomain.objects.at(found.dn).first()
    if domain is None:
        return
    refuse_unmarked(domain)
    accounts, aliases = contents(domain)
    check_all(accounts, way)
    for account in accounts:
        step(account, purge_account(account, way, domain))
    refuse_unmarked(domain)
    last = postmaster_dn(domain.name)
    for alias in sorted(aliases, key=lambda alias: same_dn(alias.dn, last)):
        # A list shows less than the whole entry, and slapd is to delete this version only.
        if whole := MailAlias.objects.at(alias.dn).first():
            whole.delete()
    remove_empty_folder(mail_root(), domain.name)
    if way.homes:
        remove_empty_folder(homes_root(way.homes), domain.name)
    domain.delete()


def check_all(accounts, way):
    for account in accounts:
        try:
            folders_of(account, way)
        except Unsafe as reason:
            raise Unsafe(f"{account.mail}: {reason}") from None


def remove_empty_folder(root, name):
    """The folder of the domain, if all that was in it is gone."""
    try:
        with opened(root, (name,)) as (above, folder):
            if folder is not None:
                os.rmdir(name, dir_fd=above)
    except (OSError, Unsafe):
        log.info("purge: something is left in the folder of %s", name)
