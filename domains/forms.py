"""Forms about domains."""

from django import forms

from domains.creation import NotCreated, create_domain
from domains.holders import holder_at
from domains.managed import MARKED
from domains.models import VirtualDomain
from vmail_admin.addresses import LONGEST_DOMAIN_KEPT, ascii_address, ascii_domain, shown_address
from vmail_admin.directory.errors import AlreadyThere, Invalid, NotAllowed
from vmail_admin.directory.names import domain_of
from vmail_admin.forms import EntryForm, Text, in_words
from vmail_admin.journal.reasons import ReasonForm

OWN_ONLY = (
    "You can appoint accounts of {domain} only. The people who run this server can appoint others."
)
AS_TYPED = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}


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
        widget=forms.TextInput(attrs=AS_TYPED),
    )
    description = Text(label="Note", required=False, help_text="For yourself: whose domain it is.")

    def clean_name(self):
        name = self.cleaned_data["name"]
        if len(name) > LONGEST_DOMAIN_KEPT:
            raise forms.ValidationError(
                f"The directory holds names of at most {LONGEST_DOMAIN_KEPT} characters; "
                f"this one has {len(name)}."
            )
        return name

    def save(self):
        """The new domain, or None with the reason at the field."""
        wanted = VirtualDomain(
            name=self.cleaned_data["name"], description=self.cleaned_data["description"]
        )
        try:
            return create_domain(wanted)
        except AlreadyThere:
            self.add_error("name", f"{wanted} is already here.")
        except NotCreated as failure:
            self.add_error(None, str(failure))
        except Invalid as refusal:
            self.add_error("name", in_words(refusal))
        return None


class DomainForm(EntryForm):
    description = Text(label="Note", required=False)

    edits = ("description",)


class AppointForm(forms.Form):
    """Makes an account postmaster by its address: of any domain, as far as slapd lets one."""

    address = Text(
        label="Appoint another address",
        max_length=400,
        widget=forms.TextInput(attrs=AS_TYPED | {"inputmode": "email"}),
    )

    def __init__(self, data=None, *, managed, person):
        super().__init__(data)
        self.managed, self.is_site_admin = managed, person.is_site_admin
        self.entry = None
        self.fields["address"].help_text = (
            "A full address, of this domain or another."
            if self.is_site_admin
            else f"A full address of {managed.domain}."
        )

    def clean_address(self):
        try:
            mail = ascii_address(self.cleaned_data["address"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None
        self.entry = holder_at(mail)
        if problem := self._problem(mail):
            raise forms.ValidationError(problem)
        return mail

    def _problem(self, mail):
        """A sentence, or "" where nothing stands in the way."""
        entry, domain = self.entry, self.managed.domain
        if entry is None:
            return f"There is no account {shown_address(mail)}." if self._may(mail) else self._own()
        if self.managed.is_postmaster(entry):
            return f"{entry} is postmaster of {domain} already."
        if entry.kind != "account":
            return f"{entry} is an alias: only an account can be appointed."
        return MARKED.format(entry=entry) if entry.to_be_deleted else ""

    def _may(self, mail):
        return self.is_site_admin or domain_of(mail) == self.managed.domain.name.lower()

    def _own(self):
        return OWN_ONLY.format(domain=self.managed.domain)

    def save(self):
        """Whether it is postmaster now; where not, the form says why."""
        try:
            self.managed.appoint(self.entry)
        except NotAllowed:
            if self._may(self.entry.mail):
                raise
            self.add_error("address", self._own())
            return False
        return True


class TypedNameForm(ReasonForm):
    """Asks for the name of the domain, in either spelling, so that nobody deletes the wrong one."""

    field_order = ("typed_name", "why")

    typed_name = Text(
        label="Type the name of the domain",
        max_length=255,
        widget=forms.TextInput(attrs=AS_TYPED),
    )

    def __init__(self, data=None, *, domain):
        super().__init__(data)
        self.domain = domain

    def clean_typed_name(self):
        name = self.cleaned_data["typed_name"]
        if name.lower() != self.domain.name.lower() and not self._means_it(name):
            raise forms.ValidationError(f"This is not {self.domain}.")
        return name

    def _means_it(self, name):
        try:
            return ascii_domain(name) == self.domain.name.lower()
        except ValueError:
            return False
