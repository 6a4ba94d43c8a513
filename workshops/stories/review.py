"""The steps of a story from draft to published and back. Each refuses with a ValidationError that says why.

A story is read again under a lock first, so that a step never overrides a withdrawal made a moment before.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from workshops import changes
from workshops.choices import Consent, CorrectionState, Status
from workshops.models import Correction, Identity, Place, ServiceArea, Story, Theme
from workshops.stories import personal_names


def giving_away(story, *, names):
    """What in a story's title and published wording may tell who somebody is, as findings in order.

    `names` says whether to look for the names of those who were in the room, which not everybody may learn.
    """
    there = Q(participant__workshops=story.workshop_id) | Q(participant=story.told_by_id)
    people = set(Identity.objects.filter(there).values_list("name", flat=True)) if names else set()
    known = [name for model in (Place, ServiceArea, Theme) for term in model.objects.all() for name in term.names]
    known += [story.workshop.title, story.workshop.phase.programme.title]
    return [
        found
        for text in (story.title, story.published_text)
        for found in personal_names.find_personal_data(text, people, known)
    ]


@transaction.atomic
def submit_story(story):
    """A facilitator holds the story to be ready for an editor, who must be able to see it."""
    lock_and_refresh(story)
    if story.effective_consent < Consent.TEAM:
        whose = "the story" if story.consent < Consent.TEAM else "the person who told it"
        raise ValidationError(
            f"No editor can see it: the consent of {whose} is “facilitators”. If who told it agrees to more, "
            "widen that first."
        )
    change_status(story, Status.IN_REVIEW, allowed=[Status.DRAFT, Status.UNPUBLISHED])


@transaction.atomic
def return_story_to_draft(story, remark):
    """An editor gives the story back to the facilitators of its workshop, and says what they should mend."""
    if not remark.strip():
        raise ValidationError({"remark": "Say in a sentence what its facilitators should mend; they read it here."})
    lock_and_refresh(story)
    story.remark = remark.strip()
    change_status(story, Status.DRAFT, allowed=[Status.IN_REVIEW, Status.UNPUBLISHED])


@transaction.atomic
def publish_story(story):
    lock_and_refresh(story)
    if hindrances := story.publication_blockers():
        raise ValidationError(hindrances)
    story.status = Status.PUBLISHED
    story.remark = ""
    story.save()


@transaction.atomic
def unpublish_story(story):
    lock_and_refresh(story)
    change_status(story, Status.UNPUBLISHED, allowed=[Status.PUBLISHED])
    changes.tell([story.pk])


@transaction.atomic
def publish_practice(practice):
    practice.status = Status.PUBLISHED
    practice.save(update_fields=["status"])


@transaction.atomic
def return_practice_to_draft(practice):
    """What rests on the practice rests on its stories, so whoever listens for those hears of it."""
    practice.status = Status.DRAFT
    practice.save(update_fields=["status"])
    changes.tell(list(Story.objects.filter(practices=practice).values_list("pk", flat=True)))


@transaction.atomic
def accept_correction(correction, editor, answer="", *, seen=None):
    """Put a suggested correction in place, through the same gate as any wording that is published.

    `seen` is the version of the story that the editor compared it with.
    """
    decide_correction(correction, CorrectionState.TAKEN, editor, answer)
    story = correction.story
    lock_and_refresh(story)
    if seen is not None and seen != story.version:
        raise ValidationError("The story was changed while you were reading. Compare the two once more.")
    story.title, story.published_text = correction.title, correction.published_text
    story.full_clean()
    story.save()


@transaction.atomic
def decline_correction(correction, editor, answer):
    """Leave the story as it is, and tell its facilitators why."""
    if not answer.strip():
        raise ValidationError({"answer": "Say in a sentence why it stays as it is; its facilitators read it."})
    decide_correction(correction, CorrectionState.DECLINED, editor, answer)


def decide_correction(correction, state, editor, answer):
    correction.refresh_from_db(from_queryset=Correction.objects.select_for_update())
    if correction.state != CorrectionState.OPEN:
        raise ValidationError(f"It was {correction.state} already, by {correction.decided_by or 'somebody else'}.")
    correction.state, correction.answer = state, answer.strip()
    correction.decided_by, correction.decided_at = editor, timezone.now()
    correction.save()


def change_status(story, status, allowed):
    if story.status == status:
        return
    if story.status not in allowed:
        raise ValidationError(f"It is {story.get_status_display().lower()}, and cannot go from there to “{status}”.")
    story.status = status
    story.save()


def lock_and_refresh(story):
    story.refresh_from_db(from_queryset=Story.objects.select_for_update())
