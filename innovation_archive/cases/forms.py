"""The public form of a complaint or request."""

import re
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from innovation_archive.cases.choices import ASKED_ABOUT_SOMETHING, CaseKind
from innovation_archive.models import Case
from innovation_archive.models.cases import new_form_key
from workshops.fields import PlainTextFormField

MAX_WORDS = 5000
FORM_KEY = re.compile(r"[0-9a-f]{32}")

TOO_LONG = ngettext_lazy(
    "That is %(show_value)s characters long; %(limit_value)s fits here. Say it more shortly, or write to us.",
    "That is %(show_value)s characters long; %(limit_value)s fit here. Say it more shortly, or write to us.",
    "limit_value",
)


class LongTextField(PlainTextFormField):
    """A text box whose limit is told after sending: a browser that keeps it would cut a pasted text without a word."""

    def __init__(self, *, most: int, rows: int, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
        self.validators.append(MaxLengthValidator(most, TOO_LONG))

    def to_python(self, value: Any) -> str:
        """NUL is no letter, and no database takes it."""
        text: str = super().to_python(value.replace("\0", "") if isinstance(value, str) else value)
        return text


class ShortTextField(forms.CharField):
    """One line, such as a name."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(MaxLengthValidator(most, TOO_LONG))

    def to_python(self, value: Any) -> str:
        text = super().to_python(value.replace("\0", "") if isinstance(value, str) else value) or ""
        return " ".join(text.split())


class CaseForm(forms.Form):
    """What somebody asks, in their words, and where they want to be answered, if anywhere."""

    kind = forms.ChoiceField(
        label=_("What do you want to do?"),
        choices=CaseKind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what you want to do."),
            "invalid_choice": _("Choose one of the answers that the page offers."),
        },
    )
    words = LongTextField(
        most=MAX_WORDS,
        rows=8,
        label=_("What happened, and what do you want us to do?"),
        help_text=_("In your own words. Do not send documents or proof of who you are: if we need any, we ask."),
        error_messages={"required": _("Write what it is about, in a sentence at least.")},
    )
    name = ShortTextField(
        most=200,
        required=False,
        label=_("Your name (you need not say)"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        required=False,
        label=_("Your e-mail address (you need not say)"),
        help_text=_(
            "Without an address we cannot write to you. You can then ask us for the outcome by your reference."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("That is no e-mail address. It looks like name@example.org.")},
    )
    post = LongTextField(
        most=500,
        rows=3,
        required=False,
        label=_("Or your postal address or telephone number"),
        help_text=_("If you would rather not be answered by e-mail."),
    )
    form_key = forms.Field(required=False, widget=forms.HiddenInput)

    CONTACT = ("name", "email", "post")
    use_required_attribute = False  # our sentences say more than a browser’s bubble, and stay to be read

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("form_key", new_form_key())

    def clean_form_key(self) -> str:
        """The key that the form was handed out with; one that is not ours is replaced, so that nothing is refused for it."""
        key: str = self.cleaned_data["form_key"] or ""
        return key if FORM_KEY.fullmatch(key) else new_form_key()

    def as_case(self) -> Case:
        fields = {name: value for name, value in self.cleaned_data.items() if name not in self.CONTACT}
        return Case(**fields)

    def contact(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.CONTACT}


class SomethingAboutMeForm(CaseForm):
    """The same about one story, insight or article, by somebody who finds themselves in it."""

    kind = forms.ChoiceField(
        label=_("What do you want us to do?"),
        choices=[(kind.value, kind.label) for kind in ASKED_ABOUT_SOMETHING],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what you want us to do."),
            "invalid_choice": _("Choose one of the answers that the page offers."),
        },
    )
    passage = LongTextField(
        most=MAX_WORDS,
        rows=3,
        required=False,
        label=_("Which words are about you?"),
        help_text=_("Copy them from the page, if you can. An editor can then hide exactly these at once."),
    )
    words = LongTextField(
        most=MAX_WORDS,
        rows=6,
        label=_("What is wrong with it, or why do you not want it here?"),
        help_text=_("You need not prove who you are. If we have to ask, we ask as little as possible."),
        error_messages={"required": _("Write what is wrong, in a sentence at least.")},
    )
    field_order = ["kind", "passage", "words", "name", "email", "post"]
