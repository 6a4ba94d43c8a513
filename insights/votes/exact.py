"""Exact votes for analysts: of all, of each service area, and with each service area or workshop left out.

Only people whom analysts' files may hold are counted: with the others, what is missing from the file of votes would tell how
these voted. So nothing here includes them, or votes of people who were erased or asked for it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from insights.choices import Direction
from insights.votes.counting import NO_COUNTS, count_by_workshop, counted_tallies, groups_together
from insights.votes.ranges import ChoiceCounts, Groups, services_of
from insights.votes.verdicts import chose, exact_interval, leading_way
from workshops.choices import Choice
from workshops.models import Practice, Programme, ServiceArea, Workshop
from workshops.roles import EVERYTHING, Reach

PRACTICES_AT_ONCE = 50


class WhoseVotes(TextChoices):
    """Whose votes a row counts."""

    ALL = "all", _("all who voted")
    SERVICE = "service area", _("one service area")
    # not translated: the first is a value in files
    WITHOUT_SERVICE = "without service area", _("all but one service area")
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

    @property
    def direction(self) -> Direction:
        way, is_split = leading_way({"": self.counts})
        return Direction.SPLIT if is_split else way

    def share(self, way: str) -> float:
        return chose(self.counts, way) / self.counts.voters

    def interval(self, way: str) -> tuple[float, float]:
        return exact_interval(chose(self.counts, way), self.counts.voters)


def exact_votes(reach: Reach = EVERYTHING) -> Iterator[ExactVotes]:
    """All rows of these programmes, by the ref of their practice, their programme's slug, and whose they are."""
    practices = sorted(Practice.objects.only("pk", "ref"), key=lambda practice: practice.ref)
    programmes = sorted(reach.narrow(Programme.objects.all(), "pk"), key=lambda programme: programme.slug)
    slugs = dict(Workshop.objects.values_list("pk", "slug"))
    for start in range(0, len(practices), PRACTICES_AT_ONCE):
        batch = practices[start : start + PRACTICES_AT_ONCE]
        counted = [(each, count_by_workshop(each, batch, for_team=True), hands_of(each, batch)) for each in programmes]
        for practice in batch:
            for programme, groups, hands in counted:
                voted, raised = groups.get(practice.pk, {}), hands.get(practice.pk, {})
                yield from exact_rows_of(practice, programme, voted, raised, slugs)


def hands_of(programme: Programme, practices: Iterable[Practice]) -> dict[int, dict[int, Counter[str]]]:
    """{practice: {workshop: hands by service area}}"""
    names = dict(ServiceArea.objects.values_list("pk", "name"))
    tallies = counted_tallies(programme).filter(practice__in=practices)
    found: dict[int, dict[int, Counter[str]]] = {}
    for practice, workshop, area, *hands in tallies.values_list("practice", "workshop", "service_area", *Choice.values):
        found.setdefault(practice, {}).setdefault(workshop, Counter())[names[area]] = sum(hands)
    return found


def exact_rows_of(
    practice: Practice,
    programme: Programme,
    workshops: Mapping[int, Groups],
    hands: Mapping[int, Counter[str]],
    slugs: Mapping[int, str],
) -> Iterator[ExactVotes]:
    """The rows of one practice; none where nobody is left."""

    def row(among: WhoseVotes, name: str, groups: Groups, raised: Counter[str]) -> Iterator[ExactVotes]:
        groups = {service: counts for service, counts in groups.items() if counts.voters}
        if groups:
            together = groups_together({"": counts} for counts in groups.values())[""]
            yield ExactVotes(practice, programme, among, name, together, sum(raised[service] for service in groups))

    everybody = groups_together(workshops.values())
    raised = sum(hands.values(), Counter[str]())
    yield from row(WhoseVotes.ALL, WhoseVotes.ALL, everybody, raised)
    for service in everybody:
        yield from row(WhoseVotes.SERVICE, service, {service: everybody[service]}, raised)
    for left in services_of(everybody):
        rest = {service: counts for service, counts in everybody.items() if service != left}
        yield from row(WhoseVotes.WITHOUT_SERVICE, left, rest, raised)
    for slug, room in sorted((slugs[room], room) for room in workshops):
        rest = without(everybody, workshops[room])
        yield from row(WhoseVotes.WITHOUT_WORKSHOP, slug, rest, raised - hands.get(room, Counter()))


def without(groups: Groups, left: Groups) -> dict[str, ChoiceCounts]:
    """Groups less those of one workshop: not added up anew, since a practice may be voted on in a hundred."""
    return {
        service: ChoiceCounts(
            *(all_of - gone for all_of, gone in zip(counts, left.get(service, NO_COUNTS), strict=True))
        )
        for service, counts in groups.items()
    }
