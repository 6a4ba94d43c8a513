"""The fields of the forms for pasted notes, and the vocabularies they choose from."""

from django import forms

from workshops.admin.base.fast_widgets import FastCheckboxes, FastSelect
from workshops.fields import PlainTextFormField
from workshops.models import Place, ServiceArea, Theme
from workshops.notes import read_notes
from workshops.notes.words import fold_heading


class Terms:
    """The vocabularies, read once for all the rows of a page."""

    def __init__(self):
        self.service_areas, self.themes, self.places = (
            {str(term.pk): term for term in model.objects.all()} for model in (ServiceArea, Theme, Place)
        )
        self.place_names = {fold_heading(name): place for place in self.places.values() for name in place.names}

    def read_text(self, text, answers):
        return read_notes(text, self.service_areas.values(), self.themes.values(), self.places.values(), answers)


class TermField(forms.TypedChoiceField):
    """One term of a vocabulary."""

    widget = FastSelect

    def __init__(self, label):
        super().__init__(label=label, required=False, empty_value=None)

    def offer(self, terms, empty):
        self.choices = [("", empty), *((pk, str(term)) for pk, term in terms.items())]
        self.coerce = terms.get


class TermsField(forms.TypedMultipleChoiceField):
    """Any number of terms, as checkboxes."""

    widget = FastCheckboxes

    def __init__(self, label):
        super().__init__(label=label, required=False)

    def offer(self, terms):
        self.choices = [(pk, str(term)) for pk, term in terms.items()]
        self.coerce = terms.get


class SpokenField(PlainTextFormField):
    """A long text. NULs, which nobody sees and PostgreSQL refuses, are left out.

    The browser is not told its limit: it would cut what is pasted and say nothing.
    """

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\0", "")

    def widget_attrs(self, widget):
        return {"dir": "auto"}
