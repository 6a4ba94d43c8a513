from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import ModelForm, Textarea
from django.utils.html import format_html_join

from insights import publishing
from insights.models import Evidence, Insight, SetAside
from workshops.admin.desk import ChoosesAtDesk, DeskAdmin
from workshops.choices import Status
from workshops.models import Story


class EvidenceForm(ModelForm):
    class Meta:
        widgets = {"excerpt": Textarea(attrs={"rows": 3, "cols": 80})}

    def clean(self):
        cleaned = super().clean()
        story, practice, excerpt = (cleaned.get(name) for name in ["story", "practice", "excerpt"])
        words = story.published_text if story else practice.statement if practice else ""
        if excerpt and self.has_changed() and excerpt not in words:
            self.add_error("excerpt", "Its published wording does not say this. Copy the passage letter by letter.")
        return cleaned


class EvidenceInline(ChoosesAtDesk, admin.StackedInline):
    model = Evidence
    form = EvidenceForm
    fields = [("order", "role"), ("story", "practice"), "excerpt"]
    autocomplete_fields = ["story", "practice"]
    extra = 0

    def get_queryset(self, request):
        """Without what was withdrawn: its row stays, so that readers are told, but it is nobody's to read."""
        seen = Q(practice__isnull=False) | Q(story__in=Story.objects.visible_to(request.user))
        return super().get_queryset(request).filter(seen).select_related("story", "practice")


class SetAsideInline(ChoosesAtDesk, admin.TabularInline):
    model = SetAside
    autocomplete_fields = ["story"]
    extra = 0

    def get_queryset(self, request):
        seen = Story.objects.visible_to(request.user)
        return super().get_queryset(request).filter(story__in=seen).select_related("story")


@admin.register(Insight)
class InsightAdmin(DeskAdmin):
    fields = [
        "title",
        "slug",
        "programme",
        ("kind", "nature"),
        "summary",
        "body",
        "actions",
        "themes",
        "builds_on",
        "none_found",
        "status",
        "to_do",
    ]
    readonly_fields = ["status", "to_do"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["themes", "builds_on"]
    inlines = [EvidenceInline, SetAsideInline]
    actions = ["publish", "unpublish"]
    list_display = ["title", "kind", "nature", "status"]
    list_filter = ["status", "kind", "nature", "themes", "programme"]
    search_fields = ["title", "slug", "summary"]

    @admin.display(description="before it can be published")
    def to_do(self, insight):
        if not insight.pk:
            return "Save it first."
        sentences = publishing.missing(insight)
        return format_html_join("\n", "<p>{}</p>", ((said,) for said in sentences)) or "Nothing is missing."

    def has_delete_permission(self, request, obj=None):
        """What was once published keeps its versions."""
        return super().has_delete_permission(request, obj) and not (obj and obj.publications.exists())

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        insight = form.instance
        if insight.status == Status.PUBLISHED and (sentences := publishing.missing(insight)):
            publishing.unpublish(insight)
            self.message_user(
                request, f"“{insight}” was unpublished by this change. {' '.join(sentences)}", messages.WARNING
            )

    @admin.action(description="Publish", permissions=["change"])
    def publish(self, request, queryset):
        for insight in queryset:
            try:
                publication = publishing.publish(insight)
            except ValidationError as refusal:
                reasons = " ".join(refusal.messages)
                self.message_user(request, f"“{insight}” was not published. {reasons}", messages.ERROR)
                continue
            label = (
                " It bears the label “From a single workshop”." if publishing.is_from_single_workshop(insight) else ""
            )
            self.log_change(request, insight, f"It was published as version {publication.version}.")
            self.message_user(
                request, f"“{insight}” was published as version {publication.version}.{label}", messages.SUCCESS
            )

    @admin.action(description="Unpublish", permissions=["change"])
    def unpublish(self, request, queryset):
        for insight in queryset:
            for down in publishing.unpublish(insight):
                self.log_change(request, down, "It was unpublished.")
                self.message_user(request, f"“{down}” was unpublished.", messages.SUCCESS)
