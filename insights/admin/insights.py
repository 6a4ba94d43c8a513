"""The page on which an editor writes an insight beside its evidence (the bench).

One form holds the text and the evidence. A button of the bench does one thing at once, and the page comes back
with what was typed, unsaved; with JavaScript, static/js/insight_editing.js exchanges the bench alone. “Save” saves it all.
"""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import Script
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from insights.admin.finder import Finder
from insights.admin.insight_buttons import take_step
from insights.admin.insight_forms import BENCH, InsightForm, PassageForm, found_prefix, kind_of
from insights.admin.patterns import PatternPagesMixin
from insights.choices import Reason, Role
from insights.evidence import editing
from insights.models import Evidence, Insight
from insights.publications import publishing
from workshops.admin.base.model_admin import ArchiveModelAdmin
from workshops.choices import Status
from workshops.models import Story
from workshops.stories.doubles import stories_told_twice


class BrokenExcerptFilter(admin.SimpleListFilter):
    """Insights with a quotation that readers do not see any more, because its story was reworded."""

    title = _("quotations")
    parameter_name = "quotations"

    def lookups(self, request, model_admin):
        return [("broken", _("no longer in the wording"))]

    def queryset(self, request, queryset):
        if self.value() != "broken":
            return queryset
        return queryset.filter(pk__in=Evidence.objects.at_bench().broken().values("insight"))


