"""The exact votes of a programme, counted by the database. Nothing here is public."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, F, QuerySet, Sum, Value, When

from insights.models import ReleasedPractice
from insights.votes.ranges import NOT_RECORDED, ChoiceCounts, add_counts
from workshops.choices import Choice
from workshops.models import Participant, Practice, Programme, ServiceArea, Tally, Vote, Workshop

NO_COUNTS = ChoiceCounts(0, 0, 0, 0)


@dataclass
class Poll:
    """The exact votes on one practice in a programme's workshops, by the voter's own service area."""

    practice: Practice
    by_workshop: dict[int, dict[str, ChoiceCounts]] = field(default_factory=dict)
    """{workshop's primary key: {service area: counts}}"""
    hands: Counter[str] = field(default_factory=Counter)
    """{service area: how many of it were hands counted in the room}"""
    voters: int = 0
    """How many people voted themselves."""
    silent: list[str] = field(default_factory=list)
    """The service areas of these workshops from which nobody voted."""

    def add(self, workshop: int, group: str, counts: ChoiceCounts) -> None:
        groups = self.by_workshop.setdefault(workshop, {})
        groups[group] = add_counts(groups.get(group, NO_COUNTS), counts)

    @property
    def groups(self) -> dict[str, ChoiceCounts]:
        """{service area: counts}, by name."""
        return groups_together(self.by_workshop.values())

    @property
    def people(self) -> int:
        return self.voters + self.hands.total()

    @property
    def table(self) -> dict[str, list[int]]:
        """{service area: [keep, amplify, discard, create, of them hands]}, by name."""
        return {name: [*counts, self.hands[name]] for name, counts in self.groups.items()}


def groups_together(workshops: Iterable[Mapping[str, ChoiceCounts]]) -> dict[str, ChoiceCounts]:
    """The groups of several workshops added up, by name."""
    together: dict[str, ChoiceCounts] = {}
    for groups in workshops:
        for name, counts in groups.items():
            together[name] = add_counts(together.get(name, NO_COUNTS), counts)
    return dict(sorted(together.items()))


def counts_of(choice: str, people: int) -> ChoiceCounts:
    return NO_COUNTS._replace(**{choice: people})


def votes_in(programme: Programme) -> QuerySet[Vote]:
    """Every vote that counts: of the programme's workshops, and not of a ballot that is still open."""
    return Vote.objects.from_closed_ballots().filter(workshop__in=programme_workshops(programme).values("pk"))


def programme_workshops(programme: Programme) -> QuerySet[Workshop]:
    return Workshop.objects.filter(phase__programme=programme)


def count_polls(programme: Programme) -> list[Poll]:
    """The Poll of every practice voted on in a programme's workshops, as it is now, ordered by ref.

    Where people of a service area voted themselves in a workshop, their votes replace that area's tally there.
    """
    votes = (
        votes_in(programme)
        .order_by()
        .values_list("practice", "workshop", "participant__service_area", "choice")
        .annotate(people=Count("pk"))
    )
    counted = list(votes)
    tallies = list(
        Tally.objects.filter(workshop__in=programme_workshops(programme).values("pk")).values_list(
            "practice", "workshop", "service_area", *Choice.values
        )
    )
    wanted = {row[0] for row in counted} | {row[0] for row in tallies}
    polls = {practice.pk: Poll(practice) for practice in Practice.objects.all() if practice.pk in wanted}
    names = dict(ServiceArea.objects.values_list("pk", "name"))
    voted_themselves = set()
    for practice, workshop, area, choice, people in counted:
        polls[practice].add(workshop, NOT_RECORDED if area is None else names[area], counts_of(choice, people))
        polls[practice].voters += people
        voted_themselves.add((practice, workshop, area))
    for practice, workshop, area, *hands in tallies:
        if sum(hands) and (practice, workshop, area) not in voted_themselves:
            polls[practice].add(workshop, names[area], ChoiceCounts(*hands))
            polls[practice].hands[names[area]] += sum(hands)
    with_votes = [poll for poll in polls.values() if poll.people]
    find_silent_services(with_votes, programme)
    return sorted(with_votes, key=lambda poll: poll.practice.ref)


def find_silent_services(polls: Iterable[Poll], programme: Programme) -> None:
    """Note for each poll which service areas of the workshops that voted on it gave no vote."""
    invited = defaultdict(set)
    links = Workshop.service_areas.through.objects.filter(workshop__in=programme_workshops(programme).values("pk"))
    for workshop, name in links.values_list("workshop", "servicearea__name"):
        invited[workshop].add(name)
    for poll in polls:
        asked = set().union(*(invited[workshop] for workshop in poll.by_workshop))
        poll.silent = sorted(asked - set(poll.groups))


def voters_by_practice(programme: Programme) -> dict[int, "array[int]"]:
    """{practice: the primary keys of the participants who voted on it themselves}. Flat arrays, as there may be millions."""
    voters: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
    rows = votes_in(programme).order_by().values_list("practice", "participant")
    for practice, participant in rows.iterator(chunk_size=20_000):
        voters[practice].append(participant)
    return voters


def state_of_votes(programme: Programme) -> list[Any]:
    """What counting reads, in a few numbers: when they are the same before and after, nothing changed in between.

    Much cheaper than counting, so that it can be asked again while other writers wait.
    """
    weight = Case(*(When(choice=choice, then=Value(place)) for place, choice in enumerate(Choice.values, start=1)))
    votes = votes_in(programme).aggregate(
        Count("pk"), Sum("pk"), by_choice=Sum(F("pk") * weight), by_workshop=Sum(F("pk") * F("workshop_id"))
    )
    people = Participant.objects.aggregate(Count("pk"), by_service=Sum(F("pk") * F("service_area_id")))
    tallies = Tally.objects.filter(workshop__in=programme_workshops(programme).values("pk")).order_by("pk")
    results = ReleasedPractice.objects.current().filter(programme=programme)
    return [
        votes,
        people,
        list(tallies.values_list("pk", "practice", "workshop", "service_area", *Choice.values)),
        list(ServiceArea.objects.order_by("pk").values_list("pk", "name")),
        results.aggregate(Count("pk"), Sum("pk")),
    ]
