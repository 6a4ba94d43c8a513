"""Publishing vote results: freeze → merge → band → round → derive. The only module that makes votes public.

Pages, files and sort orders read what is stored here (ReleasedGroup, ReleasedPractice) and never a vote, so that one
vote more or less shows nowhere before the next release, and then only among ten newcomers or more.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import transaction
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from insights.checks import thresholds_are_not_lowered
from insights.models import Release, ReleasedGroup, ReleasedPractice, Turnout
from insights.votes.measures import (
    JOINT,
    MAX_IN_BAND,
    NOT_RECORDED,
    ChoiceCounts,
    Measures,
    headline,
    measure,
    measure_released,
    nearest,
    stability_by_workshop,
)
from workshops.choices import Choice, Status
from workshops.models import Practice, Programme, Tally, Vote
from workshops.stories import review

VoteCounts = Counter[str]
"""{choice: people}"""


def no_counts() -> VoteCounts:
    return Counter(dict.fromkeys(Choice.values, 0))


@dataclass
class Poll:
    """The exact votes on one practice in a programme's workshops."""

    practice: Practice = field(init=False)
    groups: dict[str, VoteCounts] = field(default_factory=lambda: defaultdict(no_counts))
    hands: Counter[str] = field(default_factory=Counter)
    """{group: how many of it were hands counted in the room}"""
    voters: set[int] = field(default_factory=set)
    """The primary keys of the participants who voted themselves."""
    workshops: dict[str, dict[str, VoteCounts]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(no_counts))
    )
    """{workshop's slug: groups}: the same by workshop."""

    def add(self, group: str, workshop: str, counts: Mapping[str, int]) -> None:
        self.groups[group].update(counts)
        self.workshops[workshop][group].update(counts)

    @property
    def people(self) -> int:
        return len(self.voters) + self.hands.total()

    @property
    def exact(self) -> dict[str, ChoiceCounts]:
        """The groups in the form that insights.votes.measures takes."""
        return total_voters(self.groups)

    @property
    def exact_measures(self) -> Measures:
        return measure(self.exact)

    @property
    def without_each_workshop(self) -> dict[str, float | None]:
        """The exact agreement when each workshop is left out in turn, as {workshop's slug: number or None}."""
        direction = self.exact_measures.direction
        workshops = {workshop: total_voters(groups) for workshop, groups in sorted(self.workshops.items())}
        return stability_by_workshop(workshops, direction) if direction else {}


def total_voters(groups: Mapping[str, VoteCounts]) -> dict[str, ChoiceCounts]:
    return {
        name: ChoiceCounts(*(counts[choice] for choice in Choice.values)) for name, counts in sorted(groups.items())
    }


@dataclass
class ReleaseOutcome:
    """What a release does with one practice: its new rows, or why the rows of the last release stay."""

    poll: Poll
    rows: list[ReleasedGroup]
    measures: Measures
    before: ReleasedPractice | None
    newcomers: int
    shown_before: bool
    changes: bool

    @property
    def practice(self) -> Practice:
        return self.poll.practice

    @property
    def headline(self) -> str:
        return headline(self.rows)

    @property
    def held_back(self) -> str:
        """Why something is not shown, in words; empty if everything is."""
        if self.before and self.shown_before and not self.changes:
            return self.stays_as_released(self.before.release.released_on)
        if not self.rows:
            least = settings.VOTES_LEAST_GROUP
            return ngettext(
                "Fewer than %(number)s person voted, so we do not show a breakdown.",
                "Fewer than %(number)s people voted, so we do not show a breakdown.",
                least,
            ) % {"number": least}
        return ""

    def stays_as_released(self, day: date) -> str:
        words = {
            "day": dateformat.format(day, "j F Y"),
            "newcomers": self.newcomers,
            "least": settings.VOTES_LEAST_NEWCOMERS,
        }
        if not self.newcomers:
            return _("Stays as released on %(day)s: nobody voted for the first time since, and %(least)s must.") % words
        return (
            ngettext(
                "Stays as released on %(day)s: %(newcomers)s voted for the first time since, and %(least)s must.",
                "Stays as released on %(day)s: %(newcomers)s voted for the first time since, and %(least)s must.",
                self.newcomers,
            )
            % words
        )


