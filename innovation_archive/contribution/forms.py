"""What a participant types on the pages of their contribution."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workshops.choices import Consent
from workshops.fields import PlainTextFormField, with_plain_line_ends
from workshops.voting.phone_forms import JoinCodeField

ACTS = ["lower", "lower quotation", "withdraw", "withdraw all", "erase"]
MOST_LETTERS = 10_000
TYPED_AS_IT_IS = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class SlipCodeForm(forms.Form):
    code = JoinCodeField(
        label=_("The code on your slip"),
        help_text=_("Thirteen letters and digits, such as 7kfr-w2mn-8zqpd. Older slips have twelve."),
        error_messages={"required": _("Type the code that is on your slip.")},
    )


class WordForm(forms.Form):
    """The word of a slip, chosen or given."""

    word = forms.CharField(
        max_length=100,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "off", **TYPED_AS_IT_IS}),
        error_messages={"required": _("Type a word.")},
    )

    def __init__(self, *args: Any, is_chosen: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word = self.fields["word"]
        if is_chosen:
            word.label = _("The word you chose with your slip")
        else:
            word.label = _("Choose a word")
            word.help_text = _(
                "Six letters or more; two or three words are better than one. Not the code. Remember it or write it "
                "down, but not on the slip. Capitals do not matter."
            )
            word.widget = forms.TextInput({"autocomplete": "off", **TYPED_AS_IT_IS})


class ActForm(forms.Form):
    """What somebody wants to do, to which story, quoted by which insight, and whether they have said yes to what will follow."""

    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])
    what = forms.CharField(max_length=100, required=False)
    insight = forms.CharField(max_length=100, required=False)
    level = forms.TypedChoiceField(
        choices=[(int(level), level.word) for level in Consent],
        coerce=lambda value: Consent(int(value)),
        empty_value=None,
        required=False,
        error_messages={"required": _("Choose who may see it."), "invalid_choice": _("Choose who may see it.")},
    )
    confirmed = forms.BooleanField(required=False)


class OwnCorrectionForm(forms.Form):
    """“This is not what I meant”, about one published story."""

    what = forms.CharField(max_length=100, widget=forms.HiddenInput)
    why = PlainTextFormField(
        label=_("What is wrong, or what did you mean?"),
        max_length=MOST_LETTERS,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("In your own words. Editors and those who ran your workshop read it; the public does not."),
        error_messages={"required": _("Say in a sentence what is wrong, so that the editor knows what to change.")},
    )
    wording = PlainTextFormField(
        label=_("How it should read"),
        max_length=MOST_LETTERS,
        required=False,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("If you like, change it here. If you leave it as it is, the editor finds the words."),
    )

    def suggested_wording(self, now: str) -> str:
        """What they wrote, or an empty text where they left the wording to the editor."""
        typed = with_plain_line_ends(self.cleaned_data["wording"]).strip()
        return "" if typed == now.strip() else typed


class TellForm(forms.Form):
    """Where to write when something that this person told is used."""

    address = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": _("Type the address to write to."),
            "invalid": _("That is not an e-mail address. It looks like name@example.org."),
        },
    )


class CopyForm(forms.Form):
    format = forms.ChoiceField(choices=[("html", "html"), ("json", "json")])
