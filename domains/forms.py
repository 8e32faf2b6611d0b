"""Forms about domains."""

from django import forms

from domains.creation import NotUndone, create_domain
from domains.models import VirtualDomain
from vmail_admin.addresses import ascii_domain
from vmail_admin.directory.errors import AlreadyThere, Invalid
from vmail_admin.forms import EntryForm, Text


class DomainName(Text):
    """A domain name in either spelling, kept as the directory keeps it."""

    def clean(self, value):
        value = super().clean(value)
        try:
            return ascii_domain(value) if value else value
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class NewDomainForm(forms.Form):
    name = DomainName(
        label="Domain",
        max_length=255,
        help_text="As in example.org. Letters of any script.",
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    description = Text(label="Note", required=False, help_text="For yourself: whose domain it is.")

    def save(self):
        """The new domain, or None with the reason at the field."""
        wanted = VirtualDomain(
            name=self.cleaned_data["name"], description=self.cleaned_data["description"]
        )
        try:
            return create_domain(wanted)
        except AlreadyThere:
            self.add_error("name", f"{wanted} is already here.")
        except (Invalid, NotUndone) as error:
            self.add_error("name", str(error))
        return None


class DomainForm(EntryForm):
    description = Text(label="Note", required=False)

    edits = ("description",)


class TypedNameForm(forms.Form):
    """Asks for the name of the domain, so that nobody deletes the wrong one."""

    typed_name = DomainName(
        label="Type the name of the domain",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data=None, *, domain):
        super().__init__(data)
        self.domain = domain

    def clean_typed_name(self):
        name = self.cleaned_data["typed_name"]
        if name != self.domain.name:
            raise forms.ValidationError(f"This is not {self.domain}.")
        return name
