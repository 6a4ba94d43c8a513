"""The steps of a story from draft to published and back. Each refuses with a ValidationError that says why.

A story is read again under a lock first, so that a step never overrides a withdrawal made a moment before.
"""

from django.core.exceptions import ValidationError
from django.db import transaction

from workshops import changes
from workshops.choices import Status
from workshops.models import Story


@transaction.atomic
def submit(story):
    """A facilitator holds the story to be ready for an editor."""
    move(story, Status.IN_REVIEW, allowed=[Status.DRAFT, Status.UNPUBLISHED])


@transaction.atomic
def return_to_draft(story):
    """An editor gives the story back to the facilitators of its workshop."""
    move(story, Status.DRAFT, allowed=[Status.IN_REVIEW, Status.UNPUBLISHED])


@transaction.atomic
def publish(story):
    read_again(story)
    if hindrances := story.hindrances():
        raise ValidationError(hindrances)
    story.status = Status.PUBLISHED
    story.save()


@transaction.atomic
def unpublish(story):
    move(story, Status.UNPUBLISHED, allowed=[Status.PUBLISHED])
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


def move(story, status, allowed):
    read_again(story)
    if story.status == status:
        return
    if story.status not in allowed:
        raise ValidationError(f"It is {story.get_status_display().lower()}, and cannot go from there to “{status}”.")
    story.status = status
    story.save()


def read_again(story):
    story.refresh_from_db(from_queryset=Story.objects.select_for_update())
