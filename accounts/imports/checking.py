"""Each row of a table by the forms of the panel: what would be added, or what is wrong with it.

``Checker.checked`` asks the forms; ``Checker.ask_slapd`` asks slapd itself, which writes nothing
then (see vmail_admin.directory.dry_run). Neither is the safety net: slapd decides again when the
row is added.
"""

from accounts.destinations import BETWEEN
from accounts.forms import GENERATE, NONE, TYPE, NewAccountForm, NewAliasForm, NewCatchAllForm
from accounts.imports.before import note_before, note_taken
from accounts.imports.columns import ACCOUNTS, ALIASES, spelt
from accounts.imports.rows import Checked, problems_of
from accounts.models import Address, MailAlias
from vmail_admin.addresses import ascii_domain
from vmail_admin.directory import policy
from vmail_admin.directory.dry_run import dry_run
from vmail_admin.directory.entries import add_together
from vmail_admin.directory.errors import AlreadyThere

# Also what a spreadsheet writes for true and false where it speaks another language.
ON = {
    *("yes", "y", "true", "t", "1", "on", "active", "enabled", "x", "ja", "j", "wahr", "an"),
    *("oui", "vrai", "si", "s", "verdadero", "vero", "sim", "verdadeiro", "waar", "tak", "prawda"),
}
OFF = {
    *("no", "n", "false", "f", "0", "off", "inactive", "disabled", "nein", "falsch", "aus"),
    *("non", "faux", "falso", "nao", "nee", "onwaar", "nie", "falsz"),
}

KIND_OF = {"account": ACCOUNTS, "mailbox": ACCOUNTS, "alias": ALIASES}
OF_THE_OTHER_KIND = {
    ACCOUNTS: "An account sends no mail on. If this is an alias, import it among the aliases.",
    ALIASES: "This is an account: import it among the accounts.",
}

# Where a problem of a form belongs in the table.
CELLS = {"local_part": "address", "password_choice": "password", "__all__": ""}


def address_of(text, domain):
    """The part before the @ of an address in this domain, in either spelling of it.

    Raises ValueError with a sentence where the address is of another domain.
    """
    local_part, at, name = text.strip().rpartition("@")
    if not at:
        return text.strip()
    try:
        ours = ascii_domain(name) == domain.name.lower()
    except ValueError:
        ours = name.lower() == domain.name.lower()
    if not ours:
        raise ValueError(f"This is no address of {domain}.")
    return local_part


def note_twice(table, domain):
    """Marks rows whose address another row above has: only the first of them can be added."""
    first = {}
    for row in table.rows:
        try:
            name = address_of(row.values.get("address", ""), domain).lower()
        except ValueError:
            continue
        if name in first:
            row.values["twice"] = str(first[name])
        else:
            first[name] = row.line
    return table


class Beside:
    """Where mail goes once the whole table is in: its rows stand before the directory's entries."""

    def __init__(self, rows):
        self.rows = rows  # {address: destinations}

    def filter(self, mail__in):
        wanted = set(mail__in)
        yield from (
            MailAlias(mail=mail, destinations=self.rows[mail]) for mail in wanted & set(self.rows)
        )
        if others := sorted(wanted - set(self.rows)):
            yield from Address.objects.filter(mail__in=others)


