"""What people type about an account or an alias: addresses, quotas, and where mail goes."""

from django import forms

from accounts import destinations as reading
from accounts import quota
from vmail_admin.forms import SENTENCES, Text


class LocalPart(Text):
    """The part of an address before the @, in lower case."""

    def __init__(self, *, pattern, allowed, forbidden="", **options):
        self.pattern, self.allowed, self.forbidden = pattern, allowed, set(forbidden)
        widget = forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        )
        super().__init__(label="Address", max_length=64, widget=widget, **options)

    def clean(self, value):
        value = super().clean(value).lower()
        if "@" in value:
            raise forms.ValidationError("Only the part before the @: the domain is given.")
        if value and (not self.pattern.fullmatch(value) or self.forbidden & set(value)):
            raise forms.ValidationError(self.allowed)
        return value


class Quota(Text):
    """2 GB on the page, 2000000000S in the directory; what was there before may be in any form."""

    def __init__(self):
        super().__init__(
            label="Quota",
            required=False,
            max_length=60,
            help_text="As in 500 MB or 2 GB. Empty: no limit.",
        )

    def clean(self, value):
        value = super().clean(value)
        try:
            return quota.kept(value, self.before)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class Destinations(forms.CharField):
    """Addresses, one a line. ``before`` are those that may stay whatever they are."""

    default_error_messages = SENTENCES
    before = ()

    def __init__(self):
        super().__init__(
            label="Send mail to",
            max_length=20_000,
            help_text="One address a line.",
            widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off"}),
        )

    def clean(self, value):
        value = super().clean(value)
        try:
            return reading.read(value, self.before)
        except ValueError as error:
            raise forms.ValidationError(list(error.args[0])) from None
