"""Practices and the votes on them: what editors publish, and what facilitators and analysts look up."""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.forms import ModelForm
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from workshops.admin.base.conflicts import VersionedAdminMixin, VersionedForm
from workshops.admin.base.model_admin import ArchiveModelAdmin
from workshops.admin.base.select_all import MAX_NAMED
from workshops.admin.judgements.forms import JudgedWordsMixin
from workshops.admin.stories.steps import PUBLISH, WorkflowStep
from workshops.admin.voting import merging, spelling
from workshops.choices import Status
from workshops.judgements.judging import UnjudgedPassagesError
from workshops.judgements.passages import NOWHERE, practice_passages, practices_judged_in
from workshops.models import Practice, Story, Tally, Vote
from workshops.models.votes import no_practice_of
from workshops.roles import FACILITATOR, edited_by, is_editor, is_editor_somewhere, read_by, roles_of
from workshops.stories import review
from workshops.visibility import own_workshops

RETURN_PRACTICE = WorkflowStep(
    "_return", _("Return to draft"), _("Saves, and takes it off the public pages and files at once.")
)


@dataclass(frozen=True)
class PracticeSentences:
    """What is said of a practice that took a step, of many that did, and in the log."""

    done: str
    done_by_many: str
    logged: str


PUBLISHED = PracticeSentences(
    done=_("“%(practice)s” was published."),
    done_by_many=ngettext_lazy("%(count)s practice was published.", "%(count)s practices were published.", "count"),
    logged=_("It was published."),
)
RETURNED = PracticeSentences(
    done=_("“%(practice)s” was returned to draft."),
    done_by_many=ngettext_lazy(
        "%(count)s practice was returned to draft.", "%(count)s practices were returned to draft.", "count"
    ),
    logged=_("It was returned to draft."),
)


class PracticeForm(VersionedForm):
    """A practice with the stories it was drawn from."""

    def clean_stories(self):
        stories = self.cleaned_data["stories"]
        refused = [no_practice_of(story.ref) for story in stories if story.in_confidence]
        if refused:
            raise ValidationError(refused)
        return stories


