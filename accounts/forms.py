"""Forms about accounts and aliases. What slapd refuses is said at the field."""

from django import forms
from django.db import DatabaseError

from accounts import destinations as reading
from accounts import quota
from accounts.fields import Destinations, LocalPart, Quota
from accounts.models import Address, MailAccount, MailAlias
from accounts.passwords import ShownPassword, check
from vmail_admin.addresses import (
    ACCOUNT_LOCAL_PART,
    ALIAS_LOCAL_PART,
    fits_directory,
    shown_address,
)
from vmail_admin.directory import policy
from vmail_admin.directory.errors import AlreadyThere, Invalid, NotAllowed, NotKept
from vmail_admin.directory.identity import current
from vmail_admin.directory.names import POSTMASTER
from vmail_admin.directory.passwords import PasswordRefused, change_password, generated
from vmail_admin.forms import EntryForm, Text, in_words
from vmail_admin.journal.trash import before_it, marked_account

GENERATE, TYPE, NONE = "generate", "type", "none"
TAKEN = "{entry} is taken already."
FOR_POSTMASTERS = "For postmasters: this panel does not show it to the owner."


def refuse_loops(form, mail, wanted, entries=None):
    """Mail that goes round in a circle is delivered to nobody."""
    if mail in (one.lower() for one in wanted):
        form.add_error("destinations", "An alias cannot send mail to itself.")
    elif way := reading.loop_from(mail, wanted, entries or Address.objects.all()):
        shown = " → ".join(map(shown_address, way))
        form.add_error("destinations", f"Mail would go round in a circle: {shown}.")


class NewEntryForm(forms.Form):
    """What a new account and a new alias share: an address that must still be free.

    ``model`` is what it makes, ``kept`` the names of the fields that are the entry's own.
    """

    model, kept = None, ()

    def __init__(self, data=None, *, domain):
        super().__init__(data)
        self.domain = domain
        # What was here before under this address: it can be restored, or passed over.
        self.before = None
        # What this person added a moment ago: a second click on Add, whose first answer was lost.
        self.twin = None

    def over(self, data):
        """The same form over other data: to make a new one takes longer than to ask it."""
        self.is_bound, self.data, self._errors = True, data, None
        return self

    @property
    def mail(self):
        return f"{self.cleaned_data.get('local_part', '')}@{self.domain.name.lower()}"

    def clean(self):
        cleaned = super().clean()
        if "local_part" in cleaned and not fits_directory(self.mail):
            self.add_error("local_part", "Together with the domain this is too long to be kept.")
        return cleaned

    def add(self, entry):
        """Whether slapd took the new entry; where not, the form says why.

        Only slapd knows what is taken: an alias of that address stands in the way of an account.
        """
        # A button beside what was here before sends "anyway".
        if "anyway" not in self.data and (before := before_it(entry)):
            self.before = before
            return False
        try:
            entry.save()
        except AlreadyThere:
            self.add_error("local_part" if "local_part" in self.fields else None, self.taken(entry))
            self.before = marked_account(entry.mail, entry.new_dn())
            there = type(entry).objects.at(entry.new_dn()).first()
            self.twin = there if there and there.was_just_added_by(current().dn) else None
        except Invalid as refusal:
            self.add_error(None, in_words(refusal))
        else:
            return True
        return False

    def entry(self):
        """The entry as it would be added. The form must be valid by now."""
        values = {name: self.cleaned_data[name] for name in self.kept}
        return self.model(mail=self.mail, **values)

    def taken(self, entry):
        return TAKEN.format(entry=entry)


