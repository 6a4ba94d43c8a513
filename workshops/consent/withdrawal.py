"""What a participant may ask for at any time: to withdraw a story, or to narrow who may see it."""

from collections.abc import Iterable
from typing import TypeVar

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Least
from django.utils import timezone

from workshops import changes, search
from workshops.choices import Consent, Status
from workshops.models import Correction, Participant, Story
from workshops.models.stories import forget_history

Giver = TypeVar("Giver", Story, Participant)
"""Whose consent it is: a story's own, or that of a participant for all they told."""


@transaction.atomic
def withdraw_stories(stories: Iterable[Story]) -> int:
    """Withdraw these stories, for good: from the next request on no page, count, quotation or file holds them.

    Returns how many were withdrawn now: those that were withdrawn before stay as they are.
    """
    kept = Story.objects.filter(pk__in=[story.pk for story in stories]).exclude(status=Status.WITHDRAWN)
    pks = list(kept.values_list("pk", flat=True))
    Story.objects.filter(pk__in=pks).update(status=Status.WITHDRAWN, withdrawn_at=timezone.now(), remark="")
    forget_withdrawn(pks)
    search.delete_entries(pks)
    changes.tell(pks)
    return len(pks)


def forget_withdrawn(story_ids: Iterable[int]) -> None:
    """Delete what the archive holds about withdrawn stories: their history and the corrections suggested to them."""
    Correction.objects.filter(story__in=story_ids).delete()
    forget_history(story_ids)


@transaction.atomic
def lower_consent(giver: Giver, level: Consent) -> None:
    """Narrow the consent of a story or a participant to `level`, so that nobody can widen it again.

    What the new consent no longer allows is unpublished in the same transaction. A participant's consent applies to
    all that they told.
    """
    giver.refresh_from_db(from_queryset=type(giver).objects.select_for_update())
    giver.consent_ceiling = min(giver.consent_ceiling, level)
    giver.consent = min(giver.consent, level)
    if isinstance(giver, Story) and giver.status == Status.PUBLISHED and giver.lowest_consent < Consent.PUBLIC:
        giver.status = Status.UNPUBLISHED
    if isinstance(giver, Participant):
        lower_stories_of(giver, level)
    giver.save()


def lower_stories_of(teller: Participant, level: Consent) -> None:
    """Lower the consent of each story of a teller, so that it stays low if the story later names another teller or none."""
    told = teller.stories.filter(consent_ceiling__gt=level).exclude(status=Status.WITHDRAWN)
    told.set_effective_consent(
        Least("effective_consent", Value(int(level))),
        consent=Least("consent", Value(int(level))),
        consent_ceiling=level,
    )
