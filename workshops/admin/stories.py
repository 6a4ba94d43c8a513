from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import URLField
from django.forms import CheckboxSelectMultiple

from workshops import review
from workshops.admin.consent import LowersConsent, RecordsWithdrawals
from workshops.admin.desk import DeskAdmin, own_workshops
from workshops.admin.filters import MissingFilter
from workshops.choices import Consent, Status
from workshops.models import Story, Telling
from workshops.roles import is_editor, is_reader_of_everything

WITH_ITS_FACILITATORS = {Status.DRAFT, Status.IN_REVIEW}


def is_of_own_workshop(user, story):
    return story.workshop_id in own_workshops(user)


def may_enter_words(user, story):
    """The words as told are the facilitators' to write, until the story is published."""
    return story is None or (is_of_own_workshop(user, story) and story.status in WITH_ITS_FACILITATORS)


def may_read_words(user, story):
    """They are for those who ran the workshop, and for editors if they were told to the project team."""
    return may_enter_words(user, story) or (
        is_of_own_workshop(user, story) or (is_editor(user) and story.effective_consent >= Consent.TEAM)
    )


class TellingInline(admin.StackedInline):
    model = Telling
    can_delete = False

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and may_read_words(request.user, obj)

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and may_enter_words(request.user, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and may_enter_words(request.user, obj)


@admin.register(Story)
class StoryAdmin(LowersConsent, RecordsWithdrawals, DeskAdmin):
    inlines = [TellingInline]
    actions = [
        "submit",
        "publish",
        "unpublish",
        "return_to_draft",
        "lower_to_team",
        "lower_to_facilitators",
        "withdraw",
    ]
    readonly_fields = ["ref", "status", "effective_consent"]
    list_display = ["title", "status", "workshop"]
    list_filter = ["status", MissingFilter, "kind", "service_area", "themes", "place", "workshop"]
    list_select_related = ["workshop"]
    search_fields = ["title", "published_text", "ref"]
    when_empty = "No story yet. Facilitators paste the notes of their workshop, or add stories one by one."
    radio_fields = {"consent": admin.VERTICAL}
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def is_own(self, user, obj):
        return is_of_own_workshop(user, obj)

    def may_write(self, user, obj):
        """Facilitators until it is published; editors whatever was told to the project team."""
        return may_enter_words(user, obj) or (is_editor(user) and obj.effective_consent >= Consent.TEAM)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and may_enter_words(request.user, obj)

    def has_edit_permission(self, request):
        """The actions of editors."""
        return is_editor(request.user)

    def get_object(self, request, object_id, from_field=None):
        """Whoever saves waits for whoever publishes or withdraws, or a form opened before would undo it."""
        story = super().get_object(request, object_id, from_field)
        if story and request.method == "POST" and transaction.get_connection().in_atomic_block:
            Story.objects.select_for_update().get(pk=story.pk)
            story = super().get_object(request, object_id, from_field)
        return story

    def get_fieldsets(self, request, obj=None):
        consent = ["consent", "effective_consent"] if self.knows_consent(request, obj) else []
        told_by = ["told_by"] if self.knows_teller(request, obj) else []
        return [
            (None, {"fields": ["title", "kind", "workshop", *told_by]}),
            (
                "What readers see",
                {
                    "fields": [
                        "published_text",
                        "service_area",
                        "themes",
                        "tags",
                        "place",
                        "credit",
                        "location",
                        "source_url",
                    ]
                },
            ),
            ("Who may see it", {"fields": [*consent, "status", "ref"]}),
        ]

    def knows_teller(self, request, story):
        return story is None or self.is_own(request.user, story) or is_editor(request.user)

    def knows_consent(self, request, story):
        return story is None or self.is_own(request.user, story) or is_reader_of_everything(request.user)

    def get_readonly_fields(self, request, obj=None):
        """An editor may better a story, but who told it, where and on what terms its facilitators say."""
        if obj is None or self.is_own(request.user, obj):
            return self.readonly_fields
        return [*self.readonly_fields, "workshop", "told_by", "consent"]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(db_field, request, **{"widget": CheckboxSelectMultiple, **kwargs})

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.start_wording(request, form.instance)

    def start_wording(self, request, story):
        """The published wording starts as a copy of the words as told."""
        telling = Telling.objects.filter(story=story).first()
        if telling and not story.published_text and self.is_own(request.user, story):
            story.published_text = telling.text
            story.save()

    # The desk's history names a story by its ref: a line of it must not outlive the story's title.

    def log_addition(self, request, obj, message):
        return named_by_ref(super().log_addition(request, obj, message), obj)

    def log_change(self, request, obj, message):
        return named_by_ref(super().log_change(request, obj, message), obj)

    def log_deletions(self, request, queryset):
        entries = super().log_deletions(request, queryset)
        return [named_by_ref(entry, story) for entry, story in zip(entries, queryset, strict=True)]

    @admin.action(description="Submit for review", permissions=["change"])
    def submit(self, request, queryset):
        self.step(request, queryset, review.submit, "submitted for review")

    @admin.action(description="Publish", permissions=["edit"])
    def publish(self, request, queryset):
        self.step(request, queryset, review.publish, "published")

    @admin.action(description="Unpublish", permissions=["edit"])
    def unpublish(self, request, queryset):
        self.step(request, queryset, review.unpublish, "unpublished")

    @admin.action(description="Return to its facilitators as a draft", permissions=["edit"])
    def return_to_draft(self, request, queryset):
        self.step(request, queryset, review.return_to_draft, "returned to draft")

    def step(self, request, queryset, take, done):
        """Take one step with each story, and say for each that stayed behind why."""
        for story in queryset:
            if not self.may_write(request.user, story):
                self.message_user(request, f"“{story}” is not yours to change.", messages.ERROR)
                continue
            try:
                take(story)
            except ValidationError as refusal:
                reasons = " ".join(refusal.messages)
                self.message_user(request, f"“{story}” was not {done}. {reasons}", messages.ERROR)
            else:
                self.log_change(request, story, f"It was {done}.")
                self.message_user(request, f"“{story}” was {done}.", messages.SUCCESS)


def named_by_ref(entry, story):
    entry.object_repr = story.ref
    entry.save(update_fields=["object_repr"])
    return entry
