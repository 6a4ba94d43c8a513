"""The forms of the preview: one for each entry of pasted notes, and the bar that sets something in all of them."""

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base.fast_widgets import FastSelect
from workshops.admin.notes.entry_fields import SpokenField, TermField, TermsField
from workshops.admin.notes.entry_rows import MAX_ROWS, is_ticked, whole
from workshops.admin.notes.paste_forms import MAX_ENTRIES
from workshops.choices import Choice, Consent, Kind
from workshops.notes import possible_names
from workshops.notes.reading import NOTE, PRACTICE
from workshops.notes.saving import NO_PRACTICE
from workshops.tags import TagsFormField, split_tags

NO_STORY_OPTIONS = [(NOTE, _("Note of the workshop")), (PRACTICE, _("Practice"))]
STORY_OPTIONS = [(kind.value, kind.label) for kind in Kind]
KIND_OPTIONS = [*NO_STORY_OPTIONS, (_("Story"), STORY_OPTIONS)]
CHOICE_OPTIONS = [("", _("Not said")), *Choice.choices]
UNCHANGED = _("Leave as it is")
FOR_NOTES, FOR_ALL = "notes", "all"


def kind_choices_for(which):
    return [(f"{which}:{kind}", label) for kind, label in [*NO_STORY_OPTIONS, *STORY_OPTIONS]]


def consent_options():
    """Each level by the words before its colon, in the language of the request."""
    return [(level.value, level.heading) for level in Consent]


class BarForm(forms.Form):
    """“Apply to all”: what is chosen here is set once in every entry."""

    kind = forms.ChoiceField(
        required=False,
        choices=[
            ("", UNCHANGED),
            (_("What is still a note becomes"), kind_choices_for(FOR_NOTES)),
            (_("Every entry becomes"), kind_choices_for(FOR_ALL)),
        ],
    )
    service_area = TermField(_("Service area"))
    place = TermField(_("Place"))
    themes = TermsField(_("Themes"))
    consent = forms.ChoiceField(
        required=False,
        label=_("Who may see the stories"),
        choices=[("", UNCHANGED), *((str(level.value), level.label) for level in Consent)],
    )
    agreed = forms.BooleanField(required=False, label=_("Everyone in this workshop agreed to that"))

    def __init__(self, *args, terms, **kwargs):
        super().__init__(*args, prefix="all", **kwargs)
        self.terms = terms
        self.fields["service_area"].offer(terms.service_areas, UNCHANGED)
        self.fields["place"].offer(terms.places, UNCHANGED)
        self.fields["themes"].offer(terms.themes)

    def clean(self):
        if self.cleaned_data.get("consent", "0") > "0" and not self.cleaned_data.get("agreed"):
            self.add_error(
                "agreed",
                gettext(
                    "More people may see the stories only if everyone in this workshop agreed to that: then tick it "
                    "here. If some did, set it in their entries."
                ),
            )

    def says_something(self):
        return any(
            self.data.getlist(self.add_prefix(name)) not in ([], [""]) for name in self.fields if name != "agreed"
        )

    def apply(self, rows):
        """Set in all rows what was chosen. What was said in confidence stays so."""
        which, _, kind = self.cleaned_data["kind"].partition(":")
        chosen = {name: self[name].value() for name in ("service_area", "place", "themes") if self.cleaned_data[name]}
        for row in rows:
            row.update(chosen)
            private = is_ticked(row["private"])
            if self.cleaned_data["consent"] and not private:
                row["consent"] = self.cleaned_data["consent"]
            if kind and (which == FOR_ALL or row["kind"] == NOTE) and not (kind == PRACTICE and private):
                row["kind"] = kind


