"""A row on its way from the table into the directory."""

from dataclasses import asdict, dataclass, field

from accounts.forms import TAKEN
from accounts.imports.columns import ACCOUNTS
from accounts.models import MailAccount, MailAlias
from vmail_admin.addresses import shown_address
from vmail_admin.directory.errors import AlreadyThere, Gone, Invalid
from vmail_admin.directory.passwords import PasswordRefused
from vmail_admin.forms import in_words

NO_DOMAIN = "The domain is no longer in the directory."

SENT, MISSED = "sent", "missed"  # a first mail

NEW, GOOD, WRONG, ADDED, REFUSED = "new", "good", "wrong", "added", "refused"


@dataclass
class Checked:
    """A row, and what would become of it. ``problems``: sentences by field, "" for the whole row.

    ``entry`` are the values of the new entry, and empty where something is wrong with the row.
    ``state`` is NEW before it is checked, GOOD or WRONG then, and ADDED or REFUSED once slapd has
    decided. ``typed`` is what the table holds, to be shown beside. ``greeting`` is what became of
    the first mail of a new account, where the site wants one. ``before`` is what is known of
    whoever had the address earlier; see ``imports.before``.
    """

    line: int
    mail: str
    entry: dict = field(default_factory=dict)
    password: str = field(default="", repr=False)
    generated: bool = False
    state: str = GOOD
    problems: dict = field(default_factory=dict)
    typed: dict = field(default_factory=dict)
    greeting: str = ""
    before: str = ""

    @property
    def is_good(self):
        return self.state == GOOD

    def is_wrong(self, problems, state=WRONG):
        self.problems, self.state = problems, state
        return self

    def kept(self):
        """As it is kept between two steps, in JSON."""
        return asdict(self)

    def new_entry(self, kind):
        return (MailAccount if kind == ACCOUNTS else MailAlias)(**self.entry)


def problems_of(refusal, row):
    """What slapd refuses, as sentences at the cell."""
    if isinstance(refusal, PasswordRefused):
        return {"password": [str(refusal)]}
    if isinstance(refusal, AlreadyThere):
        return {"address": [TAKEN.format(entry=shown_address(row.mail))]}
    if isinstance(refusal, Gone):
        return {"": [NO_DOMAIN]}
    return {"": [in_words(refusal) if isinstance(refusal, Invalid) else str(refusal)]}
