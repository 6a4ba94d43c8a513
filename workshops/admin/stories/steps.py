"""A story's steps from draft to published and back: buttons of its page, actions of the list, and the warning page."""

from dataclasses import dataclass
from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops import changes
from workshops.admin.base.select_all import MAX_NAMED
from workshops.admin.judgements.ticks import COULD_TELL, MAY_STAND, judge_ticked, take_answer
from workshops.admin.stories.step_sentences import PUBLISHED, RETURNED, SUBMITTED, UNPUBLISHED
from workshops.choices import Consent, Status
from workshops.judgements.context import ContextUnansweredError, context_of
from workshops.judgements.judging import UnjudgedPassagesError
from workshops.judgements.passages import each_once, story_passages
from workshops.stories import review


@dataclass(frozen=True)
class WorkflowStep:
    """A button of a row's page: its name, its label, and what it says it does."""

    name: str
    label: str
    says: str


SUBMIT = WorkflowStep(
    "_submit",
    _("Submit for review"),
    _("Saves, and hands it to an editor. You may change it until it is published."),
)
PUBLISH = WorkflowStep("_publish", _("Publish"), _("Saves, and puts it on the public pages at once."))
RETURN = WorkflowStep(
    "_return", _("Return with a remark"), _("Saves, and gives it back to its facilitators as a draft.")
)
UNPUBLISH = WorkflowStep("_unpublish", _("Unpublish"), _("Saves, and takes it off the public pages and files at once."))


def steps_for(story_admin, user, story):
    """The steps this person may take next with a story; None is a story that is only now being entered."""
    status = story.status if story else Status.DRAFT
    steps = []
    if status == Status.DRAFT and (story is None or story_admin.is_own(user, story)):
        steps.append(SUBMIT)
    if story and story_admin.edits(user, story) and story_admin.may_write(user, story):
        if status in {Status.IN_REVIEW, Status.UNPUBLISHED}:
            steps += [PUBLISH, RETURN]
        elif status == Status.PUBLISHED:
            steps.append(UNPUBLISH)
    return steps


def step_with_each(story_admin, request, stories, take, sentences):
    """Take one step with each story, and say of each that was refused why. Returns whether none was."""
    done, refused = [], []
    for story in stories:
        if not may_take(story_admin, request.user, story, sentences):
            refused.append(gettext("“%(story)s” is not yours to change.") % {"story": story})
            continue
        try:
            take(story)
        except (UnjudgedPassagesError, ContextUnansweredError) as question:
            refused.append(with_link_to_answer(sentences.refused, story, question))
        except ValidationError as refusal:
            refused.append(sentences.refused % {"story": story, "why": " ".join(refusal.messages)})
        else:
            story_admin.log_change(request, story, str(sentences.logged))
            done.append(sentences.done % {"story": story})
    if more := refused[MAX_NAMED:]:
        refused[MAX_NAMED:] = [sentences.refused_to_more % {"count": len(more)}]
    story_admin.tell_of_each(request, refused, messages.ERROR)
    in_all = sentences.done_by_many % {"count": len(done)}
    story_admin.tell_of_each(request, done, messages.SUCCESS, in_all=in_all)
    return not refused


def with_link_to_answer(sentence, story, question):
    """Why a story was left out, with a link to the page where an editor answers what publishing asks."""
    said = sentence % {"story": story, "why": " ".join(question.messages)}
    address = reverse("admin:workshops_story_publish", args=[story.pk])
    return format_html('{} <a href="{}">{}</a>', said, address, gettext("Answer, and publish it"))


def may_take(story_admin, user, story, sentences):
    """Whether a person may take this step with a story: all but submitting are for editors of its programme."""
    is_theirs = sentences is SUBMITTED or story_admin.edits(user, story)
    return is_theirs and story_admin.may_write(user, story)


# Buttons of the story's page. The form is saved first, so that no step loses what was typed.


def respond_to_button(story_admin, request, story):
    """Take the step whose button was pressed. Returns the response, or None if no button of a step was pressed."""
    pressed = [step for step in steps_for(story_admin, request.user, story) if step.name in request.POST]
    if not pressed:
        return None
    if pressed == [SUBMIT] and should_warn(story_admin, request.user, story):
        return redirect("admin:workshops_story_submit", story.pk)
    if pressed == [PUBLISH] and asks_before_publishing(story):
        return redirect("admin:workshops_story_publish", story.pk)
    if pressed == [UNPUBLISH] and changes.foretell([story.pk]):
        return redirect("admin:workshops_story_unpublish", story.pk)
    remark = request.POST.get("your_remark", "")
    take, sentences = {
        SUBMIT: (review.submit_story, SUBMITTED),
        PUBLISH: (review.publish_story, PUBLISHED),
        RETURN: (partial(review.return_story_to_draft, remark=remark), RETURNED),
        UNPUBLISH: (review.unpublish_story, UNPUBLISHED),
    }[pressed[0]]
    if step_with_each(story_admin, request, [story], take, sentences):
        return story_admin.response_post_save_change(request, story)
    return redirect("admin:workshops_story_change", story.pk)


def asks_before_publishing(story):
    """Whether nothing stands against publishing a story but what its editor has to say of its words and context."""
    if story.publication_blockers():
        return False
    return any(passage.is_open for passage in story_passages(story)) or context_of(story).asks


def should_warn(story_admin, user, story):
    """Whether an editor will see the story, and it may tell who somebody is."""
    return story.effective_consent >= Consent.TEAM and bool(open_passages_in(story_admin, user, story))


def open_passages_in(story_admin, user, story):
    return [passage for passage in personal_data_in(story_admin, user, story) if passage.is_open]


