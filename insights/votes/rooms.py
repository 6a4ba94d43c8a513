"""What the room itself may see of its ballot once it is closed: an order and words, neither numbers nor services."""

from collections import defaultdict
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext

from insights.choices import Direction
from insights.votes.ranges import ChoiceCounts
from insights.votes.sentences import WANTED
from insights.votes.verdicts import leading_way, share_of, word_for_share
from workshops.models import Ballot, Practice, Vote


class RoomOrder(NamedTuple):
    """The practices of a ballot with what the room said of each, most wanted first; and those too few voted on."""

    said: list[tuple[Practice, str]]
    too_few: list[Practice]


def order_of_room(ballot: Ballot) -> RoomOrder:
    """The order by the largest share of a practice's votes, of a ballot that is closed."""
    counted = votes_of_room(ballot)
    enough = [practice for practice in ballot.questions if sum(counted[practice.pk]) >= settings.VOTES_LEAST_GROUP]
    shares = {practice: largest_share(counted[practice.pk]) for practice in enough}
    enough.sort(key=lambda practice: (-shares[practice], str(practice)))
    return RoomOrder(
        [(practice, room_said(counted[practice.pk])) for practice in enough],
        [practice for practice in ballot.questions if practice not in shares],
    )


def votes_of_room(ballot: Ballot) -> dict[int, ChoiceCounts]:
    """{practice: the counts of all votes that were cast with papers of this ballot and not voided}"""
    people = ballot.papers.counted().exclude(participant=None).values("participant")
    cast = Vote.objects.filter(workshop=ballot.workshop_id, participant__in=people, practice__in=ballot.practices.all())
    counted: defaultdict[int, ChoiceCounts] = defaultdict(lambda: ChoiceCounts(0, 0, 0, 0))
    for practice, choice, people_count in cast.order_by().values_list("practice", "choice").annotate(Count("pk")):
        counted[practice] = counted[practice]._replace(**{choice: people_count})
    return counted


def largest_share(counts: ChoiceCounts) -> float:
    way, _is_split = leading_way({"": counts})
    return float(share_of([counts], way))


def room_said(counts: ChoiceCounts) -> str:
    way, is_split = leading_way({"": counts})
    says = WANTED[Direction.SPLIT if is_split else way][word_for_share(share_of([counts], way))]
    return says % {"people": gettext("those in this room who voted on it")}
