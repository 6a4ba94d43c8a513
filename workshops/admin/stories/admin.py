"""The desk's pages of stories: their list, their form and who may do what there."""

from copy import copy

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import URLField
from django.forms.widgets import Script
from django.template.defaultfilters import linebreaksbr
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops import search
from workshops.admin.base.consent_fields import CONSENT_GIVEN_FIELDS, consent_history
from workshops.admin.base.model_admin import ArchiveModelAdmin
from workshops.admin.judgements.forms import JudgedWordsMixin, type_over
from workshops.admin.judgements.ticks import COULD_TELL, check_answer, take_answer
from workshops.admin.readings import is_shown, show_words_view
from workshops.admin.stories import bulk_tagging, consent, corrections, steps, tag_suggestions
from workshops.admin.stories.filters import MissingFilter
from workshops.admin.stories.form import StoryForm
from workshops.admin.stories.history import StoryHistory
from workshops.browsing.filters import MAX_SEARCH_LENGTH
from workshops.choices import WITH_ITS_FACILITATORS, Consent, Status
from workshops.judgements.context import ContextUnansweredError, context_of, recheck_context, wider_places
from workshops.judgements.passages import STORY_TEXTS, JudgedIn, story_passages
from workshops.models import Story
from workshops.roles import is_editor_somewhere, read_by
from workshops.stories.doubles import stories_told_twice
from workshops.visibility import edited_workshops, own_workshops


def is_of_own_workshop(user, story):
    return story.workshop_id in own_workshops(user)


def edits_story(user, story):
    """Whether they are an editor of its programme."""
    return story.workshop_id in edited_workshops(user)


def may_enter_words(user, story):
    """The story's facilitators write the words as told, until it is published."""
    return story is None or (is_of_own_workshop(user, story) and story.status in WITH_ITS_FACILITATORS)


def may_read_words(user, story):
    """Those who ran the workshop may, and editors if consent reaches to the project team."""
    return may_enter_words(user, story) or (
        is_of_own_workshop(user, story) or (edits_story(user, story) and story.effective_consent >= Consent.TEAM)
    )


WIDER = "_wider"
"""The button that shows a wider place, or none; its value is the place's primary key, or “none”."""


