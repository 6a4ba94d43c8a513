"""The exact votes of a programme, counted by the database. Nothing here is public."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When

from insights.models import ErasedVotes, ReleasedPractice
from insights.votes.ranges import NOT_RECORDED, ChoiceCounts, add_counts
from workshops.choices import Choice
from workshops.models import Participant, Practice, Programme, ServiceArea, Tally, Vote, Workshop
from workshops.models.votes import VoteQuerySet

NO_COUNTS = ChoiceCounts(0, 0, 0, 0)


@dataclass
class Poll:
    """The exact votes on one practice in a programme's workshops, by the voter's own service area."""

    practice: Practice
    groups: dict[str, ChoiceCounts] = field(default_factory=dict)
    """{service area: counts}, by name."""
    hands: Counter[str] = field(default_factory=Counter)
    """{service area: how many of it were hands counted in the room}"""
    voters: int = 0
    """How many people voted themselves."""
    erased: int = 0
    """How many of whom nothing but the count of their votes is left."""
    workshops: set[int] = field(default_factory=set)
    """Where they voted, or hands were counted: primary keys."""
    silent: list[str] = field(default_factory=list)
    """The service areas of these workshops from which nobody voted."""

    def add(self, group: str, counts: ChoiceCounts) -> None:
        self.groups[group] = add_counts(self.groups.get(group, NO_COUNTS), counts)

    @property
    def people(self) -> int:
        return self.voters + self.erased + self.hands.total()

    @property
    def table(self) -> dict[str, list[int]]:
        """{service area: [keep, amplify, discard, create, of them hands]}, by name."""
        return {name: [*counts, self.hands[name]] for name, counts in sorted(self.groups.items())}


def groups_together(workshops: Iterable[Mapping[str, ChoiceCounts]]) -> dict[str, ChoiceCounts]:
    """The groups of several workshops added up, by name."""
    together: dict[str, ChoiceCounts] = {}
    for groups in workshops:
        for name, counts in groups.items():
            together[name] = add_counts(together.get(name, NO_COUNTS), counts)
    return dict(sorted(together.items()))


def counts_of(choice: str, people: int) -> ChoiceCounts:
    return NO_COUNTS._replace(**{choice: people})


def programme_votes(programme: Programme, practice: Practice | None = None) -> VoteQuerySet:
    """Every vote that counts: of the programme's workshops, and not of a ballot that is still open."""
    votes = Vote.objects.from_closed_ballots().filter(workshop__in=programme_workshops(programme).values("pk"))
    return votes.filter(practice=practice) if practice else votes


def programme_tallies(programme: Programme, practice: Practice | None = None) -> QuerySet[Tally]:
    tallies = Tally.objects.filter(workshop__in=programme_workshops(programme).values("pk"))
    return tallies.filter(practice=practice) if practice else tallies


def programme_workshops(programme: Programme) -> QuerySet[Workshop]:
    return Workshop.objects.filter(phase__programme=programme)


def count_polls(programme: Programme, practice: Practice | None = None, *, for_team: bool = False) -> list[Poll]:
    """The Poll of every practice voted on in a programme's workshops, or of one, as it is now, ordered by ref.

    Where people of a service area voted themselves in a workshop, their votes replace that area's tally there. `for_team`
    leaves out who is in no analyst's file: people whose consent is “facilitators”, and those who were erased or asked
    for it.
    """
    votes = programme_votes(programme, practice).order_by()
    votes = votes.open_to_team() if for_team else votes
    counted = votes.values_list("practice", "participant__service_area", "choice").annotate(Count("pk"))
    tallies = counted_tallies(programme, practice)
    names = dict(ServiceArea.objects.values_list("pk", "name"))
    polls = {each.pk: Poll(each) for each in Practice.objects.all()}
    for key, area, choice, people in counted:
        polls[key].add(NOT_RECORDED if area is None else names[area], counts_of(choice, people))
        polls[key].voters += people
    for key, workshop, area, choice, people in [] if for_team else erased_votes(programme, practice):
        polls[key].add(NOT_RECORDED if area is None else names[area], counts_of(choice, people))
        polls[key].erased += people
        polls[key].workshops.add(workshop)
    for key, workshop in votes.values_list("practice", "workshop").distinct().iterator():
        polls[key].workshops.add(workshop)
    for key, workshop, area, *hands in tallies.values_list("practice", "workshop", "service_area", *Choice.values):
        if sum(hands):
            polls[key].add(names[area], ChoiceCounts(*hands))
            polls[key].hands[names[area]] += sum(hands)
            polls[key].workshops.add(workshop)
    with_votes = [poll for poll in polls.values() if poll.people]
    find_silent_services(with_votes, programme)
    return sorted(with_votes, key=lambda poll: poll.practice.ref)


def erased_votes(programme: Programme, practice: Practice | None = None) -> list[tuple[int, int, int | None, str, int]]:
    """(practice, workshop, service area, choice, people) of votes without persons."""
    erased = ErasedVotes.objects.filter(workshop__in=programme_workshops(programme).values("pk"))
    erased = erased.filter(practice=practice) if practice else erased
    return list(erased.order_by("pk").values_list("practice", "workshop", "service_area", "choice", "people"))


