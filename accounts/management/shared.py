"""What the commands account, alias and postmaster have in common."""

from contextlib import contextmanager

from django.conf import settings
from django.http import Http404

from accounts import quota
from accounts.models import Address
from accounts.passwords import NewPasswordForm
from accounts.views.addresses import mark_postmasters
from accounts.views.shared import saved
from accounts.welcome import send_welcome
from domains.managed import is_oneself, managed_or_404, not_by_oneself
from domains.models import VirtualDomain
from vmail_admin.command_line.asking import password_for
from vmail_admin.command_line.command import found
from vmail_admin.command_line.exits import SILENT, NotFound, Problem, form_problems, told_of
from vmail_admin.command_line.names import domain_name

ON_OFF = {"on": True, "off": False}


def managed(caller, name):
    """The domain as the caller manages it. Raises NotFound in a sentence that names it."""
    try:
        return managed_or_404(caller, name)
    except Http404:
        raise NotFound(f"{name} is not here, or the directory does not show it to you.") from None


def entry_of(model, mail):
    return found(model.objects.entry_of(mail), mail)


@contextmanager
def each(caller, name):
    """One of several: where it is refused, that is said and the others are done all the same."""
    try:
        yield
    except Exception as error:
        answer = told_of(error)
        if answer is None or answer[0] == SILENT:
            raise
        code, problems = answer
        for _, sentence in problems:
            caller.out.refused(sentence, name, code)


def row_of(entry):
    """An account or an alias, as --json shows it. docs/command-line.md lists the keys."""
    row = {
        "address": entry.mail,
        "kind": entry.kind,
        "name": entry.full_name,
        "active": entry.active,
        "last_change": entry.last_change and entry.last_change.isoformat(),
    }
    if entry.kind == "alias":
        return row | {"destinations": list(entry.destinations)}
    stored = getattr(entry, "stored_quota", None)
    stored = entry.quota if stored is None else stored
    return row | {
        "marked_for_deletion": entry.to_be_deleted,
        "quota": quota.shown(stored),
        "quota_stored": stored,
    }


# --- lists


def for_list(parser):
    parser.add_argument("domain", type=domain_name, nargs="*", help="without any: all you see")
    parser.add_argument("--search", default="", metavar="TEXT", help="in addresses and names")
    parser.add_argument("--off", action="store_true", help="only what is switched off")
    parser.add_argument("--marked", action="store_true", help="only what is marked for deletion")


def list_addresses(caller, options, kind, columns):
    rows, cut = [], False
    names = options["domain"] or domains_of(caller)
    if not names:
        caller.out.note("You look after no domain: there is nothing to list.")
    with caller.out.progress("Reading", len(names)) as step:
        for name in names:
            with each(caller, name):
                found, more = rows_in(caller, name, kind, options["search"])
                rows += found
                cut = cut or more
            step()
    rows = [row for row in rows if is_wanted(row, options)]
    caller.out.table(columns, sorted(rows, key=lambda row: row["address"]))
    if cut:
        caller.out.refused("The directory shows no more than these; there are others.")


def domains_of(caller):
    if not caller.person.is_site_admin:
        return caller.person.domains
    return sorted(domain.name for domain in VirtualDomain.objects.all().bounded(0)[0])


def rows_in(caller, name, kind, search):
    """The rows of one domain. slapd sends entry by entry, however many there are."""
    postmaster = managed(caller, name).postmaster
    entries = Address.objects.in_domain(name).of_kind(kind).matching(search)
    entries, cut = entries.bounded(0)
    mark_postmasters(entries, postmaster)
    return [row_of(entry) | {"postmaster": entry.is_postmaster} for entry in entries], cut


def is_wanted(row, options):
    if options["off"] and row["active"]:
        return False
    return not options["marked"] or row.get("marked_for_deletion", False)


# --- additions


def add_anyway(parser):
    parser.add_argument(
        "--anyway", action="store_true", help="though the address was somebody's, or has mail"
    )


def anyway(options):
    """As the button of the page sends it."""
    return {"anyway": "on"} if options["anyway"] else {}


def not_added(form):
    """What a form for a new entry refuses, with the way back to what was here before."""
    problems = form_problems(form)
    if before := form.before:
        problems.append(("", BEFORE[getattr(before, "what", "")].format(before=before)))
    return Problem(*problems)


BEFORE = {
    "account": "{before.name} waits in the trash: vmail account restore {before.name}",
    "alias": "{before.name} was deleted lately, and mail that people still send there would reach "
    "whoever gets the address. vmail journal undo {before.row.pk} brings it back; --anyway adds a "
    "new one.",
    "": "There is mail of an earlier {before.name} on this server, and whoever gets this account "
    "can read it. --anyway adds it all the same.",
}


# --- changes


def edit(caller, entry, kind, given, active):
    """Saves what was given through the panel's own form; then the switch, an act of its own."""
    if active == "off":
        not_oneself(caller, entry, "switch yourself off")
    if given:
        form = kind({}, entry=entry)
        form = kind({**form.initial, **given}, entry=entry)
        if not (form.is_valid() and form.save()):
            raise Problem(*(form_problems(form) or [stale_sentence(form)]))
        entry = form.entry
    if active:
        entry.switch(ON_OFF[active])
    caller.out.done(f"{entry} is saved.", **row_of(entry))


def stale_sentence(form):
    who = form.stale["who"] or "Somebody"
    return f"{who} changed this in the meantime: look, and try again."


def not_oneself(caller, entry, deed):
    if is_oneself(caller, entry):
        raise Problem(not_by_oneself(deed))


# --- passwords


def add_password_options(parser):
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--ask", action="store_true", help="type it, instead of generating one")
    group.add_argument("--password-file", metavar="FILE", help="its first line is the password")


def typed_password(options):
    """A password somebody chose, or "" for one to be generated."""
    if options["ask"] or options["password_file"]:
        return password_for("New password", options["password_file"])
    return ""


def new_password(caller, entry, options):
    if not is_oneself(caller, entry):
        managed(caller, entry.domain_name)
    typed = typed_password(options)
    form = NewPasswordForm(None, entry=entry)
    form = NewPasswordForm({"new_password": typed or form.suggestion}, entry=entry)
    if not (form.is_valid() and saved(form, entry)):
        raise Problem(*form_problems(form))
    made = "" if typed else form.cleaned_data["new_password"]
    say_new(caller, entry, f"{entry} has a new password.", made)


def say_new(caller, entry, sentence, password):
    """A generated password is said once, here. In a dry run none was given."""
    facts = row_of(entry)
    if password and caller.trial is None:
        facts["password"] = password
        sentence = f"{sentence} Its password: {password}"
    caller.out.done(sentence, **facts)


def welcome(caller, account):
    """The first mail, where the site wants one, as the panel sends it."""
    if said := send_welcome(account, panel_url()):
        caller.out.note(said)


def panel_url():
    return f"{'https' if settings.HTTPS else 'http'}://{settings.ALLOWED_HOSTS[0]}/"


def add_facts(parser, *more):
    for name in ("--name", *more, "--note"):
        parser.add_argument(name, help=FACTS[name])


FACTS = {
    "--name": "the person's name",
    "--quota": "as in 500 MB or 2 GB; empty: no limit",
    "--note": "for postmasters",
}
