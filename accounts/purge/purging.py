"""One account or one domain, step by step: archive, mail, entry."""

import logging
import os
from contextlib import contextmanager

from accounts.models import MailAccount, MailAlias
from accounts.purge.archive import Archive, archived
from accounts.purge.places import Unsafe, mail_root, opened, parts_of
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


def refuse_shared(account, overlaps, going):
    """Raises Unsafe where somebody who stays has mail there, above it or below it.

    ``overlaps`` were looked at when the run began; a mailbox that is the very same is asked for
    again, for that may have happened since.
    """
    if other := overlaps.of(path_of(account)):
        raise Unsafe(f"{other} has mail there too")
    for other in MailAccount.objects.filter(mailbox=account.mailbox):
        if other.dn not in going:
            raise Unsafe(f"{other.mail} has the same mailbox")


def purge_account(found, overlaps, going, target, domain=None):
    """Archives, removes, deletes. Answers the Archive; its path is None where there was no mail.

    ``domain`` is the one that goes as a whole, if one does. Raises Unsafe before anything is
    removed, and whatever slapd refuses.
    """
    account = MailAccount.objects.at(found.dn).first()
    if account is None:
        return Archive()
    refuse_unmarked(domain or account)
    refuse_shared(account, overlaps, going)
    parts = parts_of(account)
    with opened(parts) as (above, folder):
        archive = Archive() if folder is None else archived(folder, account.mail, target)
        if folder is not None:
            log.info("purge: the mail of %s is archived in %s", account.mail, archive.path)
            # An archive takes its time, and somebody may have wanted it back meanwhile.
            refuse_unmarked(domain or account)
            remove(above, parts[-1], folder, archive)
            log.info("purge: the mail of %s is removed", account.mail)
    with telling(archive):
        account.delete()
        dismiss(account)
    return archive


def refuse_unmarked(entry):
    """Raises Unsafe unless slapd says at this moment that the entry is marked."""
    now = type(entry).objects.at(entry.dn).first()
    if now is None or not now.to_be_deleted:
        raise Unsafe("it is no longer marked for deletion")


@contextmanager
def telling(archive):
    """The journal names the archive with the deletion, so that whoever looks for mail finds it."""
    facts = (("archive", str(archive.path)),) if archive.path else ()
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


def purge_domain(found, overlaps, going, target, step=lambda account, archive: None):
    """Accounts first, then aliases, then cn=postmaster, and the domain itself last.

    Until the very end it stands in the list, marked for deletion: an interruption leaves nothing
    that nobody sees. Raises Unsafe before the first step where any of its accounts is unsafe.
    """
    domain = VirtualDomain.objects.at(found.dn).first()
    if domain is None:
        return
    refuse_unmarked(domain)
    accounts, aliases = contents(domain)
    check_all(accounts, overlaps, going)
    for account in accounts:
        step(account, purge_account(account, overlaps, going, target, domain))
    refuse_unmarked(domain)
    last = postmaster_dn(domain.name)
    for alias in sorted(aliases, key=lambda alias: same_dn(alias.dn, last)):
        # A list shows less than the whole entry, and slapd is to delete this version only.
        if whole := MailAlias.objects.at(alias.dn).first():
            whole.delete()
    remove_empty_folder(domain.name)
    domain.delete()


def check_all(accounts, overlaps, going):
    for account in accounts:
        try:
            refuse_shared(account, overlaps, going)
            with opened(parts_of(account)):
                pass
        except Unsafe as reason:
            raise Unsafe(f"{account.mail}: {reason}") from None


def remove_empty_folder(name):
    """The folder of the domain, if all that was in it is gone."""
    try:
        with opened((name,)) as (above, folder):
            if folder is not None:
                os.rmdir(name, dir_fd=above)
    except (OSError, Unsafe):
        log.info("purge: something is left in the folder of %s", name)