def personal_data_in(story_admin, user, story):
    """Passages that may tell who somebody is. That a name is a participant's is said to their facilitators only."""
    return review.giving_away(story, names=story_admin.is_own(user, story))


def submit_view(story_admin, request, pk):
    """Asks once more before a story is submitted whose wording may tell who somebody is."""
    story = story_admin.get_object(request, str(pk))
    if story is None:
        raise Http404
    offered = SUBMIT in steps_for(story_admin, request.user, story)
    if not offered or not story_admin.has_change_permission(request, story):
        raise PermissionDenied
    found = personal_data_in(story_admin, request.user, story)
    changed = request.method == "POST" and request.POST.get("version") != str(story.version)
    if request.method == "POST" and not changed:
        judge_ticked(request, found, story_admin.judged_in(story))
        step_with_each(story_admin, request, [story], review.submit_story, SUBMITTED)
        return redirect("admin:workshops_story_changelist")
    return story_admin.desk_page(
        request,
        "admin/workshops/stories/submit.html",
        gettext("Before you submit it"),
        original=story,
        findings=each_once(found),
        ticked=request.POST.getlist(MAY_STAND),
        changed=changed,
    )


def publish_view(story_admin, request, pk):
    """Asks an editor what publishing asks: which passages may stand, and what the context tells. Then it publishes."""
    story = story_admin.get_object(request, str(pk))
    if story is None:
        raise Http404
    if PUBLISH not in steps_for(story_admin, request.user, story):
        raise PermissionDenied
    if request.method == "POST" and take_answers_and_publish(story_admin, request, story):
        return redirect("admin:workshops_story_change", pk)
    found = each_once(story_admin.shown_passages(request.user, story))
    return story_admin.desk_page(
        request,
        "admin/workshops/stories/publish.html",
        gettext("Before you publish it"),
        original=story,
        passages=found,
        waiting=[passage for passage in found if passage.is_open],
        ticked=request.POST.getlist(MAY_STAND),
        story_context=context_of(story),
        asks_context=True,
        could_tell=request.POST.get(COULD_TELL),
        hindrances=story.publication_blockers().values(),
    )


def take_answers_and_publish(story_admin, request, story):
    """Keep what was answered, and publish. Returns whether it was published; if not, nothing was kept."""
    try:
        with transaction.atomic():
            review.lock_and_refresh(story)
            if request.POST.get("version") != str(story.version):
                sentence = gettext(
                    "The story was saved once more while you were reading. This is what stands in it now."
                )
                raise ValidationError(sentence)
            judge_ticked(request, story_admin.shown_passages(request.user, story), story_admin.judged_in(story))
            take_answer(request, story)
            review.publish_story(story)
    except ValidationError as refusal:
        story_admin.message_user(request, " ".join(refusal.messages), messages.ERROR)
        return False
    story_admin.log_change(request, story, str(PUBLISHED.logged))
    story_admin.message_user(request, PUBLISHED.done % {"story": story}, messages.SUCCESS)
    return True


# Actions of the list.


@admin.action(description=_("Submit for review"), permissions=["change"])
def submit(story_admin, request, queryset):
    take = partial(submit_if_unsuspicious, story_admin, request.user)
    step_with_each(story_admin, request, queryset, take, SUBMITTED)


def submit_if_unsuspicious(story_admin, user, story):
    """Submits a story in which nothing may tell who somebody is; any other a person has to read first."""
    if found := open_passages_in(story_admin, user, story):
        why = gettext(
            "Its title or wording has passages that may tell who somebody is: %(count)s. Open it and submit it there: "
            "you will see them."
        )
        raise ValidationError(why % {"count": len(found)})
    review.submit_story(story)


@admin.action(description=_("Publish"), permissions=["edit"])
def publish(story_admin, request, queryset):
    step_with_each(story_admin, request, queryset, review.publish_story, PUBLISHED)


@admin.action(description=_("Unpublish"), permissions=["edit"])
def unpublish(story_admin, request, queryset):
    """Asks first where something else would come down with them."""
    stories = list(queryset)
    falls = [] if "confirmed" in request.POST else changes.foretell([story.pk for story in stories])
    if falls:
        return confirm_unpublishing(story_admin, request, stories, falls)
    step_with_each(story_admin, request, stories, review.unpublish_story, UNPUBLISHED)
    return None


def story_unpublish_view(story_admin, request, pk):
    """Asks before a story is unpublished with which something else would come down."""
    story = story_admin.get_object(request, str(pk))
    if story is None:
        raise Http404
    if UNPUBLISH not in steps_for(story_admin, request.user, story):
        raise PermissionDenied
    if request.method != "POST":
        return confirm_unpublishing(story_admin, request, [story], changes.foretell([pk]), original=story)
    step_with_each(story_admin, request, [story], review.unpublish_story, UNPUBLISHED)
    return redirect("admin:workshops_story_change", pk)


def confirm_unpublishing(story_admin, request, stories, falls, **context):
    return story_admin.desk_page(
        request,
        "admin/workshops/stories/unpublish.html",
        gettext("Before you unpublish"),
        stories=stories,
        falls=falls,
        checkbox=ACTION_CHECKBOX_NAME,
        **context,
    )


@admin.action(description=_("Return to its facilitators as a draft"), permissions=["edit"])
def return_to_draft(story_admin, request, queryset):
    remark = request.POST.get("remark", "")
    if remark.strip():
        take = partial(review.return_story_to_draft, remark=remark)
        step_with_each(story_admin, request, queryset, take, RETURNED)
        return None
    return story_admin.desk_page(
        request,
        "admin/workshops/stories/return.html",
        gettext("Return to its facilitators as a draft"),
        stories=queryset,
        checkbox=ACTION_CHECKBOX_NAME,
        missing="remark" in request.POST,
    )
