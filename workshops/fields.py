"""Model fields that Django does not have."""

from typing import TYPE_CHECKING

from django import forms
from django.db import models


class MigratesAsDjangoFieldMixin:
    """A field that differs from Django's own in Python alone. Migrations name Django's, so they outlive this class.

    Migrations do not name a default that is a function of ours either: it is for rows that people add, and a
    migration that adds rows says what they hold.
    """

    DJANGO_FIELD = None

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        if callable(kwargs.get("default")):
            del kwargs["default"]
        return name, f"django.db.models.{self.DJANGO_FIELD.__name__}", args, kwargs

    def clone(self):
        """As Django does it, but with what `deconstruct` leaves out."""
        _, _, args, kwargs = super().deconstruct()
        return type(self)(*args, **kwargs)


word_checks = []
"""Functions of a field and the text somebody wants to save in it, which refuse it with a ValidationError. An app appends
its own in `AppConfig.ready`."""
row_word_checks = []
"""The same of a field, the text and the row it is to be saved in."""


class WordsCheckedMixin:
    """A field whose texts are checked whenever a form or a file wants to save them."""

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        for check in row_word_checks:
            check(self, value, model_instance)

    def run_validators(self, value):
        super().run_validators(value)
        for check in word_checks:
            check(self, value)


def with_plain_line_ends(text: str) -> str:
    """A text whose lines end in LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class PlainTextField(WordsCheckedMixin, MigratesAsDjangoFieldMixin, models.TextField):
    """Text whose lines end in LF, whichever browser or file it came from.

    An excerpt is found in its story character by character, so both must end their lines the same way.
    """

    DJANGO_FIELD = models.TextField

    def to_python(self, value):
        value = super().to_python(value)
        return with_plain_line_ends(value) if isinstance(value, str) else value

    def get_prep_value(self, value):
        return self.to_python(super().get_prep_value(value))

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": PlainTextFormField, **kwargs})


class PlainTextFormField(forms.CharField):
    """A text box. Browsers send CRLF, so without this any text of two lines would look changed when it is not."""

    def to_python(self, value):
        return with_plain_line_ends(super().to_python(value))


class LineField(WordsCheckedMixin, MigratesAsDjangoFieldMixin, models.CharField):
    """One line of text. Spaces at its ends and double spaces, which nobody sees, are dropped."""

    DJANGO_FIELD = models.CharField

    def to_python(self, value):
        value = super().to_python(value)
        return " ".join(value.split()) if isinstance(value, str) else value

    def get_prep_value(self, value):
        return self.to_python(super().get_prep_value(value))


class LinesField(WordsCheckedMixin, MigratesAsDjangoFieldMixin, models.TextField):
    """An ordered list of short texts, such as aliases, stored one a line.

    In Python it is a list of strings, each of one line and stripped; empty ones are dropped.
    """

    DJANGO_FIELD = models.TextField

    if TYPE_CHECKING:  # what django-stubs reads of a field: what may be set, and what one gets
        _pyi_private_set_type: list[str]
        _pyi_private_get_type: list[str]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value, expression, connection):
        return self.to_python(value)

    def to_python(self, value):
        if value is None:
            return None
        lines = value.splitlines() if isinstance(value, str) else value
        return [tidy for line in lines if (tidy := " ".join(line.split()))]

    def get_prep_value(self, value):
        return value if value is None else "\n".join(self.to_python(value))

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **kwargs):
        return super().formfield(
            **{
                "form_class": LinesFormField,
                "widget": forms.Textarea(attrs={"rows": 4}),
                "show_hidden_initial": False,  # which Django turns on for a default that is callable, such as `list`
                **kwargs,
            }
        )


class LinesFormField(forms.CharField):
    """A text box with one item a line."""

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), with_plain_line_ends(data or ""))


class CodeField(MigratesAsDjangoFieldMixin, models.CharField):
    """A random code, drawn by `default` when a row is made."""

    DJANGO_FIELD = models.CharField


class DeadlineField(MigratesAsDjangoFieldMixin, models.DateTimeField):
    """The moment at which something ends, computed by `default` when a row is made."""

    DJANGO_FIELD = models.DateTimeField


class LastDayField(MigratesAsDjangoFieldMixin, models.DateField):
    """The last day on which something holds, computed by `default` when a row is made."""

    DJANGO_FIELD = models.DateField
