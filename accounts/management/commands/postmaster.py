"""vmail postmaster: who looks after a domain."""

from accounts.management import shared
from accounts.models import MailAccount
from domains.holders import holders_of
from vmail_admin.addresses import shown_address
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
    managed = managed_with_post(caller, domain_of_post(options))
    account = shared.entry_of(MailAccount, options["address"])
    managed.appoint(account)
    sentence = f"{account} is postmaster of {managed.domain} now."
    caller.out.done(sentence, domain=managed.domain.name, postmaster=account.mail)


def dismiss(caller, options):
    """Whoever is named: an account, an alias, or what is no longer there."""
    mail = options["address"]
    managed = managed_with_post(caller, domain_of_post(options))
    held = next((one for one in holders_of(managed, caller.person) if one.name == mail), None)
    if held is None:
        shared.entry_of(MailAccount, mail)  # who is none already may at least be somebody
    else:
        shared.not_oneself(caller, held, "dismiss yourself")
        managed.postmaster.dismiss(held.dn, held.kind)
    sentence = f"{shown_address(mail)} is no longer postmaster of {managed.domain}."
    caller.out.done(sentence, domain=managed.domain.name, postmaster=mail)


def domain_of_post(options):
    return options["domain"] or domain_of(options["address"])


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
        "dismiss": Deed(dismiss, "Make a postmaster an ordinary person again.", one_person),
    }