def freeze_polls(programme: Programme) -> list[Poll]:
    """The Poll of every practice voted on in a programme's workshops, as it is now, ordered by ref.

    Where people of a service area voted themselves in a workshop, their votes replace that area's tally there.
    """
    polls: defaultdict[int, Poll] = defaultdict(Poll)
    voted_themselves: set[tuple[int, str, int | None]] = set()
    votes = Vote.objects.from_closed_ballots().filter(workshop__phase__programme=programme)
    for practice, participant, area, name, workshop, choice in votes.values_list(
        "practice",
        "participant",
        "participant__service_area",
        "participant__service_area__name",
        "workshop__slug",
        "choice",
    ).iterator():
        polls[practice].add(NOT_RECORDED if area is None else name, workshop, {choice: 1})
        polls[practice].voters.add(participant)
        voted_themselves.add((practice, workshop, area))
    tallies = Tally.objects.filter(workshop__phase__programme=programme)
    for practice, area, name, workshop, *counts in tallies.values_list(
        "practice", "service_area", "service_area__name", "workshop__slug", *Choice.values
    ):
        if sum(counts) and (practice, workshop, area) not in voted_themselves:
            polls[practice].add(name, workshop, dict(zip(Choice.values, counts, strict=True)))
            polls[practice].hands[name] += sum(counts)
    for practice in Practice.objects.filter(pk__in=list(polls)):
        polls[practice.pk].practice = practice
    return sorted(polls.values(), key=lambda poll: poll.practice.ref)


def merge_groups(groups: Mapping[str, VoteCounts], least: int) -> dict[tuple[str, ...], VoteCounts]:
    """Groups of at least `least` voters, or {}. Takes {name: Counter}; gives {(name, …): Counter}, names sorted.

    While a group is smaller and another is left, the smallest joins the next smallest; ties go by name.
    """
    merged: dict[tuple[str, ...], VoteCounts] = {(name,): counts for name, counts in groups.items() if counts.total()}

    def smallest_first(names: tuple[str, ...]) -> tuple[int, str]:
        return merged[names].total(), JOINT.join(names)

    while len(merged) > 1 and min(counts.total() for counts in merged.values()) < least:
        first, second = sorted(merged, key=smallest_first)[:2]
        merged[tuple(sorted(first + second))] = merged.pop(first) + merged.pop(second)
    return {names: counts for names, counts in merged.items() if counts.total() >= least}


def band(count: int) -> int | None:
    """A count as the public reads it: None is "fewer than 5", any other is rounded to the nearest 5."""
    return None if count <= MAX_IN_BAND else nearest(count)


def rows_of(poll: Poll) -> list[ReleasedGroup]:
    """The unsaved ReleasedGroups of a poll, by name; none where fewer people voted than may be shown."""
    rows = []
    for names, counts in sorted(merge_groups(poll.groups, settings.VOTES_LEAST_GROUP).items()):
        hands = sum(poll.hands[name] for name in names)
        rows.append(
            ReleasedGroup(
                practice=poll.practice,
                group=JOINT.join(names),
                base=nearest(counts.total()),
                hands=band(hands) if hands else 0,
                **{choice: band(counts[choice]) for choice in Choice.values},
            )
        )
    return rows