@admin.register(Story)
class StoryAdmin(JudgedWordsMixin, ArchiveModelAdmin):
    """What is a page or an action of its own is a function of its own module, listed here."""

    form = StoryForm
    is_held_while_saved = True
    judged_fields = STORY_TEXTS
    history_class = StoryHistory
    actions = [
        bulk_tagging.tag_in_bulk,
        steps.submit,
        steps.publish,
        steps.unpublish,
        steps.return_to_draft,
        consent.lower_to_team,
        consent.lower_to_facilitators,
        consent.withdraw,
    ]
    asks_itself = frozenset({"tag_in_bulk"})
    extra_pages = [
        ("<int:pk>/submit/", steps.submit_view, "submit"),
        ("<int:pk>/publish/", steps.publish_view, "publish"),
        ("<int:pk>/unpublish/", steps.story_unpublish_view, "unpublish"),
        ("<int:pk>/suggest/", corrections.suggest_view, "suggest"),
        ("<int:pk>/corrections/<int:correction>/", corrections.correction_view, "correction"),
        ("undo-tagging/<int:pk>/", bulk_tagging.undo_tagging_view, "undo_tagging"),
        ("<int:pk>/words/", show_words_view, "words"),
        ("tags/", tag_suggestions.tags_view, "tags"),
    ]
    readonly_fields = ["ref", "status", "effective_consent", consent_history, "words_as_told", "agreements"]
    list_display = ["title", "status", "confidence", "workshop"]
    list_filter = ["status", MissingFilter, "in_confidence", "kind", "service_area", "themes", "place", "workshop"]
    list_select_related = ["workshop"]
    search_fields = ["title", "published_text", "ref"]
    when_empty = _("No story yet. Facilitators paste the notes of their workshop, or add stories one by one.")
    radio_fields = {"consent": admin.VERTICAL}
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    class Media:
        js = [Script(f"js/{name}.js", type="module") for name in ("tags", "story_wording", "passages")]

    def is_own(self, user, obj):
        return is_of_own_workshop(user, obj)

    # Its words, and who could be meant.

    def passages_of(self, row):
        return story_passages(row) if row.workshop_id else []

    def judged_in(self, row):
        return JudgedIn(workshops=(row.workshop_id,))

    def is_before_readers(self, row):
        return row.status == Status.PUBLISHED

    def knows_names(self, user, row):
        return self.is_own(user, row)

    def check_words(self, request, form, row):
        """Besides its words, asks about the context of what readers have, where its service or place is another now."""
        super().check_words(request, form, row)
        try:
            check_answer(request)
            changed = {"service_area", "place"} & set(form.changed_data)
            is_unanswered = changed and self.is_before_readers(row) and COULD_TELL not in request.POST
            if is_unanswered and (context := context_of(row)).asks:
                raise ContextUnansweredError(context)
        except ValidationError as refusal:
            form.add_error(None, refusal)

    def show_wider_place(self, request, object_id):
        """Put another place, or none, into what was typed. The form then comes back, and nothing is saved."""
        story = self.get_object(request, object_id)
        if story is None or not self.has_change_permission(request, story):
            return
        wider = {str(place.pk): place for place in wider_places(story)}
        place = wider.get(request.POST[WIDER])
        type_over(request, {"place": str(place.pk) if place else ""})
        said = gettext("“%(place)s” would be shown as its place.") % {"place": place} if place else ""
        request.mended = f"{said or gettext('No place would be shown.')} {gettext('It is not saved yet.')}"

    def get_search_results(self, request, queryset, search_term):
        """By the words of a story, as readers search, or by its ref. A practice is offered none said in confidence."""
        if request.GET.get("model_name") == "practice":
            queryset = queryset.filter(in_confidence=False)
        if not search_term.strip():
            return queryset, False
        query = search.read_query(search_term[:MAX_SEARCH_LENGTH])
        named = queryset.filter(ref__iexact=search_term.strip())
        return (search.matching(queryset, query) | named if query else named), False

    def may_write(self, user, obj):
        """Its facilitators may until it is published, editors if consent reaches to the project team."""
        return may_enter_words(user, obj) or (edits_story(user, obj) and obj.effective_consent >= Consent.TEAM)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and may_enter_words(request.user, obj)

    def edits(self, user, obj):
        return edits_story(user, obj)

    def has_edit_permission(self, request):
        """For the actions of editors, which ask for the programme of each story."""
        return is_editor_somewhere(request.user)

    def has_record_permission(self, request):
        return consent.may_record_wishes(request.user)

    def get_fieldsets(self, request, obj=None):
        """In the order of the work: what was told, how it is found, who may see it."""
        mine = obj is None or self.has_change_permission(request, obj)
        told_by = ["told_by"] if self.knows_teller(request, obj) else []
        remark = ["your_remark"] if mine and steps.RETURN in steps.steps_for(self, request.user, obj) else []
        return [
            (
                _("What was told"),
                {
                    "fields": [
                        "workshop",
                        *told_by,
                        self.wordings(request, obj, mine),
                        "title",
                        "kind",
                        "location",
                        "source_url",
                        *(["agreements"] if obj and obj.agreements else []),
                    ]
                },
            ),
            (_("How it is found"), {"fields": ["service_area", "place", "themes", "tags"]}),
            (_("Who may see it"), {"fields": self.consent_fields(request, obj, mine)}),
            (
                _("Where it stands"),
                {"fields": [*(["status", "ref"] if obj else []), *remark, *(["opened"] if mine else [])]},
            ),
        ]

    def consent_fields(self, request, obj, mine):
        """The level, how it was given where this person sets it, and what stands behind it once the story is there.

        Without a credit that this person may not see: their form must not overwrite it either.
        """
        sets = mine and "consent" not in self.get_readonly_fields(request, obj)
        knows = self.knows_consent(request, obj)
        return [
            "in_confidence",
            *(["consent"] if knows else []),
            *([*CONSENT_GIVEN_FIELDS, "why_raised"] if sets else []),
            *(["effective_consent", consent_history] if obj and knows else []),
            *(["credit"] if self.knows_credit(request, obj) else []),
        ]

    def wordings(self, request, obj, mine):
        """The words as told beside the published wording, as far as this person may write or read them."""
        if mine and may_enter_words(request.user, obj):
            return "text", "published_text"
        own = is_of_own_workshop(request.user, obj)
        if may_read_words(request.user, obj) and (own or is_shown(request, "words", obj.pk)):
            return "words_as_told", "published_text"
        return "published_text"

    def may_ask_for_words(self, user, story):
        """Whether they may have the words as told shown to them by a step that is written down.

        Those who ran the workshop need none: they took the words down.
        """
        return may_read_words(user, story) and not is_of_own_workshop(user, story)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Without the form's own fields that this person is not shown: they could be posted all the same."""
        form = super().get_form(request, obj, change, **kwargs)
        shown = flatten_fieldsets(self.get_fieldsets(request, obj))
        form.base_fields = {name: field for name, field in form.base_fields.items() if name in shown}
        return form

    @admin.display(description=_("words as told"))
    def words_as_told(self, story):
        return linebreaksbr(story.original_text.text, autoescape=True)

    def knows_teller(self, request, story):
        return story is None or self.is_own(request.user, story) or edits_story(request.user, story)

    def knows_consent(self, request, story):
        if story is None or self.is_own(request.user, story):
            return True
        return story.workshop.phase.programme_id in read_by(request.user)

    def knows_credit(self, request, story):
        """A credit is somebody's name: for those who ran the workshop, until its teller is to be credited with it."""
        return story is None or self.is_own(request.user, story) or bool(story.shown_credit)

    @admin.display(description=_("confidence"), empty_value="")
    def confidence(self, story):
        return gettext("Said in confidence") if story.in_confidence else ""

    def get_readonly_fields(self, request, obj=None):
        """An editor may improve a story, but only its facilitators say who told it, where and with what consent.

        What was said in confidence stays marked so.
        """
        if obj is None:
            return self.readonly_fields
        marked = ["in_confidence"] if obj.in_confidence else []
        if self.is_own(request.user, obj):
            return [*self.readonly_fields, *marked]
        return [*self.readonly_fields, "workshop", "told_by", "consent", "in_confidence"]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.save_words()
        if change and edits_story(request.user, form.instance):
            take_answer(request, form.instance)
            recheck_context(form.instance)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id and WIDER in request.POST:
            self.show_wider_place(request, object_id)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except PermissionDenied:
            story = self.get_object(request, object_id) if object_id and "published_text" in request.POST else None
            if story and corrections.may_suggest(self, request, story):
                return corrections.suggest_instead(self, request, story)
            raise

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """With the steps from here, an editor's remark and suggested corrections."""
        mine = add or self.has_change_permission(request, obj)
        context |= {"steps": steps.steps_for(self, request.user, obj) if mine else []}
        if obj:
            knows = self.is_own(request.user, obj) or edits_story(request.user, obj)
            context |= {
                "remark": obj.remark if knows else "",
                "knows_raise": knows,
                "corrections": obj.corrections.visible_to(request.user).select_related("suggested_by"),
                "may_ask_for_words": self.may_ask_for_words(request.user, obj)
                and not is_shown(request, "words", obj.pk),
                "may_suggest": corrections.may_suggest(self, request, obj),
                "may_record": knows and self.has_record_permission(request),
                "doubles": stories_told_twice([obj.pk], Story.objects.visible_to(request.user)).get(obj.pk, []),
                **(self.context_beside(request, context, obj) if mine and knows else {}),
                "hindrances": obj.publication_blockers().values() if steps.PUBLISH in context["steps"] else [],
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def context_beside(self, request, context, story):
        """What is said of the people a story could mean, by the service and place that stand in its form."""
        form = context["adminform"].form
        typed = copy(story)
        if form.is_bound and hasattr(form, "cleaned_data"):
            typed.service_area = form.cleaned_data.get("service_area", story.service_area)
            typed.place = form.cleaned_data.get("place", story.place)
        return {
            "story_context": context_of(typed),
            "wider": wider_places(typed),
            "may_widen": typed.place is not None,
            "asks_context": edits_story(request.user, story),
            "could_tell": request.POST.get(COULD_TELL),
        }

    def response_add(self, request, obj, post_url_continue=None):
        return steps.respond_to_button(self, request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return steps.respond_to_button(self, request, obj) or super().response_change(request, obj)

    # The desk's log names a story by its ref: no line of it may outlive the story's title.

    def log_addition(self, request, obj, message):
        return name_by_ref(super().log_addition(request, obj, message), obj)

    def log_change(self, request, obj, message):
        return name_by_ref(super().log_change(request, obj, message), obj)

    def log_deletions(self, request, queryset):
        entries = super().log_deletions(request, queryset)
        return [name_by_ref(entry, story) for entry, story in zip(entries, queryset, strict=True)]


def name_by_ref(entry, story):
    entry.object_repr = story.ref
    entry.save(update_fields=["object_repr"])
    return entry
