"""A story's steps from draft to published and back: buttons of its page, actions of the list, and the warning page."""

from dataclasses import dataclass
from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops import changes
from workshops.admin.base.select_all import MAX_NAMED
from workshops.admin.stories.step_sentences import PUBLISHED, RETURNED, SUBMITTED, UNPUBLISHED
from workshops.choices import Consent, Status
from workshops.roles import is_editor
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
    if story and is_editor(user) and story_admin.may_write(user, story):
        if status in {Status.IN_REVIEW, Status.UNPUBLISHED}:
            steps += [PUBLISH, RETURN]
        elif status == Status.PUBLISHED:
            steps.append(UNPUBLISH)
    return steps


def step_with_each(story_admin, request, stories, take, sentences):
    """Take one step with each story, and say of each that was refused why. Returns whether none was."""
    done, refused = [], []
    for story in stories:
        if not story_admin.may_write(request.user, story):
            refused.append(gettext("“%(story)s” is not yours to change.") % {"story": story})
            continue
        try:
            take(story)
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


# Buttons of the story's page. The form is saved first, so that no step loses what was typed.


def respond_to_button(story_admin, request, story):
    """Take the step whose button was pressed. Returns the response, or None if no button of a step was pressed."""
    pressed = [step for step in steps_for(story_admin, request.user, story) if step.name in request.POST]
    if not pressed:
        return None
    if pressed == [SUBMIT] and should_warn(story_admin, request.user, story):
        return redirect("admin:workshops_story_submit", story.pk)
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


def should_warn(story_admin, user, story):
    """Whether an editor will see the story, and it may tell who somebody is."""
    return story.effective_consent >= Consent.TEAM and bool(personal_data_in(story_admin, user, story))


def personal_data_in(story_admin, user, story):
    """Passages that may tell who somebody is. The names of participants are looked for by their facilitators only."""
    return review.giving_away(story, names=story_admin.is_own(user, story))


def submit_view(story_admin, request, pk):
    """Asks once more before a story is submitted whose wording may tell who somebody is."""
    story = story_admin.get_object(request, str(pk))
    if story is None:
        raise Http404
    offered = SUBMIT in steps_for(story_admin, request.user, story)
    if not offered or not story_admin.has_change_permission(request, story):
        raise PermissionDenied
    changed = request.method == "POST" and request.POST.get("version") != str(story.version)
    if request.method == "POST" and not changed:
        step_with_each(story_admin, request, [story], review.submit_story, SUBMITTED)
        return redirect("admin:workshops_story_changelist")
    return story_admin.desk_page(
        request,
        "admin/workshops/stories/submit.html",
        gettext("Before you submit it"),
        original=story,
        findings=personal_data_in(story_admin, request.user, story),
        changed=changed,
    )


# Actions of the list.


@admin.action(description=_("Submit for review"), permissions=["change"])
def submit(story_admin, request, queryset):
    take = partial(submit_if_unsuspicious, story_admin, request.user)
    step_with_each(story_admin, request, queryset, take, SUBMITTED)


def submit_if_unsuspicious(story_admin, user, story):
    """Submits a story in which nothing may tell who somebody is; any other a person has to read first."""
    if found := personal_data_in(story_admin, user, story):
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
