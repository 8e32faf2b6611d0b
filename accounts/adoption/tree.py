"""Every entry below o=hosting as slapd holds it, but of passwords only the kind is kept."""

from dataclasses import dataclass, field

from django.conf import settings

from accounts.adoption.passwords import kind_of
from vmail_admin.directory.names import rdns_of
from vmail_admin.directory.raw import rows_below

ACCOUNT, ALIAS, DOMAIN = "jammmailaccount", "jammmailalias", "jammvirtualdomain"
POSTMASTER = "jammpostmaster"
# The names stand in the schema; slapd may answer an attribute in any case.
SECRETS = ("userpassword", "clearpassword")


@dataclass
class Raw:
    """One entry. ``values`` are lists of bytes by the attribute's name in lower case."""

    dn: str
    key: tuple
    values: dict
    schemes: list = field(default_factory=list)  # of its userPassword values
    clear: int = 0  # how many clearPassword values it holds
    has_kind: bool = True  # whether slapd knows its structural class

    def has(self, name):
        return name.lower() in self.values

    def texts(self, name):
        return [one.decode("utf-8", "replace") for one in self.values.get(name.lower(), [])]

    def text(self, name):
        return next(iter(self.texts(name)), "")

    @property
    def classes(self):
        return {one.lower() for one in self.texts("objectClass")}

    @property
    def holds_its_name(self):
        """Whether the value that its DN begins with stands in it too, as X.501 demands."""
        return all(
            value in [one.lower() for one in self.texts(name)] for name, value in self.key[0]
        )

    @property
    def is_account(self):
        return ACCOUNT in self.classes

    @property
    def is_alias(self):
        return ALIAS in self.classes

    @property
    def is_domain(self):
        return DOMAIN in self.classes

    @property
    def is_postmaster(self):
        return POSTMASTER in self.classes

    @property
    def domain(self):
        """The name of the domain it lies in, at any depth, or "" where it lies in none."""
        return next((value for part in self.key for name, value in part if name == "jvd"), "")

    @property
    def mails(self):
        return [mail.lower() for mail in self.texts("mail")]


@dataclass
class Tree:
    """All entries: by their DN, and in an order in which parents come first."""

    base: tuple
    entries: dict

    def __iter__(self):
        return iter(self.entries.values())

    def holds(self, dn):
        return key_of(dn) in self.entries

    def is_below(self, dn):
        """Whether a DN lies in this tree, whatever lies there."""
        key = key_of(dn)
        return key[-len(self.base) :] == self.base

    def depth(self, entry):
        """1 for what stands directly below o=hosting, as domains do."""
        return len(entry.key) - len(self.base)

    def above(self, entry):
        """The entry it stands below, or None where that is outside of this tree."""
        return self.entries.get(entry.key[1:])

    def domains(self):
        return [entry for entry in self if entry.is_domain]


def key_of(dn):
    """A DN as a value that can be compared; () for what is none."""
    return tuple(tuple(part) for part in rdns_of(dn) or ())


def read_tree():
    """The tree that the caller may see. Raises TooMany where it is shown in part only."""
    base = settings.DIRECTORY_BASE_DN
    entries = {}
    for dn, values in rows_below(base, ["*", "structuralObjectClass"]):
        entry = without_passwords(dn, values)
        entries[entry.key] = entry
    return Tree(key_of(base), entries)


def without_passwords(dn, values):
    values = {name.lower(): some for name, some in values.items()}
    # With an option behind the name too, as in userPassword;x-old.
    secret = {name for name in values if name.partition(";")[0] in SECRETS}
    stored = [values.pop(name) for name in sorted(secret) if name.startswith("userpassword")]
    clear = sum(len(values.pop(name)) for name in secret & values.keys())
    has_kind = bool(values.pop("structuralobjectclass", None))
    schemes = [kind_of(one) for some in stored for one in some]
    return Raw(dn, key_of(dn), values, schemes, clear, has_kind)
