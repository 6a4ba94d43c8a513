"""What stays of an erased person's votes: counts, where a release has counted them; nothing of the others."""

from typing import Any

from django.db.models import F

from insights.models import ErasedVotes, Turnout
from workshops.models import Participant, Programme, Vote


def keep_counted_votes(instance: Participant, **signal: Any) -> None:
    """Turn the votes of somebody who is about to be deleted into counts, as far as a release has counted them."""
    votes = Vote.objects.filter(participant=instance).select_related("workshop__phase")
    # A release that is counting these votes just now ends first, and then they are among those it counted.
    programmes = Programme.objects.filter(phases__workshops__in=votes.values("workshop")).order_by("pk")
    list(Programme.objects.filter(pk__in=programmes.values("pk")).order_by("pk").select_for_update())
    turnouts = Turnout.objects.filter(practice__in=votes.values("practice"))
    counted = {(each.practice_id, each.programme_id) for each in turnouts if instance.pk in each.participants}
    for vote in votes:
        if (vote.practice_id, vote.workshop.phase.programme_id) in counted:
            count_erased_vote(vote, instance.service_area_id)


def count_erased_vote(vote: Vote, service_area: int | None) -> None:
    kept, _ = ErasedVotes.objects.get_or_create(
        practice=vote.practice,
        workshop=vote.workshop,
        service_area_id=service_area,
        choice=vote.choice,
        defaults={"people": 0},
    )
    ErasedVotes.objects.filter(pk=kept.pk).update(people=F("people") + 1)
