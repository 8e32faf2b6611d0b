"""vmail account: the mailboxes of a domain."""

from accounts.forms import AccountForm, NewAccountForm
from accounts.management import shared
from accounts.models import MailAccount
from vmail_admin.command_line.command import Deed, DirectoryCommand
from vmail_admin.command_line.exits import Usage
from vmail_admin.command_line.names import address
from vmail_admin.directory.names import domain_of, local_part_of
from vmail_admin.journal.trash import was_active

COLUMNS = {
    "address": "Address",
    "name": "Name",
    "active": "Active",
    "marked_for_deletion": "Marked for deletion",
    "postmaster": "Postmaster",
    "quota": "Quota",
}


def list_accounts(caller, options):
    shared.list_addresses(caller, options, "accounts", COLUMNS)


def add(caller, options):
    mail = options["address"]
    managed = shared.managed(caller, domain_of(mail))
    typed = shared.typed_password(options)
    data = {
        "local_part": local_part_of(mail),
        "full_name": options["name"] or "",
        "quota": options["quota"] or "",
        "description": options["note"] or "",
        "password_choice": "type" if typed else "none" if options["no_password"] else "generate",
        "password": typed,
        **shared.anyway(options),
    }
    form = NewAccountForm(data, domain=managed.domain)
    account = form.is_valid() and form.save()
    if not account:
        raise shared.not_added(form)
    shared.say_new(caller, account, f"{account} is here.", "" if typed else form.password)
    if caller.trial is None:
        shared.welcome(caller, account)


def edit(caller, options):
    account = shared.entry_of(MailAccount, options["address"])
    given = {
        "full_name": options["name"],
        "quota": options["quota"],
        "description": options["note"],
    }
    given = {name: value for name, value in given.items() if value is not None}
    if not given and not options["active"]:
        raise Usage("Nothing to change: see --name, --quota, --note, --active.")
    shared.edit(caller, account, AccountForm, given, options["active"])


def password(caller, options):
    shared.new_password(caller, shared.entry_of(MailAccount, options["address"]), options)


def delete(caller, options):
    for mail in options["address"]:
        with shared.each(caller, mail):
            account = shared.entry_of(MailAccount, mail)
            shared.not_oneself(caller, account, "delete yourself")
            account.retire()
            sentence = f"{account} is closed and marked for deletion."
            caller.out.done(sentence, **shared.row_of(account))


def restore(caller, options):
    for mail in options["address"]:
        with shared.each(caller, mail):
            account = shared.entry_of(MailAccount, mail)
            if not account.to_be_deleted:
                # Who was only switched off is not to be switched on along the way.
                sentence = f"{account} is not marked for deletion, and stays as it is."
                caller.out.done(sentence, **shared.row_of(account))
                continue
            active = was_active(mail) and not options["off"]
            account.restore(active)
            how = "active" if active else "switched off"
            caller.out.done(f"{account} is back and {how}.", **shared.row_of(account))


def one_account(parser):
    parser.add_argument("address", type=address)


def some_accounts(parser):
    parser.add_argument("address", type=address, nargs="+")


def for_add(parser):
    one_account(parser)
    shared.add_facts(parser, "--quota")
    shared.add_password_options(parser)
    parser.add_argument("--no-password", action="store_true", help="nobody can sign in yet")
    shared.add_anyway(parser)


def for_edit(parser):
    one_account(parser)
    shared.add_facts(parser, "--quota")
    parser.add_argument("--active", choices=shared.ON_OFF, help="off: no mail, no signing in")


def for_password(parser):
    one_account(parser)
    shared.add_password_options(parser)


def for_restore(parser):
    some_accounts(parser)
    parser.add_argument("--off", action="store_true", help="back, but switched off")


class Command(DirectoryCommand):
    help = "The mailboxes of a domain."
    deeds = {
        "list": Deed(list_accounts, "List accounts.", shared.for_list, writes=False),
        "add": Deed(add, "Add an account; its new password is shown once.", for_add),
        "edit": Deed(edit, "Change name, quota, note, or switch it on or off.", for_edit),
        "password": Deed(password, "Give a new password, shown once.", for_password),
        "delete": Deed(delete, "Close accounts and mark them for deletion.", some_accounts),
        "restore": Deed(restore, "Take the mark away.", for_restore),
    }