def most_votes_without_person(programme: Programme) -> int:
    """How many votes on one practice are counts without persons, on the practice that has the most of them."""
    erased = ErasedVotes.objects.filter(workshop__in=programme_workshops(programme).values("pk"))
    sums = erased.order_by().values("practice").annotate(people_in_all=Sum("people"))
    return max(sums.values_list("people_in_all", flat=True), default=0)


def counted_tallies(programme: Programme, practice: Practice | None = None) -> QuerySet[Tally]:
    """Those tallies whose service area did not vote itself in the workshop; nor did anybody of it who was erased."""
    same = {"practice": OuterRef("practice"), "workshop": OuterRef("workshop")}
    votes = programme_votes(programme).filter(**same, participant__service_area=OuterRef("service_area"))
    erased = ErasedVotes.objects.filter(**same, service_area=OuterRef("service_area"))
    return programme_tallies(programme, practice).filter(~Exists(votes), ~Exists(erased))


def count_by_workshop(
    programme: Programme, practices: Iterable[Practice], *, for_team: bool = False
) -> dict[int, dict[int, dict[str, ChoiceCounts]]]:
    """{practice: {workshop: {service area: counts}}} of some practices: to see what is left without one workshop.

    `for_team` leaves out whom `count_polls` does.
    """
    names = dict(ServiceArea.objects.values_list("pk", "name"))
    found: dict[int, dict[int, dict[str, ChoiceCounts]]] = {}

    def add(practice: int, workshop: int, name: str, counts: ChoiceCounts) -> None:
        groups = found.setdefault(practice, {}).setdefault(workshop, {})
        groups[name] = add_counts(groups.get(name, NO_COUNTS), counts)

    votes = programme_votes(programme).filter(practice__in=practices).order_by()
    votes = votes.open_to_team() if for_team else votes
    rows = votes.values_list("practice", "workshop", "participant__service_area", "choice").annotate(Count("pk"))
    for practice, workshop, area, choice, people in rows:
        add(practice, workshop, NOT_RECORDED if area is None else names[area], counts_of(choice, people))
    among = {practice.pk for practice in practices}
    for practice, workshop, area, choice, people in [] if for_team else erased_votes(programme):
        if practice in among:
            add(practice, workshop, NOT_RECORDED if area is None else names[area], counts_of(choice, people))
    tallies = counted_tallies(programme).filter(practice__in=practices)
    for practice, workshop, area, *hands in tallies.values_list("practice", "workshop", "service_area", *Choice.values):
        add(practice, workshop, names[area], ChoiceCounts(*hands))
    return found


def find_silent_services(polls: Iterable[Poll], programme: Programme) -> None:
    """Note for each poll which service areas of the workshops that voted on it gave no vote."""
    invited = defaultdict(set)
    links = Workshop.service_areas.through.objects.filter(workshop__in=programme_workshops(programme).values("pk"))
    for workshop, name in links.values_list("workshop", "servicearea__name"):
        invited[workshop].add(name)
    for poll in polls:
        asked = set().union(*(invited[workshop] for workshop in poll.workshops))
        poll.silent = sorted(asked - set(poll.groups))


def voters_by_practice(programme: Programme, practice: Practice | None = None) -> dict[int, "array[int]"]:
    """{practice: the primary keys of the participants who voted on it themselves}. Flat arrays, as there may be millions."""
    voters: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
    rows = programme_votes(programme, practice).order_by().values_list("practice", "participant")
    for key, participant in rows.iterator(chunk_size=20_000):
        voters[key].append(participant)
    return voters


def count_attendance(programme: Programme) -> tuple[int, int]:
    """How many people are recorded in the workshops that voted, and how many of them voted themselves on anything."""
    votes = programme_votes(programme).order_by()
    voters = votes.values("participant").distinct()
    rooms = list(votes.values_list("workshop", flat=True).distinct())
    present = Participant.objects.filter(Q(workshops__in=rooms) | Q(pk__in=voters)).values("pk").distinct()
    return present.count(), voters.count()


def state_of_votes(programme: Programme) -> list[Any]:
    """What counting reads, in a few numbers: when they are the same before and after, nothing changed in between.

    Much cheaper than counting, so that it can be asked again while other writers wait.
    """
    choice = Case(*(When(choice=choice, then=Value(place)) for place, choice in enumerate(Choice.values)))
    # Each vote counts for something else, so that no two changes make up for each other; small enough for any database.
    told_apart = F("pk") % 1_000_003 * (choice + len(Choice) * F("workshop_id"))
    votes = programme_votes(programme).aggregate(Count("pk"), checksum=Sum(told_apart))
    people = Participant.objects.aggregate(Count("pk"), by_service=Sum(F("pk") * F("service_area_id")))
    tallies = programme_tallies(programme).order_by("pk")
    results = ReleasedPractice.objects.current().filter(programme=programme)
    return [
        votes,
        people,
        list(tallies.values_list("pk", "practice", "workshop", "service_area", *Choice.values)),
        erased_votes(programme),
        list(ServiceArea.objects.order_by("pk").values_list("pk", "name")),
        results.aggregate(Count("pk"), Sum("pk")),
    ]
