"""Programmes with their phases, and workshops with the pages on which their facilitators type in what was said."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.forms import HiddenInput, ModelForm
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base.model_admin import ArchiveModelAdmin
from workshops.admin.contribution import sheet
from workshops.admin.judgements.forms import JudgedWordsMixin
from workshops.admin.notes.admin import PasteNotesMixin
from workshops.admin.voting import entry_pages
from workshops.judgements.passages import NOWHERE, programme_of_workshop, programme_passages, workshop_passages
from workshops.models import Phase, Programme, Workshop
from workshops.roles import FACILITATOR, roles_of
from workshops.visibility import edited_workshops, own_workshops


class PhaseInline(admin.StackedInline):
    """One below the other, so that each box has a label of its own, on a phone too."""

    model = Phase
    extra = 0


@admin.register(Programme)
class ProgrammeAdmin(JudgedWordsMixin, ArchiveModelAdmin):
    change_form_template = "admin/workshops/judgements/judged_form.html"
    judged_fields = ("title", "summary")
    judged_below = {"phases": "question"}
    fields = ["title", "slug", "summary", ("started", "ended"), "illustrative"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [PhaseInline]
    list_display = ["title", "started", "ended", "illustrative"]
    when_empty = _("No programme yet. Add the first with the questions of its phases; workshops belong to a phase.")
    search_fields = ["title", "slug"]

    def passages_of(self, row):
        return programme_passages(row, getattr(row, "words_below", None))

    def judged_in(self, row):
        return NOWHERE

    def is_before_readers(self, row):
        return True


class AsSeen(HiddenInput):
    """A hidden copy of what a field held when its page was shown, without the link to the help of that field."""

    def get_context(self, name, value, attrs):
        attrs.pop("aria-describedby", None)
        return super().get_context(name, value, attrs)


class WorkshopForm(ModelForm):
    """Refuses to overwrite notes that somebody pasted while this form lay open."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "notes" in self.fields:
            self.fields["notes"].show_hidden_initial = True
            self.fields["notes"].hidden_widget = AsSeen

    def clean_notes(self):
        stored = self.instance.notes
        if "notes" not in self.changed_data:
            return stored
        seen = self.data.get(self.add_initial_prefix("notes"))
        if seen is not None and " ".join(seen.split()) != " ".join(stored.split()):
            raise ValidationError(
                gettext(
                    "The notes were added to while you had this page open. Copy what you changed, open the page again "
                    "and put it in there, so that neither is lost."
                )
            )
        return self.cleaned_data["notes"]


@admin.register(Workshop)
class WorkshopAdmin(JudgedWordsMixin, PasteNotesMixin, ArchiveModelAdmin):
    form = WorkshopForm
    judged_fields = ("title", "format")
    extra_pages = [
        ("<int:pk>/slips/", sheet.slips_view, "slips"),
        ("<int:pk>/votes/", entry_pages.votes_view, "votes"),
        ("<int:pk>/tally/", entry_pages.tally_view, "tally"),
    ]
    fields = ["title", "slug", "phase", ("held_on", "format"), "service_areas", "places", "facilitators", "notes"]
    prepopulated_fields = {"slug": ["title"]}
    list_display = ["title", "phase", "held_on", "format"]
    when_empty = _("No workshop of yours yet. Add the one you come from, then paste its notes.")
    list_filter = ["phase__programme", "service_areas"]
    list_select_related = ["phase__programme"]
    search_fields = ["title", "slug"]

    def is_own(self, user, obj):
        return obj.pk in own_workshops(user)

    def passages_of(self, row):
        return workshop_passages(row) if row.phase_id else []

    def judged_in(self, row):
        return programme_of_workshop(row)

    def is_before_readers(self, row):
        """That it took place is public, whatever was told there."""
        return True

    def get_fields(self, request, obj=None):
        """Its notes are shown to those who ran it; who ran it, to editors too."""
        hidden = set()
        if obj and not self.is_own(request.user, obj):
            hidden = {"notes"} if obj.pk in edited_workshops(request.user) else {"notes", "facilitators"}
        return [field for field in self.fields if field not in hidden]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "facilitators":
            kwargs["queryset"] = get_user_model().objects.filter(groups__name=FACILITATOR, is_active=True)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not change and FACILITATOR in roles_of(request.user):
            # Or they would not find again what they have just entered.
            form.instance.facilitators.add(request.user)
