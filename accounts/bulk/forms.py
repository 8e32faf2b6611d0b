"""What a job asks before it begins."""

from django import forms

from accounts.fields import Quota
from accounts.forms import GENERATE, NONE
from accounts.imports.columns import ACCOUNTS, ALIASES
from accounts.imports.table import TOO_LARGE, Unreadable, read
from vmail_admin.journal.reasons import ReasonForm

LEAVE_OUT, ANYWAY = "leave-out", "anyway"


class ImportForm(forms.Form):
    """A table, chosen as a file or pasted. ``table`` is what was read of it."""

    kind = forms.ChoiceField(
        label="The rows are",
        choices=[(ACCOUNTS, "Accounts"), (ALIASES, "Aliases")],
        initial=ACCOUNTS,
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label="CSV file",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )
    pasted = forms.CharField(
        label="Or paste the rows",
        required=False,
        strip=False,
        help_text="With the line of headings, as copied from a spreadsheet.",
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )
    passwords = forms.ChoiceField(
        label="Accounts without a password in the table",
        choices=[
            (GENERATE, "get a generated one, which you download once"),
            (NONE, "get none yet: they receive mail, but nobody can sign in"),
        ],
        initial=GENERATE,
        required=False,
        widget=forms.RadioSelect,
    )

    before = forms.ChoiceField(
        label="Rows whose address was somebody’s before",
        choices=[(LEAVE_OUT, "leave them out"), (ANYWAY, "add them anyway")],
        initial=LEAVE_OUT,
        required=False,
        help_text=(
            "An alias that was deleted lately, or mail that is still there: whoever gets the "
            "address gets what others still send there, or reads what is stored."
        ),
        widget=forms.RadioSelect,
    )

    def __init__(self, data=None, files=None, *, can_add_accounts):
        super().__init__(data, files)
        if not can_add_accounts:
            self.fields["kind"].choices = [(ALIASES, "Aliases")]
            self.initial["kind"] = ALIASES
            del self.fields["passwords"]

    def clean(self):
        cleaned = super().clean()
        file, pasted = cleaned.get("file"), cleaned.get("pasted", "")
        if file and pasted.strip():
            self.add_error("pasted", "Either a file or pasted rows, not both.")
        elif not file and not pasted.strip():
            self.add_error("file", "Choose a file, or paste the rows below.")
        elif "kind" in cleaned:
            self._read("file" if file else "pasted", file.read() if file else pasted)
        return cleaned

    def _read(self, name, data):
        try:
            self.table = read(data, self.cleaned_data["kind"])
        except Unreadable as refusal:
            self.add_error(name, str(refusal))

    def refuse_size(self):
        """The file was larger than any request may be, and was not even read."""
        self.errors.clear()
        self.add_error("file", TOO_LARGE)

    @property
    def makes_passwords(self):
        return self.cleaned_data.get("passwords") != NONE

    @property
    def adds_anyway(self):
        return self.cleaned_data.get("before") == ANYWAY


class QuotaForm(forms.Form):
    quota = Quota()


FORMS = {"quota": QuotaForm, "delete": ReasonForm}