class NewAccountForm(NewEntryForm):
    model, kept = MailAccount, ("full_name", "quota", "description")

    local_part = LocalPart(
        pattern=ACCOUNT_LOCAL_PART,
        allowed="The address of an account holds letters a to z, digits and . _ - only.",
    )
    full_name = Text(label="Name", required=False)
    password_choice = forms.ChoiceField(
        label="Password",
        choices=[
            (GENERATE, "Generate one and show it to me"),
            (TYPE, "I type one"),
            (NONE, "None yet: the account receives mail, but nobody can sign in"),
        ],
        initial=GENERATE,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Please choose one."),
    )
    password = ShownPassword(label="The password", required=False)
    quota = Quota()
    description = Text(label="Note", required=False, help_text=FOR_POSTMASTERS)

    def __init__(self, data=None, *, domain, rules=None):
        super().__init__(data, domain=domain)
        self.rules = rules or policy.rules()

    def clean(self):
        cleaned = super().clean()
        choice, typed = cleaned.get("password_choice"), cleaned.get("password", "")
        if choice == TYPE and "password" not in self.errors:
            try:
                check(typed, self.rules, self.mail)
            except forms.ValidationError as error:
                self.add_error("password", error)
        made = generated(self.rules.min_length) if choice == GENERATE else ""
        self.password = typed if choice == TYPE else made
        return cleaned

    def save(self):
        """The new account, or None. An account whose password is refused is taken back."""
        account = self.entry()
        if not self.add(account):
            return None
        try:
            if self.password:
                change_password(account.dn, self.password)
        except (PasswordRefused, NotAllowed, NotKept) as refusal:
            self.add_error("password", f"{refusal}{taken_back(account)}")
            return None
        return account


def taken_back(account):
    """Deletes what was just added; where even that is refused, a sentence about what is left."""
    try:
        account.delete()
    except DatabaseError:
        return f" {account} is here all the same, without a password: give it one on its own page."
    return ""


class AccountForm(EntryForm):
    full_name = Text(label="Name", required=False)
    quota = Quota()
    description = Text(label="Note", required=False, help_text=FOR_POSTMASTERS)

    edits = ("full_name", "quota", "description")

    def shown(self, name, value):
        return quota.shown(value) if name == "quota" else value


class NewAliasForm(NewEntryForm):
    model, kept = MailAlias, ("destinations", "full_name", "description")

    local_part = LocalPart(
        pattern=ALIAS_LOCAL_PART,
        allowed="The address of an alias holds letters a to z, digits and . _ - + and the like.",
        # Browsers take /./ out of a URL, and the page of such an alias could not be opened.
        forbidden="/",
    )
    destinations = Destinations()
    full_name = Text(label="Name", required=False)
    description = Text(label="Note", required=False, help_text=FOR_POSTMASTERS)

    # Where it is looked up whose mail goes on to whom; None: in the directory.
    entries = None

    def clean(self):
        cleaned = super().clean()
        if "local_part" not in self.errors and cleaned.get("destinations"):
            refuse_loops(self, self.mail, cleaned["destinations"], self.entries)
        return cleaned

    def save(self):
        alias = self.entry()
        return alias if self.add(alias) else None


class NewCatchAllForm(NewAliasForm):
    """The catch-all is the alias of the domain without a part before the @."""

    local_part = None

    def taken(self, entry):
        return "This domain has a catch-all already."


class AliasForm(EntryForm):
    destinations = Destinations()
    full_name = Text(label="Name", required=False)
    description = Text(label="Note", required=False, help_text=FOR_POSTMASTERS)

    edits = ("destinations", "full_name", "description")

    def __init__(self, data=None, *, entry):
        if entry.special == POSTMASTER:
            # Its name is a part of its DN.
            self.edits = tuple(name for name in self.edits if name != "full_name")
        super().__init__(data, entry=entry)
        if entry.special == POSTMASTER:
            self.fields.pop("full_name", None)

    def shown(self, name, value):
        return "\n".join(map(shown_address, value)) if name == "destinations" else value

    def clean(self):
        cleaned = super().clean()
        wanted = cleaned.get("destinations", [])
        if set(wanted) - set(self.entry.destinations):
            refuse_loops(self, self.entry.mail.lower(), wanted)
        return cleaned


class MyNameForm(EntryForm):
    full_name = Text(label="Name", required=False, help_text="Shown to your postmaster.")

    edits = ("full_name",)


class MyDestinationsForm(AliasForm):
    full_name = description = None

    edits = ("destinations",)
