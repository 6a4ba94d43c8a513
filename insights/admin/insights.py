"""The page on which an editor writes an insight beside its evidence (the bench).

One form holds the text and the evidence. A button of the bench does one thing at once, and the page comes back
with what was typed, unsaved; with JavaScript, static/js/insight_editing.js exchanges the bench alone. “Save” saves it all.

The page of a published insight shows its working copy, which the first change begins; its address, its history and the
desk's log are those of the insight itself.
"""

from copy import copy

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import Script
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from insights.admin import insight_pages
from insights.admin.finder import Finder
from insights.admin.insight_buttons import GateQuestionError, mark_reading, take_search, take_step
from insights.admin.insight_forms import BENCH, InsightForm, PassageForm, found_prefix, kind_of
from insights.admin.insight_history import InsightHistory
from insights.admin.patterns import PatternPagesMixin
from insights.choices import Reason, Role
from insights.evidence import editing
from insights.models import Evidence, Insight
from insights.publications import judged_words, publishing, second_reader, working_copies
from workshops.admin.base.model_admin import ArchiveModelAdmin
from workshops.admin.judgements.forms import JudgedWordsMixin
from workshops.judgements.judging import UnjudgedPassagesError
from workshops.models import Story
from workshops.roles import edited_by
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
        return queryset.filter(pk__in=Evidence.objects.at_bench().readable_by(request.user).broken().values("insight"))


class WorkingCopyFilter(admin.SimpleListFilter):
    """Insights of which editors have written something that readers do not have yet."""

    title = _("working copy")
    parameter_name = "working_copy"

    def lookups(self, request, model_admin):
        return [("yes", _("there is one")), ("no", _("there is none"))]

    def queryset(self, request, queryset):
        return queryset.filter(working_copy__isnull=self.value() == "no") if self.value() in ("yes", "no") else queryset


