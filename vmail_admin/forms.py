"""Sign in; and what all forms share."""

from django import forms

from vmail_admin.directory.errors import Stale
from vmail_admin.directory.fields import no_control_characters


class Text(forms.CharField):
    """One line of text. Control characters are refused with a sentence, never dropped."""

    default_validators = [no_control_characters]

    def __init__(self, *, max_length=200, **options):
        super().__init__(max_length=max_length, **options)


class Secret(forms.CharField):
    """A password: taken as typed, blanks and all, and never sent back to the page."""

    default_validators = [no_control_characters]

    def __init__(self, *, autocomplete, **options):
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(max_length=200, strip=False, widget=widget, **options)


class SignInForm(forms.Form):
    login = Text(
        label="Address or name",
        max_length=400,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = Secret(label="Password", autocomplete="current-password")


class EntryForm(forms.Form):
    """A form over an entry. It remembers which version of the entry it showed.

    `save()` answers False where somebody else changed the entry since. Then `stale` says who and
    what, the form keeps what was typed, and the next submit is over the new version.
    """

    version = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    edits = ()  # the names of the fields that are the entry's own

    def __init__(self, data=None, *, entry, **options):
        self.entry = entry
        self.stale = None
        initial = {name: self.shown(name) for name in self.edits} | {"version": entry.version}
        super().__init__(data, initial=initial, **options)

    def shown(self, name):
        """What the form shows for a field of the entry."""
        return getattr(self.entry, name)

    def save(self):
        """Saves what differs. Raises what the directory refuses, except that it is stale."""
        current = self.entry.version
        self.entry.version = self.cleaned_data["version"] or current
        for name in self.edits:
            setattr(self.entry, name, self.cleaned_data[name])
        try:
            self.entry.save()
        except Stale:
            self._tell_what_changed()
            return False
        return True

    def _tell_what_changed(self):
        typed = {name: self.cleaned_data[name] for name in self.edits}
        self.entry = type(self.entry).objects.at(self.entry.dn).get()
        fields = [
            {"label": self[name].label, "now": self.shown(name), "typed": typed[name]}
            for name in self.edits
            if getattr(self.entry, name) != typed[name]
        ]
        self.stale = {
            "who": self.entry.changed_by_label(),
            "when": self.entry.changed_at,
            "fields": fields,
        }
        self.data = self.data.copy()
        self.data["version"] = self.entry.version