class EntryForm(forms.Form):
    """One entry: a story, a practice, or a note of the workshop."""

    title = forms.CharField(
        required=False, max_length=250, widget=forms.TextInput(attrs={"dir": "auto"}), label=_("Title of the story")
    )
    text = SpokenField(
        label=_("What was said"), error_messages={"required": _("Say what was said, or drop this entry.")}
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KIND_OPTIONS, widget=FastSelect)
    choice = forms.ChoiceField(label=_("The room would"), choices=CHOICE_OPTIONS, required=False, widget=FastSelect)
    location = forms.CharField(required=False, max_length=250, label=_("Where it happened"))
    service_area = TermField(_("Service area"))
    place = TermField(_("Place"))
    themes = TermsField(_("Themes"))
    tags = TagsFormField(required=False, help_text=_("Between commas."))
    consent = forms.TypedChoiceField(
        label=_("Who may see it"), choices=consent_options, coerce=lambda value: Consent(int(value)), widget=FastSelect
    )
    agreements = forms.IntegerField(
        label=_("Others who agreed"), required=False, min_value=0, max_value=1_000_000, widget=forms.NumberInput
    )
    private = forms.BooleanField(required=False, widget=forms.HiddenInput)
    line = forms.IntegerField(required=False, widget=forms.HiddenInput)
    heading = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, terms, **kwargs):
        super().__init__(*args, **kwargs)
        self.terms = terms
        self.fields["service_area"].offer(terms.service_areas, gettext("None"))
        self.fields["place"].offer(terms.places, gettext("None"))
        self.fields["themes"].offer(terms.themes)
        self.fields["text"].widget.attrs["rows"] = min(12, max(3, len(self["text"].value() or "") // 70 + 1))
        if self.is_private:
            self.fields["consent"].choices = consent_options()[:1]

    @property
    def is_private(self):
        return is_ticked(self["private"].value())

    @property
    def names_in_words(self):
        """What may be people's names in this entry, as “Ada”, “Grace”; empty if there are none."""
        names = possible_names(self["text"].value() or "", self.terms.place_names)
        return ", ".join(gettext("“%(name)s”") % {"name": name} for name in names)

    passages = ()
    """What in it may tell who somebody is, once the page has looked."""

    FILED = ["service_area", "place", "themes", "tags", "agreements"]

    @property
    def filed_under(self):
        """What the fields hold that are folded away, in one line."""
        terms = self.terms
        said = [terms.service_areas.get(self["service_area"].value()), terms.places.get(self["place"].value())]
        said += [terms.themes.get(pk) for pk in self["themes"].value() or []]
        said += [f"#{name}" for name in split_tags(self["tags"].value())]
        if count := whole(self["agreements"].value()):
            said.append(ngettext("%(count)s agreed", "%(count)s agreed", count) % {"count": count})
        return ", ".join(str(words) for words in said if words)

    def has_errors_where_it_is_filed(self):
        return any(name in self.errors for name in self.FILED)

    def clean_agreements(self):
        return self.cleaned_data["agreements"] or 0

    def clean(self):
        kind = self.cleaned_data.get("kind")
        if kind == Kind.ELSEWHERE and not self.cleaned_data.get("location"):
            self.add_error("location", gettext("An example from elsewhere says where it happened, such as “Leeds”."))
        if kind == PRACTICE and self.is_private:
            self.add_error("kind", NO_PRACTICE)


class EntryFormSet(
    forms.formset_factory(EntryForm, extra=0, max_num=MAX_ENTRIES, absolute_max=MAX_ROWS, can_delete=True)
):
    """The entries of pasted notes, as the facilitator corrects them."""

    def __init__(self, *args, terms, **kwargs):
        super().__init__(*args, prefix="entry", form_kwargs={"terms": terms}, **kwargs)

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields[DELETION_FIELD_NAME].label = _("Drop")

    def typed(self):
        """The rows as they were typed, valid or not."""
        return [{field.name: "" if field.value() is None else field.value() for field in form} for form in self.forms]

    def kept(self):
        """The entries to save, without the dropped ones."""
        return [form.cleaned_data for form in self.forms if not form.cleaned_data.get(DELETION_FIELD_NAME)]
