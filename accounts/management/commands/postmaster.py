"""vmail postmaster: who looks after a domain."""

from accounts.management import shared
from accounts.models import MailAccount
from vmail_admin.command_line.command import Deed, DirectoryCommand
from vmail_admin.command_line.exits import NotFound
from vmail_admin.command_line.names import address, domain_name
from vmail_admin.directory.names import domain_of

COLUMNS = {"domain": "Domain", "postmaster": "Postmaster"}


def list_postmasters(caller, options):
    rows = []
    for name in options["domain"]:
        with shared.each(caller, name):
            managed = managed_with_post(caller, name)
            rows += [
                {"domain": managed.domain.name, "postmaster": mail}
                for mail in managed.postmaster.addresses()
            ]
    caller.out.table(COLUMNS, rows)


def appoint(caller, options):
    managed, account = managed_and_account(caller, options)
    managed.postmaster.appoint(account.dn)
    sentence = f"{account} is postmaster of {managed.domain} now."
    caller.out.done(sentence, domain=managed.domain.name, postmaster=account.mail)


def dismiss(caller, options):
    managed, account = managed_and_account(caller, options)
    shared.not_oneself(caller, account, "dismiss yourself")
    managed.postmaster.dismiss(account.dn)
    sentence = f"{account} is no longer postmaster of {managed.domain}."
    caller.out.done(sentence, domain=managed.domain.name, postmaster=account.mail)


def managed_and_account(caller, options):
    mail = options["address"]
    managed = managed_with_post(caller, options["domain"] or domain_of(mail))
    return managed, shared.entry_of(MailAccount, mail)


def managed_with_post(caller, name):
    managed = shared.managed(caller, name)
    if managed.postmaster is None:
        raise NotFound(f"{managed.domain} has no cn=postmaster.")
    return managed


def some_domains(parser):
    parser.add_argument("domain", type=domain_name, nargs="+")


def one_person(parser):
    parser.add_argument("address", type=address)
    parser.add_argument(
        "--domain", type=domain_name, help="another domain than that of the address"
    )


class Command(DirectoryCommand):
    help = "Who looks after a domain."
    deeds = {
        "list": Deed(list_postmasters, "List postmasters.", some_domains, writes=False),
        "appoint": Deed(appoint, "Make an account postmaster.", one_person),
        "dismiss": Deed(dismiss, "Make an account an ordinary one again.", one_person),
    }
