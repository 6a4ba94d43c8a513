"""What a participant may ask for at any time: to take a story back, or to narrow who may see it."""

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Least
from django.utils import timezone

from workshops import changes, search
from workshops.choices import Consent, Status
from workshops.models import Correction, Participant, Story
from workshops.models.stories import forget_history


@transaction.atomic
def withdraw_stories(stories):
    """Take these stories back, for good: at the next request no page, count, quotation or file holds them.

    Takes a queryset or a list; returns how many were withdrawn now. Once more changes nothing.
    """
    kept = Story.objects.filter(pk__in=[story.pk for story in stories]).exclude(status=Status.WITHDRAWN)
    pks = list(kept.values_list("pk", flat=True))
    Story.objects.filter(pk__in=pks).update(status=Status.WITHDRAWN, withdrawn_at=timezone.now(), remark="")
    forget_withdrawn(pks)
    search.delete_entries(pks)
    changes.tell(pks)
    return len(pks)


def forget_withdrawn(story_ids):
    """Delete what was written about stories that are withdrawn: their history, and the corrections suggested."""
    Correction.objects.filter(story__in=story_ids).delete()
    forget_history(story_ids)


@transaction.atomic
def lower_consent(giver, level):
    """Narrow the consent of a story or a participant to `level`, so that nobody can widen it again.

    What the new consent no longer allows is unpublished in the same transaction. A participant's consent
    carries to all they told.
    """
    giver.refresh_from_db(from_queryset=type(giver).objects.select_for_update())
    giver.consent_ceiling = min(giver.consent_ceiling, level)
    giver.consent = min(giver.consent, level)
    if isinstance(giver, Story) and giver.status == Status.PUBLISHED and giver.lower_consent < Consent.PUBLIC:
        giver.status = Status.UNPUBLISHED
    if isinstance(giver, Participant):
        lower_stories_of(giver, level)
    giver.save()


def lower_stories_of(teller, level):
    """Each story keeps its teller's wish itself, or it would be wider again once it names somebody else, or nobody."""
    told = teller.stories.filter(consent_ceiling__gt=level).exclude(status=Status.WITHDRAWN)
    told.set_effective_consent(
        Least("effective_consent", Value(int(level))),
        consent=Least("consent", Value(int(level))),
        consent_ceiling=level,
    )