@admin.register(Practice)
class PracticeAdmin(JudgedWordsMixin, VersionedAdminMixin, ArchiveModelAdmin):
    judged_fields = ("statement", "description")
    form = PracticeForm
    fields = ["statement", "description", "service_areas", "themes", "tags", "stories", "status", "ref"]
    readonly_fields = ["status", "ref"]
    autocomplete_fields = ["stories"]
    actions = ["publish", "return_to_draft", "merge_practices"]
    extra_pages = [
        ("<int:pk>/spelling/", spelling.spelling_page, "spelling"),
        ("merge/", merging.merge_practices_page, "merge"),
        ("merges/", merging.merges_page, "merges"),
    ]
    list_display = ["statement", "status", "ref"]
    when_empty = _("No practice yet. What stands under keep, amplify, discard or create in pasted notes becomes one.")
    list_filter = ["status", "service_areas", "themes"]
    search_fields = ["statement", "description", "ref"]

    def get_queryset(self, request):
        """Links only the stories this person may see: a read-only page would name the others too."""
        seen = Story.objects.visible_to(request.user)
        return super().get_queryset(request).prefetch_related(Prefetch("stories", queryset=seen))

    def may_write(self, user, obj):
        """Facilitators change the drafts they see here; what is published is for the editors of its programme alone."""
        if is_editor(user):
            return True
        if not read_by(user):
            return obj.status == Status.DRAFT
        return Practice.objects.changeable_by(user).filter(pk=obj.pk).exists()

    def edits(self, user, obj):
        """Whether they are an editor, and it comes from no programme but theirs."""
        return is_editor(user) or Practice.objects.edited_by(user).filter(pk=obj.pk).exists()

    def judged_in(self, row):
        return practices_judged_in([row.pk])[row.pk] if row.pk else NOWHERE

    def passages_of(self, row):
        return practice_passages(row, self.judged_in(row))

    def is_before_readers(self, row):
        """Also while a room votes on it from phones."""
        return row.status == Status.PUBLISHED or (row.pk is not None and row.ballots.open().exists())

    def save_model(self, request, obj, form, change):
        if not change:
            obj.entered_by = request.user
        super().save_model(request, obj, form, change)

    def has_edit_permission(self, request):
        return is_editor_somewhere(request.user)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(
            request, {"may_merge": is_editor_somewhere(request.user)} | (extra_context or {})
        )

    @admin.action(description=_("Publish"), permissions=["edit"])
    def publish(self, request, queryset):
        self.step(request, queryset, review.publish_practice, PUBLISHED)

    @admin.action(description=_("Return to draft"), permissions=["edit"])
    def return_to_draft(self, request, queryset):
        self.step(request, queryset, review.return_practice_to_draft, RETURNED)

    @admin.action(description=_("Merge into one …"), permissions=["edit"])
    def merge_practices(self, request, queryset):
        return HttpResponseRedirect(merging.merge_address(queryset))

    # Buttons of the practice's page do the same, once it is saved.

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["steps"] = self.steps_for(request.user, obj)
        if obj and self.edits(request.user, obj):
            context["copy_address"] = spelling.copy_address(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def steps_for(self, user, practice):
        if practice is None or not self.edits(user, practice):
            return []
        return [PUBLISH] if practice.status == Status.DRAFT else [RETURN_PRACTICE]

    def response_change(self, request, obj):
        pressed = [step for step in self.steps_for(request.user, obj) if step.name in request.POST]
        if not pressed:
            return super().response_change(request, obj)
        if pressed == [PUBLISH]:
            if not self.step(request, [obj], review.publish_practice, PUBLISHED):
                return HttpResponseRedirect(practice_page(obj))
        else:
            self.return_to_draft(request, [obj])
        return self.response_post_save_change(request, obj)

    def step(self, request, queryset, take, sentences):
        """Take one step with each practice, and say so in the log and to the editor. Returns whether none was refused."""
        done, refused = [], []
        practices = list(queryset)
        chosen = Practice.objects.filter(pk__in=[practice.pk for practice in practices])
        theirs = set(chosen.edited_by(request.user).values_list("pk", flat=True))
        for practice in practices:
            if practice.pk not in theirs:
                said = gettext("“%(practice)s” is not yours to change: other programmes use it too, or alone.")
                refused.append(said % {"practice": practice})
                continue
            try:
                take(practice)
            except UnjudgedPassagesError as question:
                refused.append(left_out_sentence(practice, question))
                continue
            self.log_change(request, practice, str(sentences.logged))
            done.append(sentences.done % {"practice": practice})
        in_all = sentences.done_by_many % {"count": len(done)}
        self.tell_of_each(request, refused[:MAX_NAMED], messages.ERROR)
        if more := len(refused[MAX_NAMED:]):
            said = ngettext("%(count)s more was not published.", "%(count)s more were not published.", more)
            self.message_user(request, said % {"count": more}, messages.ERROR)
        self.tell_of_each(request, done, messages.SUCCESS, in_all=in_all if done else "")
        return not refused


def practice_page(practice):
    return reverse("admin:workshops_practice_change", args=[practice.pk])


def left_out_sentence(practice, question):
    """Why a practice was left out, with a link to its page, where an editor says what may stand."""
    said = gettext("“%(practice)s” was not published. %(why)s")
    said %= {"practice": practice, "why": " ".join(question.messages)}
    return format_html('{} <a href="{}#passages">{}</a>', said, practice_page(practice), gettext("Say what may stand"))


class CountAdmin(ArchiveModelAdmin):
    """Votes and hands counted belong to the workshop where they were cast."""

    list_filter = ["workshop"]
    when_empty = _("None yet. Open a workshop of yours and enter its votes or flip charts, or open a ballot.")

    def is_own(self, user, obj):
        return obj.workshop_id in own_workshops(user)


class VoteForm(ModelForm):
    """One vote, entered by hand."""

    def clean(self):
        """Entering a vote again changes the row there is: a later vote replaces an earlier one."""
        cleaned = super().clean()
        if self.instance.pk is None:
            earlier = Vote.objects.filter(practice=cleaned.get("practice"), participant=cleaned.get("participant"))
            self.instance = earlier.first() or self.instance
            self.instance.from_phone = False
        return cleaned


@admin.register(Vote)
class VoteAdmin(CountAdmin):
    form = VoteForm
    fields = ["workshop", "participant", "practice", "choice"]
    autocomplete_fields = ["participant", "practice"]
    list_display = ["practice", "participant", "choice", "workshop"]
    list_filter = ["choice", *CountAdmin.list_filter]
    list_select_related = ["practice", "participant", "workshop"]
    search_fields = ["practice__statement", "practice__ref"]

    def get_fields(self, request, obj=None):
        return self.fields if knows_codes(request.user) else ["workshop", "pseudonym", "practice", "choice"]

    def get_readonly_fields(self, request, obj=None):
        return ["participant", "pseudonym", "practice"] if obj else []

    def get_list_display(self, request):
        practice, _participant, *rest = self.list_display
        return [practice, "participant" if knows_codes(request.user) else "pseudonym", *rest]

    def get_search_fields(self, request):
        codes = ["participant__code"] if knows_codes(request.user) else []
        return [*self.search_fields, *codes]

    @admin.display(description=_("voter"))
    def pseudonym(self, vote):
        return vote.participant.pseudonym


def knows_codes(user):
    """Whether a person may see the codes of voters. Analysts see pseudonyms: a slip found in a drawer tells them nothing.

    Who edits one programme and only analyses another sees pseudonyms in both.
    """
    edits_all_they_read = bool(edited_by(user)) and read_by(user) <= edited_by(user)
    return edits_all_they_read or FACILITATOR in roles_of(user)


@admin.register(Tally)
class TallyAdmin(CountAdmin):
    fields = ["practice", "workshop", "service_area", ("keep", "amplify", "discard", "create")]
    autocomplete_fields = ["practice"]
    list_display = ["practice", "workshop", "service_area", "keep", "amplify", "discard", "create"]
    list_select_related = ["practice", "workshop", "service_area"]
    search_fields = ["practice__statement", "practice__ref"]
