"""Publishing vote results: freeze → merge → band → round → derive. The only module that brings votes to the public.

Pages, files and orders read what is stored here (ReleasedGroup, ReleasedPractice) and never a vote, so that a vote
more or less shows nowhere before the next release, and then only among ten newcomers or more.
"""

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import transaction
from django.utils import dateformat, timezone

from insights.checks import thresholds_are_not_lowered
from insights.models import Release, ReleasedGroup, ReleasedPractice, Turnout
from insights.votes.measures import (
    JOINT,
    MOST_IN_BAND,
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


def no_counts():
    return Counter(dict.fromkeys(Choice.values, 0))


@dataclass
class Poll:
    """All that was said of one practice in a programme's workshops, exactly. Counters hold {choice: people}."""

    practice: Practice | None = None
    groups: dict = field(default_factory=lambda: defaultdict(no_counts))
    hands: Counter = field(default_factory=Counter)
    """{group: how many of it were hands counted in the room}"""
    voters: set = field(default_factory=set)
    """The primary keys of the participants who voted themselves."""
    workshops: dict = field(default_factory=lambda: defaultdict(lambda: defaultdict(no_counts)))
    """{workshop's slug: groups}: the same by workshop."""

    def add(self, group, workshop, counts):
        self.groups[group].update(counts)
        self.workshops[workshop][group].update(counts)

    @property
    def people(self):
        return len(self.voters) + self.hands.total()

    @property
    def exact(self):
        """The groups as insights.votes.measures takes them."""
        return total_voters(self.groups)

    @property
    def exact_measures(self):
        return measure(self.exact)

    @property
    def without_each_workshop(self):
        """The agreement in the exact direction when each workshop is left out, as {workshop's slug: number or None}."""
        direction = self.exact_measures.direction
        workshops = {workshop: total_voters(groups) for workshop, groups in sorted(self.workshops.items())}
        return stability_by_workshop(workshops, direction) if direction else {}


def total_voters(groups):
    return {
        name: ChoiceCounts(*(counts[choice] for choice in Choice.values)) for name, counts in sorted(groups.items())
    }


@dataclass
class ReleaseOutcome:
    """What a release does with one practice: the rows the public will read, or why those of before stay."""

    poll: Poll
    rows: list
    measures: Measures
    before: ReleasedPractice | None
    newcomers: int
    shown_before: bool
    changes: bool

    @property
    def practice(self):
        return self.poll.practice

    @property
    def headline(self):
        return headline(self.rows)

    @property
    def held_back(self):
        """Why something is not shown, in words; empty where all is."""
        if self.shown_before and not self.changes:
            return (
                f"Stays as released on {dateformat.format(self.before.release.released_on, 'j F Y')}: {self.newcomers or 'nobody'} "
                f"voted for the first time since, and {settings.VOTES_LEAST_NEWCOMERS} must."
            )
        if not self.rows:
            return f"Fewer than {settings.VOTES_LEAST_GROUP} people voted, so we do not show a breakdown."
        return ""


def freeze_polls(programme):
    """The Poll of every practice voted on in a programme's workshops, as it stands now, by ref.

    Where people of a service area voted themselves in a workshop, their votes stand in for that area's tally there.
    """
    polls, voted_themselves = defaultdict(Poll), set()
    votes = Vote.objects.settled().filter(workshop__phase__programme=programme)
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


def merge_groups(groups, least):
    """Groups of at least `least` voters, or {}. Takes {name: Counter}; gives {(name, …): Counter}, names sorted.

    While a group is smaller and another is left, the smallest joins the next smallest; ties go by name.
    """
    merged = {(name,): counts for name, counts in groups.items() if counts.total()}

    def smallest_first(names):
        return merged[names].total(), JOINT.join(names)

    while len(merged) > 1 and min(counts.total() for counts in merged.values()) < least:
        first, second = sorted(merged, key=smallest_first)[:2]
        merged[tuple(sorted(first + second))] = merged.pop(first) + merged.pop(second)
    return {names: counts for names, counts in merged.items() if counts.total() >= least}


def band(count):
    """A count as the public reads it: None is "fewer than 5", any other is to the nearest 5."""
    return None if count <= MOST_IN_BAND else nearest(count)


def rows_of(poll):
    """The ReleasedGroups of a poll, not saved, by name; none where fewer voted than may be shown."""
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


def prepare(programme):
    """The Outcome of each practice, were the programme's votes released now. Writes nothing."""
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


def outcome_of(poll, before, turnout, counted):
    rows = rows_of(poll)
    newcomers = newcomers_of(poll, turnout, counted)
    # Where nothing was shown before there is nothing to compare with, so the rows may come as soon as there are any.
    changes = newcomers >= settings.VOTES_LEAST_NEWCOMERS if turnout else bool(rows) or before is None
    return ReleaseOutcome(poll, rows, measure_released(rows), before, newcomers, turnout is not None, changes)


def newcomers_of(poll, turnout, counted):
    """How many people voted for the first time since the rows were last released; never more than it may be.

    Hands have no names, so only a larger number of them is new. Each person erased since may have come back under
    another code, and takes one away.
    """
    if turnout is None:
        return poll.people
    erased = turnout.voters - len(counted)
    return max(0, len(poll.voters - counted) + poll.hands.total() - turnout.hands - erased)


def preview_fingerprint(outcomes):
    """What a preview showed, in short: a release that would publish something else can then be refused."""
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
def release(programme, on=None, seen=None):
    """Publish the vote results of a programme's workshops, and the practices with them. Returns the Outcomes.

    `seen` is the fingerprint of the preview that somebody agreed to. A ValidationError says why nothing may be
    released. Where nothing changes, nothing is written.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)
    outcomes = prepare(programme)
    if not outcomes:
        raise ValidationError(
            f"Nobody has voted in the workshops of “{programme}” yet, so there is nothing to release."
        )
    if seen is not None and seen != preview_fingerprint(outcomes):
        raise ValidationError("Votes or statements have changed since you looked. Look at the results again.")
    changing = [outcome for outcome in outcomes if outcome.changes]
    if changing:
        made = Release.objects.create(
            programme=programme, released_on=on or timezone.localdate(), least_voters=settings.VOTES_LEAST_GROUP
        )
        for outcome in changing:
            publish_result(outcome, made)
    return outcomes


def publish_result(outcome, made):
    """Replace all that the public knows of one practice's votes."""
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


def remember_turnout(poll):
    turnout, _ = Turnout.objects.get_or_create(practice=poll.practice, defaults={"voters": 0, "hands": 0})
    turnout.participants.add(*poll.voters)
    turnout.voters, turnout.hands = turnout.participants.count(), poll.hands.total()
    turnout.save()
