"""vmail alias: addresses whose mail is sent on, the catch-all among them."""

from accounts.deleting import delete_alias
from accounts.forms import AliasForm, NewAliasForm, NewCatchAllForm
from accounts.management import shared
from accounts.models import MailAlias
from accounts.views.aliases import POSTMASTER_STAYS
from vmail_admin.command_line.command import Deed, DirectoryCommand
from vmail_admin.command_line.exits import Problem, Usage
from vmail_admin.command_line.names import address
from vmail_admin.directory.names import POSTMASTER, domain_of, local_part_of

COLUMNS = {
    "address": "Address",
    "destinations": "Sends mail to",
    "active": "Active",
    "name": "Name",
}


def list_aliases(caller, options):
    shared.list_addresses(caller, options, "aliases", COLUMNS)


def add(caller, options):
    mail = options["address"]
    managed = shared.managed(caller, domain_of(mail))
    data = {
        "local_part": local_part_of(mail),
        "destinations": "\n".join(options["to"]),
        "full_name": options["name"] or "",
        "description": options["note"] or "",
        **shared.anyway(options),
    }
    kind = NewAliasForm if local_part_of(mail) else NewCatchAllForm
    form = kind(data, domain=managed.domain)
    alias = form.is_valid() and form.save()
    if not alias:
        raise shared.not_added(form)
    caller.out.done(f"{alias} is here.", **shared.row_of(alias))


def edit(caller, options):
    alias = shared.entry_of(MailAlias, options["address"])
    given = {"full_name": options["name"], "description": options["note"]}
    given = {name: value for name, value in given.items() if value is not None}
    before = options["to"] or list(alias.destinations)
    wanted = list(before)
    wanted += [one for one in options["add"] if one not in wanted]
    gone = {one.lower() for one in options["remove"]}
    wanted = [one for one in wanted if one.lower() not in gone]
    if wanted != list(alias.destinations):
        given["destinations"] = "\n".join(wanted)
    is_about_mail = options["to"] or options["add"] or options["remove"]
    if not given and not options["active"] and not is_about_mail:
        raise Usage("Nothing to change: see --to, --add, --remove, --name, --note, --active.")
    for one in sorted(gone - {one.lower() for one in before}):
        caller.out.note(f"{alias} sent no mail to {one}.")
    shared.edit(caller, alias, AliasForm, given, options["active"])


def password(caller, options):
    shared.new_password(caller, shared.entry_of(MailAlias, options["address"]), options)


def delete(caller, options):
    for mail in options["address"]:
        with shared.each(caller, mail):
            alias = shared.entry_of(MailAlias, mail)
            if alias.special == POSTMASTER:
                raise Problem(POSTMASTER_STAYS)
            shared.not_oneself(caller, alias, "delete yourself")
            managed = shared.managed(caller, alias.domain_name)
            row = shared.row_of(alias)
            delete_alias(managed, alias)
            caller.out.done(f"{alias} is deleted.", **row)


def one_alias(parser):
    parser.add_argument("address", type=address, help="@DOMAIN is its catch-all")


def for_add(parser):
    one_alias(parser)
    parser.add_argument("--to", nargs="+", required=True, metavar="ADDRESS")
    shared.add_facts(parser)
    shared.add_anyway(parser)


def for_edit(parser):
    one_alias(parser)
    where = {"nargs": "+", "default": [], "metavar": "ADDRESS"}
    parser.add_argument("--to", help="these instead of all there are", **where)
    parser.add_argument("--add", help="these besides", **where)
    parser.add_argument("--remove", help="no longer these", **where)
    shared.add_facts(parser)
    parser.add_argument("--active", choices=shared.ON_OFF, help="off: its mail is refused")


def for_password(parser):
    one_alias(parser)
    shared.add_password_options(parser)


def for_delete(parser):
    parser.add_argument("address", type=address, nargs="+")


class Command(DirectoryCommand):
    help = "Addresses whose mail is sent on."
    deeds = {
        "list": Deed(list_aliases, "List aliases.", shared.for_list, writes=False),
        "add": Deed(add, "Add an alias; @DOMAIN is the catch-all.", for_add),
        "edit": Deed(edit, "Change where its mail goes, or switch it on or off.", for_edit),
        "password": Deed(password, "Give its owner a new password, shown once.", for_password),
        "delete": Deed(delete, "Delete aliases at once.", for_delete),
    }
