"""vmail export: what a domain holds, as a table or as LDIF."""

from accounts.exports.ldif import ALL_BUT_PASSWORDS, EVERYTHING, ldif_of
from accounts.exports.tables import lines_of, rows_of
from accounts.exports.views import NOT_THE_HASHES
from accounts.management import shared
from accounts.models import AddressInFull
from accounts.querysets import LISTS
from vmail_admin.command_line.asking import new_file
from vmail_admin.command_line.command import Deed, SingleCommand
from vmail_admin.command_line.exits import Usage
from vmail_admin.command_line.names import domain_name
from vmail_admin.directory.errors import NotAllowed


def export(caller, options):
    if options["json"] and not options["to"]:
        raise Usage("--json and the export itself cannot both be said: use --to FILE.")
    managed = shared.managed(caller, options["domain"])
    if options["hashes"] and not caller.person.is_site_admin:
        raise NotAllowed(NOT_THE_HASHES)
    found = AddressInFull.objects.in_domain(managed.domain.name)
    found = found.of_kind(options["kind"]).matching(options["search"])
    if options["ldif"] or options["hashes"]:
        whole = not options["search"] and options["kind"] == "all"
        text = ldif_of(entries(managed.domain, found, options["hashes"], whole))
    else:
        text = lines_of(rows_of(found.streamed()))
    with new_file(options["to"], keep=False) if options["to"] else caller.out.pipe() as file:
        for piece in text:
            file.write(piece)
    if options["to"]:
        caller.out.done(f"{managed.domain} is in {options['to']}.", file=options["to"])


def entries(domain, found, with_hashes, whole):
    """The domain's own entry goes first, unless only a part of its addresses is wished."""
    attributes = EVERYTHING if with_hashes else ALL_BUT_PASSWORDS
    if whole:
        yield from type(domain).objects.named(domain.name).streamed_raw(attributes)
    yield from found.streamed_raw(attributes)


def arguments(parser):
    parser.add_argument("domain", type=domain_name)
    parser.add_argument("--to", metavar="FILE", help="a new file; else it is for a pipe")
    parser.add_argument("--ldif", action="store_true", help="entries, not a table")
    parser.add_argument(
        "--hashes", action="store_true", help="LDIF with the hashes of passwords (site admins)"
    )
    parser.add_argument("--search", default="", metavar="TEXT", help="in addresses and names")
    parser.add_argument("--kind", choices=["all", *LISTS], default="all")


class Command(SingleCommand):
    help = "What a domain holds, as a table (CSV) that import reads again, or as LDIF."
    deed = Deed(export, help, arguments, writes=False)