@admin.register(Insight)
class InsightAdmin(PatternPagesMixin, ArchiveModelAdmin):
    form = InsightForm
    fields = [
        "title",
        "slug",
        "programme",
        ("kind", "nature"),
        "summary",
        "body",
        "none_found",
        "actions",
        "themes",
        "builds_on",
    ]
    prepopulated_fields = {"slug": ["title"]}
    actions = ["publish", "unpublish"]
    list_display = ["title", "kind", "nature", "status"]
    list_filter = ["status", BrokenExcerptFilter, "kind", "nature", "themes", "programme"]
    search_fields = ["title", "slug", "summary"]
    when_empty = _("There is no insight yet. Look at the emerging patterns, or add one.")

    class Media:
        js = [Script("js/insight_editing.js", type="module")]

    def has_delete_permission(self, request, obj=None):
        """What was once published stays, for its versions are public."""
        return super().has_delete_permission(request, obj) and not (obj and obj.publications.exists())

    def get_object(self, request, object_id, from_field=None):
        """Locks an insight that is to be saved, so that the second of two editors is warned of the first one's changes."""
        insight = super().get_object(request, object_id, from_field)
        if insight and request.method == "POST" and transaction.get_connection().in_atomic_block:
            editing.lock_insight(insight)
            insight = super().get_object(request, object_id, from_field)
        return insight

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        said = self.work(request, unquote(object_id)) if object_id and BENCH in request.POST else None
        return super().changeform_view(request, object_id, form_url, {"said": said} | (extra_context or {}))

    def work(self, request, object_id):
        """Do what a button of the bench says. Returns what the page then says, as a level and sentences."""
        insight = self.get_object(request, object_id)
        if insight is None or not self.has_change_permission(request, insight):
            raise PermissionDenied
        try:
            with transaction.atomic():
                done = take_step(request, insight)
                fallen = self.unpublish_below_gate(insight) if done else []
        except ValidationError as refusal:
            return {"level": "error", "sentences": refusal.messages}
        if not done:
            return None
        for_history, sentence = done
        self.log_change(request, insight, for_history)
        return {"level": "warning" if fallen else "success", "sentences": [sentence, *fallen]}

    def unpublish_below_gate(self, insight):
        """Unpublish an insight that a change left without what publishing requires. Returns sentences that say so."""
        insight.refresh_from_db()
        sentences = publishing.publication_blockers(insight) if insight.status == Status.PUBLISHED else []
        if not sentences:
            return []
        said = gettext("“%(insight)s” was unpublished by this change.")
        return [said % {"insight": down} for down in publishing.unpublish_insight(insight)] + sentences

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            context |= self.at_bench(request, obj, context["adminform"].form)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def at_bench(self, request, insight, form):
        """What the page shows beside the text: the gate, the evidence and its reach, search results, what was set aside."""
        data = request.POST if request.method == "POST" else request.GET
        finder = Finder(data)
        found, next_page = finder.find(request.user)
        roles = {form.piece.source: form.piece.get_role_display() for form in form.pieces}
        aside = insight.set_aside.filter(story__in=Story.objects.told_to_team()).select_related("story")
        reasons = {left.story: left.get_reason_display() for left in aside}
        stories = [thing.pk for thing in found if kind_of(thing) == "story"]
        stories += [form.piece.story_id for form in form.pieces if form.piece.story_id]
        doubles = stories_told_twice(stories, Story.objects.visible_to(request.user).told_to_team())
        for piece in (form.piece for form in form.pieces):
            piece.doubles = doubles.get(piece.story_id, [])
        return {
            "gaps": [(gap.sentence, ways_to_mend(gap)) for gap in publishing.gaps(insight)],
            "single_workshop": publishing.is_from_single_workshop(insight),
            "reach": editing.draft_reach(insight, [form.piece for form in form.pieces]),
            "broken": [form.piece for form in form.pieces if form.piece.is_broken],
            "finder": finder,
            "found": [
                {
                    "thing": thing,
                    "kind": kind_of(thing),
                    "role": roles.get(thing),
                    "reason": reasons.get(thing),
                    "doubles": doubles.get(thing.pk, []) if kind_of(thing) == "story" else [],
                    "form": found_form(data, thing),
                }
                for thing in found
            ],
            "next_page": next_page,
            "picked": request.POST.getlist("pick"),
            "reason": request.POST.get("reason"),
            "aside": aside,
            "roles": Role,
            "reasons": Reason,
        }

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for piece in form.changed_pieces:
            piece.save()
        if fallen := self.unpublish_below_gate(form.instance):
            self.message_user(request, " ".join(fallen), messages.WARNING)

    def construct_change_message(self, request, form, formsets, add=False):
        """Adds the changed pieces of evidence, which are part of the page; the log names a story by its ref alone."""
        return super().construct_change_message(request, form, formsets, add) + [
            {"changed": {"name": gettext_noop("evidence"), "object": str(piece.piece), "fields": piece.changed_data}}
            for piece in form.changed_pieces
        ]

    def response_add(self, request, obj, post_url_continue=None):
        """Goes on with the page of a new insight: its evidence comes next."""
        if "_addanother" not in request.POST:
            request.POST = request.POST.copy()
            request.POST["_continue"] = "1"
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        if "_publish" not in request.POST:
            return super().response_change(request, obj)
        self.publish(request, [obj])
        return HttpResponseRedirect(reverse("admin:insights_insight_change", args=[obj.pk]))

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request, queryset):
        for insight in queryset:
            try:
                publication = publishing.publish_insight(insight)
            except ValidationError as refusal:
                reasons = {"insight": insight, "reasons": " ".join(refusal.messages)}
                said = gettext("“%(insight)s” was not published. %(reasons)s") % reasons
                self.message_user(request, said, messages.ERROR)
            else:
                self.say_published(request, insight, publication.version)

    def say_published(self, request, insight, version):
        logged = gettext("It was published as version %(version)s.") % {"version": version}
        self.log_change(request, insight, logged)
        said = gettext("“%(insight)s” was published as version %(version)s.") % {"insight": insight, "version": version}
        if publishing.is_from_single_workshop(insight):
            said = f"{said} {gettext('It bears the label “From a single workshop”.')}"
        self.message_user(request, said, messages.SUCCESS)

    @admin.action(description=_("Unpublish"), permissions=["change"])
    def unpublish(self, request, queryset):
        for insight in queryset:
            for down in publishing.unpublish_insight(insight):
                self.log_change(request, down, gettext("It was unpublished."))
                said = gettext("“%(insight)s” was unpublished.") % {"insight": down}
                self.message_user(request, said, messages.SUCCESS)


def ways_to_mend(gap):
    """Where an editor fills a gap, as [(what to do, address)]."""
    if gap.evidence:
        model = kind_of(gap.evidence.source)
        address = reverse(f"admin:workshops_{model}_change", args=[gap.evidence.source.pk])
        words = gettext("Open the story") if model == "story" else gettext("Open the practice")
        return [(words, address), (gettext("Go to it here"), f"#piece-{gap.evidence.pk}")]
    if gap.field == "none_found":
        return [(gettext("Find a contradiction"), "#find"), (gettext("Say where you looked"), "#id_none_found")]
    return [(gettext("Find evidence"), "#find")]


def found_form(data, thing):
    prefix = found_prefix(thing)
    typed = data if f"{prefix}-passage" in data else None
    return PassageForm(typed, prefix=prefix)
