"""What stays of votes that go: counts without persons.

Of an erased person they stay where a release has counted them, and nothing stays of their others. Of votes whose period
has ended all stay, so that later releases go on from them.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet

from insights.models import ErasedVotes, Turnout
from workshops.keys import pk_subquery
from workshops.models import Participant, Programme, Vote

VoteGroup = tuple[int, int, int | None, str]
"""Whose votes are counted together: (practice, workshop, service area, choice), the first three by primary key."""


def keep_counted_votes(instance: Participant, **signal: Any) -> None:
    """Turn the votes of somebody who is about to be deleted into counts, as far as a release has counted them."""
    votes = Vote.objects.filter(participant=instance).select_related("workshop__phase")
    wait_for_releases_of(votes)
    turnouts = Turnout.objects.filter(practice__in=votes.values("practice"))
    counted = {(each.practice_id, each.programme_id) for each in turnouts if instance.pk in each.participants}
    add_counts_without_persons(
        {
            (vote.practice_id, vote.workshop_id, instance.service_area_id, vote.choice): 1
            for vote in votes
            if (vote.practice_id, vote.workshop.phase.programme_id) in counted
        }
    )


def wait_for_releases_of(votes: QuerySet[Vote]) -> None:
    """A release that is counting these votes just now ends first, and then they are among those it counted."""
    programmes = Programme.objects.filter(phases__workshops__in=votes.order_by().values("workshop"))
    list(Programme.objects.filter(pk__in=programmes.values("pk")).order_by("pk").select_for_update())


def add_counts_without_persons(people: Mapping[VoteGroup, int]) -> None:
    """Add so many votes of each group. Call it when `wait_for_releases_of` has kept others from doing the same."""
    practices, workshops = {group[0] for group in people}, {group[1] for group in people}
    known = ErasedVotes.objects.filter(practice__in=practices, workshop__in=workshops)
    rows = {(row.practice_id, row.workshop_id, row.service_area_id, row.choice): row for row in known}
    new = [
        ErasedVotes(practice_id=practice, workshop_id=workshop, service_area_id=area, choice=choice, people=count)
        for (practice, workshop, area, choice), count in people.items()
        if (practice, workshop, area, choice) not in rows
    ]
    grown = [row for group, row in rows.items() if group in people]
    for row in grown:
        row.people += people[row.practice_id, row.workshop_id, row.service_area_id, row.choice]
    ErasedVotes.objects.bulk_create(new)
    ErasedVotes.objects.bulk_update(grown, ["people"], batch_size=200)


def turn_votes_into_counts(votes: QuerySet[Vote]) -> None:
    """Delete these votes, whose period has ended, and keep how many chose what. Call it in a transaction."""
    wait_for_releases_of(votes)
    # Whoever casts one of them anew meanwhile waits, or has been first: then it is not among them any more.
    held = Vote.objects.filter(pk__in=list(votes.select_for_update(of=("self",)).values_list("pk", flat=True)))
    groups = held.order_by().values_list("practice", "workshop", "participant__service_area", "choice")
    add_counts_without_persons({(*group,): people for *group, people in groups.annotate(Count("pk"))})
    held.delete()


def forget_turnouts(turnouts: QuerySet[Turnout]) -> None:
    """Leave among those of whom it is remembered that they voted nobody whose vote is gone.

    The archive does not know any more who they were, so whoever votes from then on votes for the first time.
    """
    for turnout in turnouts.select_for_update():
        votes = Vote.objects.filter(practice=turnout.practice_id, workshop__phase__programme=turnout.programme_id)
        there = set(
            votes.filter(participant__in=pk_subquery(turnout.participants)).values_list("participant", flat=True)
        )
        turnout.participants = [person for person in turnout.participants if person in there]
        turnout.voters = len(turnout.participants)
        turnout.save(update_fields=["participants", "voters"])
