"""The one field of a second factor's pages: a code."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from innovation_archive.accounts.factors import WaitBeforeNextCodeError, accept_code, confirm_app

WRONG_CODE = _("That is not the code of just now. Codes change every 30 seconds, and each one works once.")
WRONG_RECOVERY_CODE = _("That is not one of your recovery codes, or it has been used before.")


def checked(accept, user, typed, wrong):
    """The device that accepts what was typed. Raises ValidationError with these words, or with how long to wait."""
    try:
        device = accept(user, typed)
    except WaitBeforeNextCodeError as wait:
        moment = timezone.localtime(wait.until).strftime("%H:%M:%S")
        says = gettext("Wrong codes were typed a short while ago. Wait until %(moment)s, then type the code of then.")
        raise ValidationError(says % {"moment": moment}, code="too_soon") from wait
    if device is None:
        raise ValidationError(wrong, code="wrong")
    return device


class CodeForm(forms.Form):
    """A code to sign in with: of the app, or one of the recovery codes."""

    code = forms.CharField(
        label=_("Code"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_code(self):
        typed = self.cleaned_data["code"]
        wrong = WRONG_CODE if typed.replace(" ", "").isdecimal() else WRONG_RECOVERY_CODE
        self.device = checked(accept_code, self.user, typed, wrong)
        return ""  # what was typed is kept nowhere


class FirstCodeForm(CodeForm):
    """The first code of an app that is being set up."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = gettext("The six digits that your app shows")
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    def clean_code(self):
        self.device = checked(confirm_app, self.user, self.cleaned_data["code"], WRONG_CODE)
        return ""
