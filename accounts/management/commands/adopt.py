"""vmail adopt: a report on a directory that something else filled, and its mending."""

from collections import Counter, defaultdict

from accounts.adoption.findings import findings_in, schemes_in
from accounts.adoption.kinds import KINDS
from accounts.adoption.tree import read_tree
from accounts.management.shared import each
from vmail_admin.command_line.asking import agrees, is_asked
from vmail_admin.command_line.command import Deed, SingleCommand
from vmail_admin.command_line.exits import Usage
from vmail_admin.command_line.plain import plain
from vmail_admin.directory.changes import new_batch, told
from vmail_admin.directory.raw import changed

MOST_SHOWN = 5  # of each kind, to people, unless all are asked for
COUNTS = {"count": "Count", "finding": "Found", "mends": "Can be mended"}
SCHEMES = {"count": "Count", "scheme": "Stored passwords"}


def adopt(caller, options):
    if options["yes"] and not options["fix"]:
        raise Usage("--yes goes with --fix.")
    tree = read_tree()
    findings = [
        one for one in findings_in(tree) if not options["only"] or one.kind in options["only"]
    ]
    if options["fix"]:
        mend(caller, findings, options)
    else:
        report(caller, tree, findings, options["all"])


def report(caller, tree, findings, everything):
    schemes = schemes_in(tree)
    rows = [{"scheme": name, "count": count} for name, count in sorted(schemes.items())]
    caller.out.table(SCHEMES, rows)
    if not schemes:
        caller.out.note("No password could be looked at: that takes a site admin or root.")
    counts = Counter(one.kind for one in findings)
    mends = Counter(one.kind for one in findings if one.steps)
    rows = [
        {"kind": kind, "count": counts[kind], "finding": says, "mends": mends[kind]}
        for kind, says in KINDS.items()
        if counts[kind]
    ]
    caller.out.table(COUNTS, rows)
    shown = defaultdict(int)
    for one in findings:
        shown[one.kind] += 1
        if everything or shown[one.kind] <= MOST_SHOWN:
            caller.out.say(f"{one.kind}: {one.dn} {one.says}")
        caller.out.record(kind=one.kind, dn=one.dn, says=one.says, mends=bool(one.steps))
    if not everything and max(counts.values(), default=0) > MOST_SHOWN:
        caller.out.note("More are found than are shown here: see --all or --json.")
    caller.out.note(f"{len(tree.entries)} entries were looked at. Nothing was changed.")


def mend(caller, findings, options):
    sure = [one for one in findings if one.steps]
    if not options["yes"] and not caller.trial and not is_asked():
        raise Usage("There is nobody to ask here: say --yes.")
    before = defaultdict(tuple)
    with told(batch=new_batch()):
        for one in sure:
            if options["yes"] or caller.trial or agrees(plain(question(one))):
                with each(caller, one.dn), told(why=f"adopt: {one.says}"):
                    # What is only tried leaves nothing behind for the next step to stand on.
                    changed(one.dn, before[one.dn] + one.steps if caller.trial else one.steps)
                    before[one.dn] += one.steps
                    sentence = f"{one.kind}: {one.dn} {one.says}: mended."
                    caller.out.done(sentence, kind=one.kind, dn=one.dn, says=one.says, mended=True)
    if rest := len(findings) - len(sure):
        caller.out.note(f"{rest} findings are for a person to decide; vmail adopt shows them.")


def question(one):
    words = "; ".join(f"{how} {name} {shown(values)}".strip() for how, name, values in one.steps)
    return f"{one.dn} {one.says}.\n  {words}?"


def shown(values):
    return " ".join(value.decode("utf-8", "replace") for value in values or ())


def arguments(parser):
    parser.add_argument("--only", nargs="+", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--all", action="store_true", help="show every finding, not some of each")
    parser.add_argument("--fix", action="store_true", help="mend what is sure, asking each time")
    parser.add_argument("--yes", action="store_true", help="mend without asking")


class Command(SingleCommand):
    help = (
        "Look through a directory that something else filled, such as Jamm, and report what the "
        "panel or the strict rules would stumble over. Nothing is changed without --fix."
    )
    deed = Deed(adopt, help, arguments)