class Checker:
    """Checks rows for one domain. ``make`` passwords for accounts that come without one, or not.

    ``beside``: {address: destinations} of all aliases in the table, to find circles among them.
    ``anyway``: rows are good too whose address was somebody's before.
    """

    def __init__(self, domain, kind, make=True, beside=None, anyway=False):
        self.domain, self.kind, self.make, self.anyway = domain, kind, make, anyway
        self.rules = policy.rules() if kind == ACCOUNTS else None
        self.entries = Beside(beside) if beside else None
        self._forms = {}

    def checked(self, row):
        """By the forms alone; slapd is asked nothing but where aliases lead."""
        values, problems = row.values, {}
        if cell := cell_of_other_kind(values, self.kind):
            wrong = Checked(row.line, values.get("address", "")[:200])
            return wrong.is_wrong({cell: [OF_THE_OTHER_KIND[self.kind]]})
        try:
            local_part = address_of(values.get("address", ""), self.domain)
        except ValueError as error:
            problems["address"], local_part = [str(error)], ""
        form = self._form_of(values, local_part)
        for name, sentences in form.errors.items():
            # Of an address of another domain, only that is said.
            if name != "local_part" or "address" not in problems:
                problems.setdefault(CELLS.get(name, name), []).extend(map(str, sentences))
        active = active_of(values.get("active", ""), problems)
        refuse_shape(values, problems)
        if problems:
            return Checked(row.line, values.get("address", "")[:200]).is_wrong(problems)
        entry = {"mail": form.mail, "active": active}
        entry |= {name: form.cleaned_data[name] for name in form.kept}
        password = getattr(form, "password", "")
        made = bool(password) and not values.get("password")
        return Checked(row.line, form.mail, entry, password, made)

    def _form_of(self, values, local_part):
        data = {
            "local_part": local_part,
            "full_name": name_of(values),
            "description": values.get("description", ""),
        }
        if self.kind == ACCOUNTS:
            typed = values.get("password", "")
            choice = TYPE if typed else GENERATE if self.make else NONE
            data |= {"password": typed, "password_choice": choice}
            data["quota"] = values.get("quota", "")
            return self._form(NewAccountForm, rules=self.rules).over(data)
        data["destinations"] = values.get("destinations", "")
        is_catch_all = not local_part and "@" in values.get("address", "")
        form = self._form(NewCatchAllForm if is_catch_all else NewAliasForm).over(data)
        form.entries = self.entries
        return form

    def _form(self, kind, **options):
        if kind not in self._forms:
            self._forms[kind] = kind(domain=self.domain, **options)
        return self._forms[kind]

    def ask_slapd(self, rows):
        """Asks slapd about the good ones, and notes what it would refuse. Whether it could say.

        ``rows`` may be checked while it is asked about the ones before: the forms take their time
        too. Raises NotAnswering.
        """
        good, taken = [], []

        def entries():
            for row in rows:
                if row.is_good:
                    good.append(row)
                    yield row.new_entry(self.kind)

        with dry_run() as trial:
            outcomes = add_together(entries())
        for row, refusal in zip(good, outcomes, strict=True):
            if refusal is not None:
                row.is_wrong(problems_of(refusal, row))
            if isinstance(refusal, AlreadyThere):
                taken.append(row)
        # Where slapd tries nothing, one search says at least which addresses are taken.
        self._look_at_taken(taken + [row for row in good if row.is_good and trial.unsent])
        note_before([row for row in good if row.is_good], self.kind, self.anyway)
        return not trial.unsent

    def _look_at_taken(self, rows):
        """One search says which of them are there, and which of those wait in the trash."""
        if rows:
            wanted = [row.mail for row in rows]
            found = Address.objects.in_domain(self.domain.name).filter(mail__in=wanted)
            note_taken(rows, {entry.mail.lower(): entry for entry in found})


def cell_of_other_kind(values, kind):
    """Which cell says that a row is an alias among accounts, or the other way round; or ""."""
    if KIND_OF.get(spelt(values.get("kind", "")), kind) != kind:
        return "kind"
    return "destinations" if kind == ACCOUNTS and values.get("destinations") else ""


def name_of(values):
    first, last, full = (values.get(n, "") for n in ("first_name", "last_name", "full_name"))
    if not full:
        return " ".join(filter(None, (first, last)))
    # Beside a first name alone, "name" is the last one.
    is_half = first and not last and first.casefold() not in full.casefold()
    return f"{first} {full}" if is_half else full


def active_of(word, problems):
    word = spelt(word) or word.strip()
    if word and word not in ON | OFF:
        problems["active"] = ["Yes or no; empty means yes."]
    return word not in OFF


def refuse_shape(values, problems):
    """What is wrong with a row as a part of the table."""
    if line := values.get("twice"):
        problems.setdefault("address", []).append(f"Line {line} has this address too.")
    if "too_many" in values:
        problems[""] = [f"This line has {values['too_many']} cells, more than there are columns."]


def beside_of(table, domain):
    """{address: destinations} of the aliases in a table, as far as they can be read."""
    found = {}
    for row in table.rows:
        try:
            name = address_of(row.values.get("address", ""), domain).lower()
        except ValueError:
            continue
        words = BETWEEN.split(row.values.get("destinations", "").lower())
        found[f"{name}@{domain.name.lower()}"] = [one for one in words if one]
    return found
