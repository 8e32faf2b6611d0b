"""vmail domain: the domains of this server."""

from domains.forms import DomainForm, NewDomainForm, TypedNameForm
from domains.models import VirtualDomain, with_counts
from vmail_admin.command_line.asking import is_asked
from vmail_admin.command_line.command import Deed, DirectoryCommand, found
from vmail_admin.command_line.exits import Problem, Usage, form_problems
from vmail_admin.command_line.names import domain_name

ON_OFF = {"on": True, "off": False}
COLUMNS = {
    "domain": "Domain",
    "active": "Active",
    "marked_for_deletion": "Marked for deletion",
    "may_edit_accounts": "May edit accounts",
    "may_appoint": "May appoint",
    "note": "Note",
}
COUNTS = {"accounts": "Accounts", "aliases": "Aliases"}


def row_of(domain):
    return {
        "domain": domain.name,
        "shown": domain.shown_name,
        "active": domain.active,
        "marked_for_deletion": domain.to_be_deleted,
        "may_edit_accounts": domain.may_edit_accounts,
        "may_appoint": domain.may_appoint,
        "note": domain.description,
        "last_change": domain.last_change and domain.last_change.isoformat(),
    }


def list_domains(caller, options):
    wanted = VirtualDomain.objects.all().matching(options["search"])
    wanted = wanted.suspended() if options["suspended"] else wanted
    wanted = wanted.marked() if options["marked"] else wanted
    domains, cut = wanted.bounded(0)
    rows = [row_of(domain) for domain in domains]
    columns = COLUMNS
    if options["counts"]:
        columns = COLUMNS | COUNTS
        for domain, row in zip(with_counts(domains), rows, strict=True):
            row.update(accounts=domain.accounts, aliases=domain.aliases)
    caller.out.table(columns, sorted(rows, key=lambda row: row["domain"]))
    if cut:
        caller.out.refused("The directory shows no more than these; there are others.")


def add(caller, options):
    form = NewDomainForm({"name": options["domain"], "description": options["note"]})
    domain = form.is_valid() and form.save()
    if not domain:
        raise Problem(*form_problems(form))
    caller.out.done(f"{domain} is here.", **row_of(domain))


def edit(caller, options):
    domain = the_domain(options)
    flags = {"may_edit_accounts": options["may_edit_accounts"], "may_appoint": options["appoint"]}
    flags = {name: ON_OFF[word] for name, word in flags.items() if word}
    if options["note"] is None and not flags:
        raise Usage("Nothing to change: see --note, --may-edit-accounts, --may-appoint.")
    if options["note"] is not None:
        form = DomainForm({"description": options["note"]}, entry=domain)
        if not (form.is_valid() and form.save()):
            raise Problem(*form_problems(form))
        domain = form.entry
    if flags:
        domain.set_flags(**flags)
    caller.out.done(f"{domain} is saved.", **row_of(domain))


def suspend(caller, options):
    set_flags(caller, options, "{} is suspended: nobody in it can sign in.", active=False)


def resume(caller, options):
    set_flags(caller, options, "{} is active again, and each in it as before.", active=True)


def restore(caller, options):
    sentence = "{} stays. Everything in it is as it was."
    set_flags(caller, options, sentence, to_be_deleted=False)


def delete(caller, options):
    """Marked, as in the panel: `vmail purge` takes it away later."""
    domain = the_domain(options)
    if not options["yes"] and caller.trial is None:
        if not is_asked():
            raise Usage("There is nobody to ask here: say --yes.")
        form = TypedNameForm({"typed_name": input(f"Type {domain} to delete it: ")}, domain=domain)
        if not form.is_valid():
            raise Problem(*form_problems(form))
    domain.set_flags(to_be_deleted=True)
    caller.out.done(f"{domain} is marked for deletion.", **row_of(domain))


def the_domain(options):
    name = options["domain"]
    return found(VirtualDomain.objects.named(name).first(), name)


def set_flags(caller, options, sentence, **flags):
    domain = the_domain(options)
    domain.set_flags(**flags)
    caller.out.done(sentence.format(domain), **row_of(domain))


def one_domain(parser):
    parser.add_argument("domain", type=domain_name, help="in either spelling")


def narrower(parser):
    parser.add_argument("--search", default="", metavar="TEXT", help="a part of the name")
    parser.add_argument("--suspended", action="store_true", help="only these")
    parser.add_argument("--marked", action="store_true", help="only what is marked for deletion")
    parser.add_argument("--counts", action="store_true", help="count accounts and aliases too")


def for_add(parser):
    one_domain(parser)
    parser.add_argument("--note", default="", help="for yourself: whose domain it is")


def for_edit(parser):
    one_domain(parser)
    parser.add_argument("--note", help="for yourself: whose domain it is")
    parser.add_argument("--may-edit-accounts", choices=ON_OFF, help="its postmasters")
    parser.add_argument("--may-appoint", choices=ON_OFF, dest="appoint", help="its postmasters")


def for_delete(parser):
    one_domain(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask for the name")


class Command(DirectoryCommand):
    help = "The domains of this server."
    deeds = {
        "list": Deed(list_domains, "List domains.", narrower, writes=False),
        "add": Deed(add, "Add a domain, its postmaster and its abuse alias.", for_add),
        "edit": Deed(edit, "Change the note and what postmasters may do.", for_edit),
        "suspend": Deed(suspend, "Suspend: no mail, and nobody can sign in.", one_domain),
        "resume": Deed(resume, "End the suspension; everybody is as before.", one_domain),
        "delete": Deed(delete, "Mark a domain for deletion; purge does the rest.", for_delete),
        "restore": Deed(restore, "Take the mark away.", one_domain),
    }
