"""Erasing with a slip alone: all is hidden at once, and for a day whoever holds the slip can call it back."""

import logging

from django.core.exceptions import ValidationError
from django.db import transaction

from workshops.choices import Status
from workshops.chunks import do_each
from workshops.consent.erasure import erase_participant
from workshops.models import ErasureRequest, Participant, Story
from workshops.models.forgotten import new_reference
from workshops.stories.review import publish_story_again, unpublish_story

logger = logging.getLogger(__name__)


@transaction.atomic
def ask_to_erase(participant: Participant) -> ErasureRequest:
    """Hide all that somebody told, and have it erased in a day. Asking twice gives the first request."""
    participant.refresh_from_db(from_queryset=Participant.objects.select_for_update())
    # Whoever publishes one of them meanwhile holds its lock; afterwards they find the request.
    told = list(Story.objects.select_for_update().filter(told_by=participant).order_by("pk"))
    request, is_new = ErasureRequest.objects.get_or_create(
        participant=participant, defaults={"reference": new_reference()}
    )
    if is_new:
        public = [story for story in told if story.status == Status.PUBLISHED]
        request.remembered = {"stories": [story.pk for story in public]}
        request.save(update_fields=["remembered"])
        for story in public:
            unpublish_story(story)
    return request


@transaction.atomic
def call_back_erasure(participant: Participant) -> ErasureRequest | None:
    """Take a request back and publish again what it hid. Returns the former request; None if there is none any more."""
    request = ErasureRequest.objects.select_for_update().filter(participant=participant).first()
    if request is None:
        return None
    ErasureRequest.objects.filter(pk=request.pk).delete()
    for story in Story.objects.filter(pk__in=request.remembered["stories"], status=Status.UNPUBLISHED):
        try:
            publish_story_again(story)
        except ValidationError:  # its consent was lowered meanwhile, say: it stays with the editors
            logger.info("Story %s stays unpublished although an erasure was called back.", story.ref)
    return request


def carry_out_due_requests() -> int:
    """Erase everybody whose day has passed. Returns how many; one that fails is tried again next time."""
    return do_each(ErasureRequest.objects.due().values_list("pk", flat=True), carry_out)


@transaction.atomic
def carry_out(participant_id: int) -> None:
    """Erase one person, unless their request was called back meanwhile."""
    request = ErasureRequest.objects.due().select_for_update().filter(pk=participant_id).first()
    if request is not None:
        erase_participant(request.participant, reference=request.reference)