def prepare(programme: Programme) -> list[ReleaseOutcome]:
    """The outcome for each practice if the programme's votes were released now. Writes nothing."""
    if errors := thresholds_are_not_lowered():
        raise ImproperlyConfigured(" ".join(error.msg for error in errors))
    polls = freeze_polls(programme)
    practices = [poll.practice for poll in polls]
    released = ReleasedPractice.objects.filter(practice__in=practices).select_related("release")
    before = {each.practice_id: each for each in released}
    turnouts = {each.practice_id: each for each in Turnout.objects.filter(practice__in=practices)}
    counted = defaultdict(set)
    links = Turnout.participants.through.objects.filter(turnout__practice__in=practices)
    for practice, participant in links.values_list("turnout__practice", "participant"):
        counted[practice].add(participant)
    return [
        outcome_of(poll, before.get(poll.practice.pk), turnouts.get(poll.practice.pk), counted[poll.practice.pk])
        for poll in polls
    ]


def outcome_of(
    poll: Poll, before: ReleasedPractice | None, turnout: Turnout | None, counted: set[int]
) -> ReleaseOutcome:
    """`counted` are the primary keys of the participants who had voted at the last release."""
    rows = rows_of(poll)
    newcomers = newcomers_of(poll, turnout, counted)
    # Where nothing was shown before, nothing can be compared with it: the first rows may be released at once.
    changes = newcomers >= settings.VOTES_LEAST_NEWCOMERS if turnout else bool(rows) or before is None
    return ReleaseOutcome(poll, rows, measure_released(rows), before, newcomers, turnout is not None, changes)


def newcomers_of(poll: Poll, turnout: Turnout | None, counted: set[int]) -> int:
    """How many people have certainly voted for the first time since the rows were last released.

    Hands have no names, so only an increase in their number is new. Each person erased since may have come back
    under another code, so each one takes one away.
    """
    if turnout is None:
        return poll.people
    erased = turnout.voters - len(counted)
    return max(0, len(poll.voters - counted) + poll.hands.total() - turnout.hands - erased)


def preview_fingerprint(outcomes: Sequence[ReleaseOutcome]) -> str:
    """A hash of what a preview showed, so that a release that would publish something else can be refused."""
    content = [
        [
            outcome.practice.ref,
            outcome.practice.statement,
            outcome.changes,
            [[row.group, row.base, row.hands, row.counts] for row in outcome.rows],
        ]
        for outcome in outcomes
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


@transaction.atomic
def release(programme: Programme, on: date | None = None, seen: str | None = None) -> list[ReleaseOutcome]:
    """Publish the vote results of a programme's workshops, and the practices with them. Returns the outcomes.

    `seen` is the fingerprint of the preview that an editor agreed to. A ValidationError says why nothing may be
    released. Where nothing changes, nothing is written.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)
    outcomes = prepare(programme)
    if not outcomes:
        says = _("Nobody has voted in the workshops of “%(programme)s” yet, so there is nothing to release.")
        raise ValidationError(says % {"programme": programme})
    if seen is not None and seen != preview_fingerprint(outcomes):
        raise ValidationError(_("Votes or statements have changed since you looked. Look at the results again."))
    changing = [outcome for outcome in outcomes if outcome.changes]
    if changing:
        made = Release.objects.create(
            programme=programme, released_on=on or timezone.localdate(), least_voters=settings.VOTES_LEAST_GROUP
        )
        for outcome in changing:
            publish_result(outcome, made)
    return outcomes


def publish_result(outcome: ReleaseOutcome, made: Release) -> None:
    """Replace all that the public can see of one practice's votes."""
    practice = outcome.practice
    if practice.status != Status.PUBLISHED:
        review.publish_practice(practice)
    ReleasedGroup.objects.filter(practice=practice).delete()
    for row in outcome.rows:
        row.release = made
    ReleasedGroup.objects.bulk_create(outcome.rows)
    ReleasedPractice.objects.update_or_create(practice=practice, defaults={"release": made, **asdict(outcome.measures)})
    if outcome.rows:
        remember_turnout(outcome.poll)


def remember_turnout(poll: Poll) -> None:
    turnout, _ = Turnout.objects.get_or_create(practice=poll.practice, defaults={"voters": 0, "hands": 0})
    turnout.participants.add(*poll.voters)
    turnout.voters, turnout.hands = turnout.participants.count(), poll.hands.total()
    turnout.save()
