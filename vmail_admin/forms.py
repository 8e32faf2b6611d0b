"""Sign in; and what all forms share."""

import re

from django import forms

from vmail_admin.directory.entries import SEAL
from vmail_admin.directory.errors import Gone, Invalid, Stale
from vmail_admin.directory.fields import no_control_characters, nothing_that_turns

# A version of an entry, as slapd writes it (draft-ietf-ldup-model, change sequence number).
CSN = r"\d{14}\.\d{6}Z#[0-9a-f]{6}#[0-9a-f]{3}#[0-9a-f]{6}"
VERSION = re.compile(rf"{CSN}(?: [0-9a-f]{{{SEAL}}})?")
LONG_AGO = "19700101000000.000000Z#000000#000#000000"

SENTENCES = {
    "required": "Please fill this in.",
    "max_length": "This takes at most %(limit_value)d characters; you typed %(show_value)d.",
}
MOST_SEARCHED = 200  # characters
MOST_BYTES = 512  # of a name or a note; slapd's own limit, see the constraint overlay


def posted(request):
    """What was sent, if anything was: an empty form is sent too."""
    return request.POST if request.method == "POST" else None


def search_of(request):
    """What the search box holds. slapd would take a NUL for the end of a value."""
    text = request.GET.get("search", "")[:MOST_SEARCHED]
    return "".join(letter for letter in text if letter.isprintable()).strip()


def in_words(refusal):
    """What slapd says of a value it does not accept."""
    if "unique" in refusal.detail:
        return "Another entry of the directory holds this already."
    return f"{refusal} ({refusal.detail})" if refusal.detail else str(refusal)


def short_enough(value):
    """Emoji take four bytes each, and slapd counts bytes."""
    if len(value.encode()) > MOST_BYTES:
        raise forms.ValidationError("This is too long for the directory.")


def one_sentence(validate, value):
    """Raises one sentence of what is wrong: several rules look at a length, and at a NUL.

    Of a length it is the one that names the limit.
    """
    try:
        validate(value)
    except forms.ValidationError as error:
        found = {one.code: one for one in error.error_list}
        raise found.get("max_length", error.error_list[0]) from None


class Text(forms.CharField):
    """One line of text. What is not seen and does something is refused, never dropped.

    ``before`` is what the entry holds already: that may stay, whatever it is.
    """

    default_validators = [no_control_characters, nothing_that_turns, short_enough]
    default_error_messages = SENTENCES
    before = ""

    def __init__(self, *, max_length=200, **options):
        super().__init__(max_length=max_length, **options)

    def clean(self, value):
        if self.before and as_typed(value) == as_typed(self.before):
            return self.before
        return super().clean(value)

    def run_validators(self, value):
        one_sentence(super().run_validators, value)


def as_typed(value):
    """A value as it comes back from a browser, whose input field holds a single line."""
    return "".join((value or "").splitlines()).strip()


class Secret(forms.CharField):
    """A password: taken as typed, blanks and all, and never sent back to the page."""

    default_validators = [no_control_characters]
    default_error_messages = SENTENCES

    def __init__(self, *, autocomplete, **options):
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(max_length=200, strip=False, widget=widget, **options)

    def run_validators(self, value):
        one_sentence(super().run_validators, value)


class SignInForm(forms.Form):
    login = Text(
        label="Address or name",
        max_length=400,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )
    password = Secret(label="Password", autocomplete="current-password")

    def refuse(self, sentence):
        """Says so above the form. The focus goes to where the next try is typed, and tells why."""
        self.add_error(None, sentence)
        told = {"data-first-error": "", "aria-describedby": "refused"}
        self.fields["password"].widget.attrs |= told


class Version(forms.CharField):
    """Which version of the entry the page showed, unseen. Any nonsense is one of long ago.

    slapd's own version, a blank, and the seal of the values it had.
    """

    widget = forms.HiddenInput

    def clean(self, value):
        version = self.to_python(value)
        return version if not version or VERSION.fullmatch(version) else LONG_AGO


def version_of(entry):
    """What the field Version holds for an entry; "" where slapd shows no version."""
    return f"{entry.version} {entry.seal()}" if entry.version else ""


class EntryForm(forms.Form):
    """A form over an entry. It remembers which version of the entry it showed.

    `save()` answers False where somebody else changed the entry since. Then `stale` says who and
    what, the form keeps what was typed, and the next submit is over the new version.
    """

    version = Version(required=False)

    edits = ()  # the names of the fields that are the entry's own

    def __init__(self, data=None, *, entry, **options):
        self.entry = entry
        self.stale = None
        initial = {name: self.shown(name, value) for name, value in self.values().items()}
        super().__init__(data, initial=initial | {"version": version_of(entry)}, **options)
        for name, value in self.values().items():
            self.fields[name].before = value

    def values(self):
        return {name: getattr(self.entry, name) for name in self.edits}

    def shown(self, name, value):
        """How the page writes a value of the entry."""
        return value

    def save(self):
        """Whether it is saved. Raises what the directory refuses, except what the form can say."""
        before, version = self.values(), self.version_shown()
        typed = {name: self.cleaned_data[name] for name in self.edits if name in self.data}
        # What was not sent at all stays: only an empty field empties a value.
        self._take_over(before | typed, version or self.entry.version)
        try:
            self.entry.save()
        except Stale:
            self._tell_what_changed()
            return False
        except Invalid as refusal:
            self._take_over(before, version)
            self.add_error(None, in_words(refusal))
            return False
        return True

    def version_shown(self):
        """The version that the page showed; the entry's own where it differs in no value.

        Each wrong password makes a new version, and is nobody's edit.
        """
        version, _, seal = self.cleaned_data["version"].partition(" ")
        return self.entry.version if seal == self.entry.seal() else version

    def _take_over(self, values, version):
        self.entry.version = version
        for name in self.edits:
            setattr(self.entry, name, values[name])

    def _tell_what_changed(self):
        typed = self.values()
        self.entry = type(self.entry).objects.at(self.entry.dn).first()
        if self.entry is None:
            raise Gone(Gone.sentence)
        now = self.values()
        self.stale = {
            "who": self.entry.changed_by_label(),
            "when": self.entry.changed_at,
            "fields": [
                {
                    "label": self[name].label,
                    "now": self.shown(name, now[name]),
                    "typed": self.shown(name, typed[name]),
                }
                for name in self.edits
                if now[name] != typed[name]
            ],
        }
        self.data = self.data.copy()
        self.data["version"] = version_of(self.entry)
