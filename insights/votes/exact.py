"""Exact votes for analysts: of all, of each service area, and with each service area or workshop left out.

Only people whom analysts' files may hold are counted: with the others, what is missing from the file of votes would tell how
these voted. So nothing here includes them, or votes of people who were erased.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from insights.choices import Direction
from insights.votes.counting import NO_COUNTS, count_by_workshop, counted_tallies, groups_together
from insights.votes.ranges import ChoiceCounts, Groups, add_counts, services_of
from insights.votes.verdicts import chose, exact_interval, leading_way
from workshops.choices import Choice
from workshops.models import Practice, Programme, ServiceArea, Workshop

PRACTICES_AT_ONCE = 50


class WhoseVotes(TextChoices):
    """Whose votes a row counts."""

    ALL = "all", _("all who voted")
    SERVICE = "service area", _("one service area")
    WITHOUT_SERVICE = (
        "without service area",
        _("all but one service area"),
    )  # not translated: the first is a value in files
    WITHOUT_WORKSHOP = "without workshop", _("all but one workshop")


@dataclass(frozen=True)
class ExactVotes:
    """The votes of some of those who voted on a practice in a programme; at least one.

    `name` is that of the service area or the slug of the workshop; "all" where nobody is left out.
    """

    practice: Practice
    programme: Programme
    among: WhoseVotes
    name: str
    counts: ChoiceCounts
    hands: int
    direction: Direction

    def share(self, way: str) -> float:
        return chose(self.counts, way) / self.counts.voters

    def interval(self, way: str) -> tuple[float, float]:
        return exact_interval(chose(self.counts, way), self.counts.voters)


def exact_votes() -> Iterator[ExactVotes]:
    """All rows, by the ref of their practice, their programme's slug, and whose they are."""
    practices = sorted(Practice.objects.only("pk", "ref"), key=lambda practice: practice.ref)
    programmes = sorted(Programme.objects.all(), key=lambda programme: programme.slug)
    slugs = dict(Workshop.objects.values_list("pk", "slug"))
    for start in range(0, len(practices), PRACTICES_AT_ONCE):
        batch = practices[start : start + PRACTICES_AT_ONCE]
        counted = [(each, count_by_workshop(each, batch, for_team=True), hands_of(each, batch)) for each in programmes]
        for practice in batch:
            for programme, groups, hands in counted:
                yield from rows_of(practice, programme, groups.get(practice.pk, {}), hands, slugs)


def hands_of(programme: Programme, practices: Iterable[Practice]) -> Counter[tuple[int, int, str]]:
    """{(practice, workshop, service area's name): hands}"""
    names = dict(ServiceArea.objects.values_list("pk", "name"))
    tallies = counted_tallies(programme).filter(practice__in=practices)
    rows = tallies.values_list("practice", "workshop", "service_area", *Choice.values)
    return Counter({(practice, workshop, names[area]): sum(hands) for practice, workshop, area, *hands in rows})


def rows_of(
    practice: Practice,
    programme: Programme,
    workshops: Mapping[int, Groups],
    hands: Mapping[tuple[int, int, str], int],
    slugs: Mapping[int, str],
) -> Iterator[ExactVotes]:
    """The rows of one practice; none where nobody is left."""

    def row(among: WhoseVotes, name: str, rooms: Iterable[int], services: Iterable[str]) -> Iterator[ExactVotes]:
        rooms, services = list(rooms), set(services)
        groups = groups_together(workshops[room] for room in rooms)
        groups = {key: counts for key, counts in groups.items() if key in services and counts.voters}
        if not groups:
            return
        counts = NO_COUNTS
        for each in groups.values():
            counts = add_counts(counts, each)
        raised = sum(hands[practice.pk, room, service] for room in rooms for service in groups)
        way, is_split = leading_way(groups)
        yield ExactVotes(practice, programme, among, name, counts, raised, Direction.SPLIT if is_split else way)

    everybody = groups_together(workshops.values())
    yield from row(WhoseVotes.ALL, WhoseVotes.ALL, workshops, everybody)
    for service in everybody:
        yield from row(WhoseVotes.SERVICE, service, workshops, [service])
    for service in services_of(everybody):
        yield from row(WhoseVotes.WITHOUT_SERVICE, service, workshops, everybody.keys() - {service})
    for slug, left in sorted((slugs[room], room) for room in workshops):
        yield from row(WhoseVotes.WITHOUT_WORKSHOP, slug, workshops.keys() - {left}, everybody)