@admin.register(Insight)
class InsightAdmin(JudgedWordsMixin, PatternPagesMixin, ArchiveModelAdmin):
    judged_fields = ("title", "summary", "body", "none_found")
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
        "look_again_on",
    ]
    prepopulated_fields = {"slug": ["title"]}
    actions = ["publish", insight_pages.unpublish_insights]
    asks_itself = frozenset({"unpublish_insights"})
    extra_pages = insight_pages.PAGES
    history_class = InsightHistory
    list_display = ["title", "kind", "nature", "status", "written"]
    list_select_related = ["working_copy"]
    list_filter = ["status", WorkingCopyFilter, BrokenExcerptFilter, "kind", "nature", "themes", "programme"]
    search_fields = ["title", "slug", "summary"]
    when_empty = _("There is no insight yet. Look at the emerging patterns, or add one.")

    class Media:
        js = [Script("js/insight_editing.js", type="module")]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def get_field_queryset(self, db, db_field, request):
        """The programmes that they edit; and to build on, what readers have of the others too."""
        queryset = super().get_field_queryset(db, db_field, request)
        if db_field.name == "programme":
            return queryset.filter(edited_by(request.user).rows("pk"))
        return Insight.objects.visible_to(request.user) if db_field.name == "builds_on" else queryset

    def has_delete_permission(self, request, obj=None):
        """What was once published stays, for its versions are public."""
        return super().has_delete_permission(request, obj) and not (obj and obj.publications.exists())

    def passages_of(self, row):
        return judged_words.insight_passages(row)

    def judged_in(self, row):
        return judged_words.judged_in_programme(row)

    def is_before_readers(self, row):
        """No: what is saved is a working copy, and publishing asks."""
        return False

    @admin.display(description=_("working copy"))
    def written(self, insight):
        return gettext("yes") if hasattr(insight, "working_copy") else ""

    def get_object(self, request, object_id, from_field=None):
        """The insight; on its page, the row that editors work on.

        Locks an insight that is to be saved, so that the second of two editors is warned of the first one's changes.
        """
        insight = super().get_object(request, object_id, from_field)
        if insight and request.method == "POST" and transaction.get_connection().in_atomic_block:
            editing.lock_insight(insight)
            insight = super().get_object(request, object_id, from_field)
        return insight.as_written if insight and getattr(request, "is_at_bench", False) else insight

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        request.is_at_bench = True
        said = self.work(request, unquote(object_id)) if object_id and BENCH in request.POST else None
        return super().changeform_view(request, object_id, form_url, {"said": said} | (extra_context or {}))

    def work(self, request, object_id):
        """Do what a button of the bench says. Returns what the page then says: a level, sentences, perhaps a button."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_change_permission(request, row):
            raise PermissionDenied
        if take_search(request):
            return None
        try:
            with transaction.atomic():
                done = mark_reading(request, row) or take_step(request, working_copies.row_to_write(row))
        except ValidationError as refusal:
            return {"level": "error", "sentences": refusal.messages}
        except GateQuestionError as asked:
            sentence = gettext("Without it, readers keep what they have, and this could not be published again:")
            return {"level": "warning", "sentences": [sentence, *asked.sentences], "button": asked.button}
        self.log_change(request, row, done["log"])
        return {"level": "success", "sentences": [done["says"]], "undo": done.get("undo")}

    def log_change(self, request, obj, message):
        """In the name of the insight itself: a working copy has no page."""
        return super().log_change(request, obj.itself, message)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            context |= self.at_bench(request, obj, context["adminform"].form)
            context["original"] = obj = obj.itself
        return super().render_change_form(request, context, add, change, form_url, obj)

    def at_bench(self, request, insight, form):
        """What the page shows beside the text: the gate, the evidence and its reach, search results, what was set aside."""
        data = request.POST if request.method == "POST" else request.GET
        for form_of_piece in form.pieces:
            form_of_piece.piece.why = data.get(f"why-{form_of_piece.piece.source_key}", "")
        finder = Finder(data)
        found, next_page = finder.find(request.user)
        roles = {form.piece.source: form.piece.get_role_display() for form in form.pieces}
        readable = Story.objects.visible_to(request.user).told_to_team()
        aside = insight.set_aside.filter(story__in=readable).select_related("story")
        reasons = {left.story: left.get_reason_display() for left in aside}
        stories = [thing.pk for thing in found if kind_of(thing) == "story"]
        stories += [form.piece.story_id for form in form.pieces if form.piece.story_id]
        doubles = stories_told_twice(stories, readable)
        for piece in (form.piece for form in form.pieces):
            piece.doubles = doubles.get(piece.story_id, [])
        return {
            "row": insight,
            "versions": list(insight.itself.publications.select_related("insight")),
            "gaps": [(gap.sentence, ways_to_mend(gap)) for gap in publishing.gaps(as_typed(insight, data))],
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

    def save_form(self, request, form, change):
        """Text and evidence that were changed go into the row for that; who only reads and publishes has not written."""
        if change and (form.changes_text or form.changed_pieces):
            form.write_in(working_copies.row_to_write(form.instance))
        return super().save_form(request, form, change)

    def save_model(self, request, obj, form, change):
        if not change or form.changes_text:
            super().save_model(request, obj, form, change)
        if not change:
            second_reader.note_writer(obj)

    def save_related(self, request, form, formsets, change):
        if not change or form.changes_text:
            super().save_related(request, form, formsets, change)
        else:
            self.keep_ticks(request, form.instance)
        for piece in form.changed_pieces:
            piece.save(form.instance)

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
        self.publish(request, [obj.itself])
        return HttpResponseRedirect(reverse("admin:insights_insight_change", args=[obj.itself.pk]))

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request, queryset):
        for insight in queryset:
            latest = insight.publications.last()
            try:
                publication = publishing.publish_insight(insight)
            except UnjudgedPassagesError as question:
                self.message_user(request, left_unpublished(insight, question), messages.ERROR)
            except ValidationError as refusal:
                reasons = {"insight": insight, "reasons": " ".join(refusal.messages)}
                said = gettext("“%(insight)s” was not published. %(reasons)s") % reasons
                self.message_user(request, said, messages.ERROR)
            else:
                self.say_published(request, insight, publication.version, is_new=publication != latest)

    def say_published(self, request, insight, version, is_new):
        words = {"insight": insight, "version": version}
        if is_new:
            logged = gettext("It was published as version %(version)s.")
            said = gettext("“%(insight)s” was published as version %(version)s.")
        else:
            logged = gettext("It was published; its text and evidence are those of version %(version)s.")
            said = gettext(
                "“%(insight)s” is published. Text and evidence are those of version %(version)s: there is no new one."
            )
        self.log_change(request, insight, logged % words)
        said %= words
        if publishing.is_from_single_workshop(insight):
            said = f"{said} {gettext('It bears the label “From a single workshop”.')}"
        self.message_user(request, said, messages.SUCCESS)


def left_unpublished(insight, question):
    """Why an insight was not published, with a link to where its editor says what may stand."""
    reasons = {"insight": insight, "reasons": " ".join(question.messages)}
    said = gettext("“%(insight)s” was not published. %(reasons)s") % reasons
    address = reverse("admin:insights_insight_change", args=[insight.pk])
    return format_html('{} <a href="{}#passages">{}</a>', said, address, gettext("Say what may stand"))


def as_typed(insight, data):
    """The row with the texts that were typed and not saved yet: “Save and publish” saves them first."""
    typed = copy(insight)
    for name in publishing.READ_TEXTS:
        if name in data:
            setattr(typed, name, Insight._meta.get_field(name).to_python(data[name]))
    return typed


def ways_to_mend(gap):
    """Where an editor fills a gap, as [(what to do, address)]."""
    if gap.evidence:
        model = kind_of(gap.evidence.source)
        address = reverse(f"admin:workshops_{model}_change", args=[gap.evidence.source.pk])
        words = gettext("Open the story") if model == "story" else gettext("Open the practice")
        return [(words, address), (gettext("Go to it here"), f"#piece-{gap.evidence.source_key}")]
    if gap.field == "none_found":
        return [(gettext("Find a contradiction"), "#find"), (gettext("Say where you looked"), "#id_none_found")]
    if gap.field == "evidence":
        return [(gettext("Find evidence"), "#find")]
    return [(gettext("Go to it here"), f"#id_{gap.field}")]


def found_form(data, thing):
    prefix = found_prefix(thing)
    typed = data if f"{prefix}-passage" in data else None
    return PassageForm(typed, prefix=prefix)
