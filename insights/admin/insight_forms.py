"""The forms of an insight's page: its text, and what each piece of its evidence does to the claim."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.forms.models import construct_instance
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from insights.choices import Role
from insights.evidence import editing
from insights.models import Evidence, Insight
from insights.publications import publishing
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
    """One piece of evidence. It sends along what it had shown, so that only what the editor changed is saved.

    It is named by its source, so that it fits the piece of a working copy that was begun after the page was opened.
    """

    role = forms.ChoiceField(label=_("What it does to the claim"), choices=Role.choices, show_hidden_initial=True)

    field_order = ["role", "passage"]

    def __init__(self, data, piece):
        self.piece = piece
        prefix = f"piece-{piece.source_key}"
        typed = data if data and f"{prefix}-role" in data else None
        super().__init__(typed, prefix=prefix, initial={"role": piece.role, "passage": piece.excerpt})
        self.fields["passage"].show_hidden_initial = True
        if self.is_bound and not self.has_changed():
            self.is_bound, self.data = False, MultiValueDict()

    def save(self, row):
        """Save in this row of the insight: the piece shown may be of what readers have."""
        chosen = self.cleaned_data
        self.piece = row.evidence.get(story=self.piece.story_id, practice=self.piece.practice_id)
        role = chosen["role"] if "role" in self.changed_data else self.piece.role
        passage = chosen["passage"] if "passage" in self.changed_data else self.piece.excerpt
        editing.change_evidence(self.piece, role, passage, chosen["start"])


class UndoForm(PassageForm):
    """What a piece of evidence was before something was done to it, for the button that puts it back."""

    role = forms.ChoiceField(choices=Role.choices)
    place = forms.IntegerField(min_value=0)


class InsightForm(forms.ModelForm):
    """The text of an insight, with a form for each piece of its evidence in `pieces`."""

    user = None
    """Who has the page open; its admin says so."""

    opened = forms.IntegerField(required=False, widget=forms.HiddenInput)
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.pieces, self.last_save = [], 0
        if self.instance.pk:
            evidence = self.instance.evidence.at_bench().readable_by(self.user).for_page()
            self.pieces = [PieceForm(self.data, piece) for piece in evidence]
            self.last_save = last_save_of(self.instance.itself)
            self.leave_out_itself()
        if self.is_of_working_copy and "slug" in self.fields:
            self.initial["slug"] = self.instance.next_slug or self.instance.itself.slug
        self.initial["opened"] = self.last_save

    def leave_out_itself(self):
        builds_on = self.fields.get("builds_on")
        if builds_on:
            builds_on.queryset = builds_on.queryset.exclude(pk=self.instance.itself.pk)

    @property
    def is_of_working_copy(self):
        return self.instance.working_copy_of_id is not None

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

    @property
    def changes_text(self):
        return bool({*self.changed_data} - {"opened", "sure"})

    def _get_validation_exclusions(self):
        """The address of a working copy is checked by `clean_slug`: its row has none."""
        excluded = super()._get_validation_exclusions()
        return excluded | {"slug"} if self.is_of_working_copy else excluded

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        if self.is_of_working_copy and Insight.objects.filter(slug=slug).exclude(pk=self.instance.itself.pk).exists():
            raise ValidationError(gettext("Another insight has this address. Choose another one."))
        return slug

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and cleaned.get("opened") != self.last_save:
            self.add_error(
                None,
                gettext(
                    "Somebody saved this insight after you had opened it. Nothing of yours is lost: it stands in the "
                    "form below. Compare it with theirs, in another window, and save once more to put yours in its place."
                ),
            )
            # The next save, after this warning, may overwrite.
            self.data = self.data.copy()
            self.data[self.add_prefix("opened")] = self.last_save
        for form in self.changed_pieces:
            self.check(form)
        if not self.errors and not cleaned.get("sure"):
            self.ask_about_the_gate()
        return cleaned

    def check(self, form):
        """Check a piece before anything of the page is saved: its passage must stand in the published wording."""
        if form.is_valid() and "passage" in form.changed_data:
            source = Evidence(insight=self.instance, story=form.piece.story, practice=form.piece.practice)
            try:
                editing.quote_passage(source, form.cleaned_data["passage"])
            except ValidationError as refusal:
                form.add_error("passage", refusal)
        for errors in form.errors.values():
            self.add_error(None, list(errors))

    def ask_about_the_gate(self):
        """Refuse once where other roles of evidence, or other findings, leave less than publishing needs."""
        if lost := self.lost_by_changes():
            sentence = gettext("With this change it could not be published again. Save once more if you mean it.")
            self.add_error(None, [sentence, *lost])
            self.data = self.data.copy()
            self.data[self.add_prefix("sure")] = "on"

    def lost_by_changes(self):
        """What publishing would lack because of what is chosen here, tried out and taken back at once."""
        turned = [form for form in self.changed_pieces if "role" in form.changed_data]
        is_built_otherwise = "builds_on" in self.changed_data
        if not (turned or is_built_otherwise) or not self.instance.itself.publications.exists():
            return []
        row = Insight.with_working_copies.get(pk=self.instance.pk)
        before = publishing.publication_blockers(row)
        with transaction.atomic():
            for form in turned:
                row.evidence.filter(pk=form.piece.pk).update(role=form.cleaned_data["role"])
            if is_built_otherwise:
                row.builds_on.set(self.cleaned_data["builds_on"])
            after = publishing.publication_blockers(row)
            transaction.set_rollback(True)
        return [sentence for sentence in after if sentence not in before]

    def write_in(self, row):
        """Make this row, with what was typed, the one that is saved: a working copy keeps an address until it is published."""
        slug = row.slug
        self.instance = construct_instance(self, row, self._meta.fields, self._meta.exclude)
        if self.is_of_working_copy:
            typed = self.cleaned_data.get("slug", "")
            row.slug, row.next_slug = slug, typed if typed != row.itself.slug else ""


def last_save_of(insight):
    """The key of the last entry of an insight's history, or of its working copies': another one is another save."""
    entries = Insight.history.filter(Q(id=insight.pk) | Q(working_copy_of=insight.pk))
    return entries.aggregate(last=Max("history_id"))["last"] or 0
