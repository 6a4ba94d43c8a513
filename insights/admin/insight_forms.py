"""The forms of an insight's page: its text, and what each piece of its evidence does to the claim."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from insights.choices import Role
from insights.evidence import editing
from insights.models import Evidence
from workshops.fields import PlainTextFormField
from workshops.models import Story

BENCH = "_bench"
"""The name of the buttons that act on evidence at once."""


def kind_of(thing):
    return "story" if isinstance(thing, Story) else "practice"


def found_prefix(thing):
    return f"found-{kind_of(thing)}-{thing.ref}"


class PassageForm(forms.Form):
    """The passage to quote. `start` is where it was selected in the wording; it is empty if the passage was pasted."""

    passage = PlainTextFormField(label=_("Passage to quote"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    start = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class PieceForm(PassageForm):
    """One piece of evidence. It sends along what it had shown, so that only what the editor changed is saved."""

    role = forms.ChoiceField(label=_("What it does to the claim"), choices=Role.choices, show_hidden_initial=True)

    field_order = ["role", "passage"]

    def __init__(self, data, piece):
        self.piece = piece
        prefix = f"piece-{piece.pk}"
        typed = data if data and f"{prefix}-role" in data else None
        super().__init__(typed, prefix=prefix, initial={"role": piece.role, "passage": piece.excerpt})
        self.fields["passage"].show_hidden_initial = True
        if self.is_bound and not self.has_changed():
            self.is_bound, self.data = False, MultiValueDict()

    def save(self):
        chosen = self.cleaned_data
        role = chosen["role"] if "role" in self.changed_data else self.piece.role
        passage = chosen["passage"] if "passage" in self.changed_data else self.piece.excerpt
        editing.change_evidence(self.piece, role, passage, chosen["start"])


class InsightForm(forms.ModelForm):
    """The text of an insight, with a form for each piece of its evidence in `pieces`."""

    opened = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.pieces, self.times_saved = [], 0
        if self.instance.pk:
            evidence = self.instance.evidence.at_bench().for_page()
            self.pieces = [PieceForm(self.data, piece) for piece in evidence]
            self.times_saved = self.instance.history.count()
            builds_on = self.fields.get("builds_on")
            if builds_on:
                builds_on.queryset = builds_on.queryset.exclude(pk=self.instance.pk)
        self.initial["opened"] = self.times_saved

    @property
    def is_at_bench(self):
        """Whether a button beside the text was pressed: then the text comes back as it was typed, neither saved nor checked."""
        return BENCH in self.data

    def is_valid(self):
        return not self.is_at_bench and super().is_valid()

    def full_clean(self):
        if self.is_at_bench:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    @property
    def changed_pieces(self):
        return [form for form in self.pieces if form.is_bound]

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and cleaned.get("opened") != self.times_saved:
            self.add_error(
                None,
                gettext(
                    "Somebody saved this insight after you had opened it. Nothing of yours is lost: it stands in the "
                    "form below. Compare it with theirs, in another window, and save once more to put yours in its place."
                ),
            )
            # The next save, after this warning, may overwrite.
            self.data = self.data.copy()
            self.data[self.add_prefix("opened")] = self.times_saved
        for form in self.changed_pieces:
            self.check(form)
        return cleaned

    def check(self, form):
        """Check a piece before anything of the page is saved: its passage must stand in the published wording."""
        if form.is_valid() and "passage" in form.changed_data:
            source = Evidence(story=form.piece.story, practice=form.piece.practice)
            try:
                editing.quote_passage(source, form.cleaned_data["passage"])
            except ValidationError as refusal:
                form.add_error("passage", refusal)
        for errors in form.errors.values():
            self.add_error(None, list(errors))
