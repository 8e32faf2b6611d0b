"""Forms of the second factor."""

from django import forms

from vmail_admin.directory.identity import current
from vmail_admin.forms import SENTENCES, Secret, Text
from vmail_admin.signing_in import factor as factors
from vmail_admin.signing_in import throttle
from vmail_admin.signing_in.network import client_address

MOST_TYPED = 40  # characters; a recovery code has 19
WRONG = "This code is not right, or was used before. The app shows a new one every 30 seconds."
WRONG_NEW = (
    "This code does not fit. Look again: the app shows a new one every 30 seconds. "
    "If none fits, the clock of your phone may be wrong."
)


def code_field(label, **attrs):
    how = {"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "none"}
    widget = forms.TextInput(attrs=how | {"class": "secret"} | attrs)
    return Text(label=label, max_length=MOST_TYPED, widget=widget, error_messages=SENTENCES)


class CodeForm(forms.Form):
    """A code of a second factor that is in use. ``is_right()`` counts it as a guess."""

    code = code_field("Code")

    def __init__(self, request, factor, autofocus=False):
        super().__init__(request.POST if request.method == "POST" else None)
        self.request, self.factor = request, factor
        if autofocus:
            self.fields["code"].widget.attrs["autofocus"] = True

    def is_right(self):
        """Whether it is one; where not, the form says so. Raises TooManyWrong."""
        if not self.is_valid():
            return False
        place = client_address(self.request)
        with throttle.guess(throttle.CODE, self.factor.account, place) as guess:
            if factors.accepts(self.factor, self.cleaned_data["code"]):
                guess.was_right()
                return True
        self.add_error("code", WRONG)
        return False


class NewFactorForm(forms.Form):
    """The first code of a second factor that is being set up."""

    code = code_field("The six digits that the app shows now", inputmode="numeric")

    def __init__(self, data, secret):
        super().__init__(data)
        self.secret = secret
        self.step = None

    def clean_code(self):
        code = "".join(self.cleaned_data["code"].split())
        if len(code) == 6 and code.isascii() and code.isdecimal():
            self.step = factors.step_of(self.secret, code)
        if self.step is None:
            raise forms.ValidationError(WRONG_NEW)
        return code


class OwnNewFactorForm(NewFactorForm):
    """Signed in already: then the password is asked too, so that an open screen is not enough."""

    password = Secret(label="Your password", autocomplete="current-password")
    old_code = code_field("A code from your present device, or a recovery code")
    # The six digits last, for they change while one types.
    field_order = ["password", "old_code", "code"]

    def __init__(self, data, secret, factor, account, place):
        super().__init__(data, secret)
        self.factor, self.account, self.place = factor, account, place
        if factor is None:
            del self.fields["old_code"]

    def clean_password(self):
        knows_password(self.account, self.place, self.cleaned_data["password"])

    def clean(self):
        # Last, and only if all else is right: a code is good once.
        if self.factor and not self.errors and not self.old_code_is_right():
            self.add_error("old_code", WRONG)
        return self.cleaned_data

    def old_code_is_right(self):
        try:
            with throttle.guess(throttle.CODE, self.account, self.place) as guess:
                right = factors.accepts(self.factor, self.cleaned_data["old_code"])
                if right:
                    guess.was_right()
                return right
        except throttle.TooManyWrong as refusal:
            raise forms.ValidationError(str(refusal)) from None


def knows_password(account, place, password):
    """Raises ValidationError for any but the password of the session, or when it is too early."""
    try:
        with throttle.guess(throttle.PASSWORD, account, place) as guess:
            if current().knows(password):
                guess.was_right()
                return
    except throttle.TooManyWrong as refusal:
        raise forms.ValidationError(str(refusal)) from None
    raise forms.ValidationError("This is not your present password.")
