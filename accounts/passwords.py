"""What a new password has to be, checked before slapd is asked; and forms that ask for one."""

from django import forms
from django.db import DatabaseError

from vmail_admin.directory import policy
from vmail_admin.directory.fields import no_control_characters
from vmail_admin.directory.names import key_of
from vmail_admin.directory.passwords import PasswordRefused, change_password, generated
from vmail_admin.forms import SENTENCES, Secret, one_sentence
from vmail_admin.signing_in.forms import knows_password


class ShownPassword(forms.CharField):
    """A password somebody makes for another: seen while typing, for it will be read out."""

    default_validators = [no_control_characters]
    default_error_messages = SENTENCES

    def __init__(self, **options):
        widget = forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        )
        super().__init__(max_length=200, strip=False, widget=widget, **options)

    def run_validators(self, value):
        one_sentence(super().run_validators, value)


def check(password, rules, mail):
    """Raises ValidationError where our own rules refuse; slapd's policy speaks later."""
    if len(password) < rules.min_length:
        raise forms.ValidationError(
            f"A password has at least {rules.min_length} characters; this one has {len(password)}."
        )
    if mail and password.lower() in (mail, mail.partition("@")[0]):
        raise forms.ValidationError("The address itself is no password.")


class NewPasswordForm(forms.Form):
    """A postmaster gives somebody a new password."""

    new_password = ShownPassword(label="New password")

    def __init__(self, data=None, *, entry):
        self.rules = policy.rules()
        self.suggestion = generated(self.rules.min_length)
        super().__init__(data, initial={"new_password": self.suggestion})
        self.entry = entry

    def clean_new_password(self):
        password = self.cleaned_data["new_password"]
        check(password, self.rules, self.entry.mail)
        return password

    def save(self):
        """Whether the directory took it; where not, the form says why."""
        try:
            change_password(self.entry.dn, self.cleaned_data["new_password"])
        except PasswordRefused as refusal:
            self.add_error("new_password", str(refusal))
            return False
        date_entry(self.entry)
        return True


class OwnPasswordForm(forms.Form):
    """One's own new password. The old one is asked, so that an open screen is not enough."""

    old_password = Secret(label="Old password", autocomplete="current-password")
    new_password = Secret(label="New password", autocomplete="new-password")

    def __init__(self, data=None, *, person, place):
        super().__init__(data)
        self.person, self.place = person, place
        # Before a forced change slapd answers no search, so only our own rules can be shown.
        self.rules = policy.least_rules() if person.must_change else policy.rules()

    def clean_old_password(self):
        password = self.cleaned_data["old_password"]
        knows_password(key_of(self.person.dn), self.place, password)
        return password

    def clean_new_password(self):
        password = self.cleaned_data["new_password"]
        check(password, self.rules, self.person.mail)
        if password == self.cleaned_data.get("old_password"):
            raise forms.ValidationError("This is the old password. Choose one that is new.")
        return password

    def save(self):
        """Whether the directory took it; where not, the form says why."""
        old, new = self.cleaned_data["old_password"], self.cleaned_data["new_password"]
        try:
            change_password(self.person.dn, new, old)
        except PasswordRefused as refusal:
            self.add_error("new_password", str(refusal))
            return False
        return True


def date_entry(entry):
    """The password is changed by now: a date that could not be written does not undo that."""
    try:
        entry.touch()
    except DatabaseError:  # slapd's answers are kinds of it, and so is the journal's
        return
