"""Publishing vote results: count → merge small groups → ranges and words → freeze. The only module that makes votes public.

Pages, files and orders read what is stored here (ReleasedPractice, ReleasedGroup) and never a vote, so that one vote
more or less shows nowhere before the next release, and then only among ten newcomers or more.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import transaction
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from insights.checks import thresholds_are_not_lowered
from insights.models import ExactCounts, Release, ReleasedGroup, ReleasedPractice, Turnout
from insights.models.releases import LEAST_VOTERS
from insights.votes.counting import (
    Poll,
    count_attendance,
    count_polls,
    most_votes_without_person,
    state_of_votes,
    voters_by_practice,
)
from insights.votes.ranges import (
    JOINT,
    ChoiceCounts,
    CountRange,
    GroupRanges,
    merge_small_groups,
    names_in,
    range_of_base,
    range_of_count,
    ranges_of_group,
)
from insights.votes.second_person import refuse_single_person, settle_request
from insights.votes.shares import gap_between, least_share
from insights.votes.verdicts import Words, words_for
from workshops.choices import Choice, Status
from workshops.judgements.judging import refused_among, unjudged_sentence
from workshops.judgements.passages import FoundPassage
from workshops.models import Practice, Programme
from workshops.stories import review

MAX_COUNTS = 3
"""How often a release counts again because votes changed while it counted."""


class VotesChangedError(Exception):
    """Votes, or what was released of them, changed between counting and publishing."""


@dataclass
class ReleaseOutcome:
    """What a release does with one practice: its new result, or why the last one stays."""

    programme: Programme
    poll: Poll
    before: ReleasedPractice | None
    newcomers: int
    changes: bool
    is_shown: bool = False
    """Whether numbers of it were shown before."""
    voters: Sequence[int] = field(default_factory=list, repr=False)
    """The primary keys of the participants who voted themselves."""
    unjudged: list[FoundPassage] = field(default_factory=list, repr=False)
    """What in a draft's words may tell who somebody is and nobody has judged: the release leaves such a draft out."""

    @property
    def practice(self) -> Practice:
        return self.poll.practice

    @cached_property
    def shown(self) -> dict[str, ChoiceCounts]:
        """The exact counts of the groups that are shown."""
        return merge_small_groups(self.poll.groups, settings.VOTES_LEAST_GROUP)

    @cached_property
    def ranges(self) -> dict[str, GroupRanges]:
        return {name: ranges_of_group(counts) for name, counts in self.shown.items()}

    @cached_property
    def words(self) -> Words:
        return words_for(self.shown)

    def hands_in(self, group: str) -> CountRange:
        hands = sum(self.poll.hands[name] for name in names_in(group))
        return range_of_count(hands, self.shown[group].voters)

    @cached_property
    def result(self) -> ReleasedPractice:
        """The unsaved result, without its release."""
        return unsaved_result(self.programme, self.practice, self.ranges, self.words, self.poll.silent)

    @cached_property
    def exact(self) -> ExactCounts:
        """The unsaved exact counts of the result, which gets the digest by which an auditor can check them."""
        salt = secrets.token_hex(32)
        self.result.digest = digest_of(self.result, self.poll.table, salt)
        return ExactCounts(result=self.result, table=self.poll.table, salt=salt)

    @cached_property
    def rows(self) -> list[ReleasedGroup]:
        """The unsaved groups of the result, by name; none where fewer people voted than may be shown."""
        return [group_row(name, each, self.hands_in(name)) for name, each in self.ranges.items()]

    @property
    def held_back(self) -> str:
        """Why something is not shown, in words; empty if everything is."""
        if self.unjudged:
            return unjudged_sentence(self.unjudged)
        if self.before and self.is_shown and not self.changes:
            if self.before.is_taken_back:
                return self.stays_taken_back()
            return self.stays_as_released(self.before.release.released_on)
        if not self.rows:
            least = settings.VOTES_LEAST_GROUP
            return ngettext(
                "Fewer than %(number)s person with a recorded service voted, so we do not show a breakdown.",
                "Fewer than %(number)s people with a recorded service voted, so we do not show a breakdown.",
                least,
            ) % {"number": least}
        return ""

    def stays_taken_back(self) -> str:
        says = ngettext(
            "Stays taken back: %(newcomers)s person has voted for the first time since its release, and %(least)s must.",
            "Stays taken back: %(newcomers)s people have voted for the first time since its release, and %(least)s must.",
            self.newcomers,
        )
        return says % {"newcomers": self.newcomers, "least": settings.VOTES_LEAST_NEWCOMERS}

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


def unsaved_result(
    programme: Programme, practice: Practice, ranges: Mapping[str, GroupRanges], words: Words, silent: list[str]
) -> ReleasedPractice:
    bases = [each.base for each in ranges.values()]
    result = ReleasedPractice(
        practice=practice,
        programme=programme,
        statement=practice.statement,
        voters_low=sum(base.low for base in bases) if bases else None,
        voters_high=sum(base.high for base in bases) if bases else None,
        direction=words.direction,
        share=words.share,
        verdict=words.verdict,
        less=words.less,
        more=words.more,
        joined=sorted(name for group in ranges if JOINT in group for name in names_in(group)),
        silent=silent,
        least_share=least_share(ranges),
        gap=gap_between(ranges),
    )
    result.unsaved_groups = list(ranges)
    return result


def range_columns(name: str, between: CountRange) -> dict[str, int]:
    return {f"{name}_low": between.low, f"{name}_high": between.high}


def group_row(group: str, ranges: GroupRanges, hands: CountRange) -> ReleasedGroup:
    columns = range_columns("base", ranges.base) | range_columns("hands", hands)
    for choice in Choice.values:
        columns |= range_columns(choice, getattr(ranges, choice))
    return ReleasedGroup(group=group, **columns)


def prepare(programme: Programme, *, is_from_shell: bool = False, for_team: bool = False) -> list[ReleaseOutcome]:
    """The outcome for each practice if the programme's votes were released now, by ref. Writes nothing.

    `for_team` counts only the votes that analysts' files may hold: what analysts see, and what is never released.
    """
    if errors := thresholds_are_not_lowered():
        raise ImproperlyConfigured(" ".join(error.msg for error in errors))
    polls = count_polls(programme, for_team=for_team)
    released = ReleasedPractice.objects.current().filter(programme=programme).select_related("release", "exact")
    before = {each.practice_id: each for each in released}
    turnouts = {each.practice_id: each for each in Turnout.objects.filter(programme=programme)}
    voters = voters_by_practice(programme)
    outcomes = [
        outcome_of(
            programme,
            poll,
            before.get(poll.practice.pk),
            turnouts.get(poll.practice.pk),
            voters.get(poll.practice.pk, []),
        )
        for poll in polls
    ]
    leave_out_unjudged_drafts(outcomes, is_from_shell)
    return outcomes


def leave_out_unjudged_drafts(outcomes: Sequence[ReleaseOutcome], is_from_shell: bool) -> None:
    """A release publishes the drafts among its practices, but none that is refused for passages nobody has judged."""
    drafts = {
        outcome.practice.pk: outcome
        for outcome in outcomes
        if outcome.changes and outcome.practice.status != Status.PUBLISHED
    }
    practices = [outcome.practice for outcome in drafts.values()]
    for practice, passages in review.passages_of_practices(practices) if practices else ():
        outcome = drafts[practice.pk]
        outcome.unjudged = refused_among(passages, is_from_shell=is_from_shell)
        outcome.changes = not outcome.unjudged


def outcome_of(
    programme: Programme,
    poll: Poll,
    before: ReleasedPractice | None,
    turnout: Turnout | None,
    voters: Sequence[int],
) -> ReleaseOutcome:
    newcomers = newcomers_among(voters, poll, turnout)
    outcome = ReleaseOutcome(programme, poll, before, newcomers, False, turnout is not None, voters)
    if turnout:
        outcome.changes = newcomers >= settings.VOTES_LEAST_NEWCOMERS
    else:  # Where nothing was shown before, nothing can be compared with it: the first rows may be released at once.
        outcome.changes = before is None or bool(outcome.shown)
    return outcome


def newcomers_among(voters: Sequence[int], poll: Poll, turnout: Turnout | None) -> int:
    """How many people have certainly voted for the first time since the result last changed.

    Hands have no names, so only an increase in their number is new. Each person whose vote is gone since may have
    come back under another code, so each one takes one away.
    """
    if turnout is None:
        return poll.people
    counted, now = set(turnout.participants), set(voters)
    gone = turnout.voters - len(counted & now)
    return max(0, len(now - counted) - gone + poll.hands.total() - turnout.hands)


def preview_fingerprint(outcomes: Sequence[ReleaseOutcome]) -> str:
    """A hash of what a preview showed, so that a release that would publish something else can be refused."""
    return hashlib.sha256(json.dumps([described_outcome(outcome) for outcome in outcomes]).encode()).hexdigest()


def described_outcome(outcome: ReleaseOutcome) -> list[Any]:
    """What an editor agrees to by releasing an outcome, as JSON holds it."""
    return [
        outcome.practice.ref,
        outcome.practice.statement,
        outcome.practice.status,
        outcome.changes,
        [[name, *ranges, outcome.hands_in(name)] for name, ranges in outcome.ranges.items()],
        [str(word) for word in vars(outcome.words).values()],
    ]


def release(
    programme: Programme, on: date | None = None, seen: str | None = None, by: User | None = None
) -> list[ReleaseOutcome]:
    """Publish the vote results of a programme's workshops, and the practices with them. Returns the outcomes.

    `seen` is the fingerprint of the preview that an editor, `by`, agreed to; the shell names nobody. A ValidationError says why nothing may be
    released. Where nothing changes, nothing is written. Counting is done before the transaction that publishes, so
    that nobody who votes waits for it; what was counted is checked again inside.
    """
    for _attempt in range(MAX_COUNTS):
        state = state_of_votes(programme)
        outcomes = prepare(programme, is_from_shell=by is None)
        refuse_release(programme, outcomes, seen)
        refuse_single_person(programme, preview_fingerprint(outcomes), by)
        try:
            publish_results(programme, outcomes, state, on or timezone.localdate(), by)
        except VotesChangedError:
            continue
        return outcomes
    raise votes_keep_changing()


def votes_keep_changing() -> ValidationError:
    return ValidationError(_("Votes keep changing while they are counted. Try again when the ballots are closed."))


def refuse_release(programme: Programme, outcomes: Sequence[ReleaseOutcome], seen: str | None) -> None:
    if not outcomes:
        says = _("Nobody has voted in the workshops of “%(programme)s” yet, so there is nothing to release.")
        raise ValidationError(says % {"programme": programme})
    if seen is not None and seen != preview_fingerprint(outcomes):
        raise ValidationError(_("Votes or statements have changed since you looked. Look at the results again."))


def publish_results(
    programme: Programme, outcomes: Sequence[ReleaseOutcome], state: list[Any], on: date, by: User | None = None
) -> None:
    """Write the results that change. Raises VotesChangedError unless everything is as it was before counting.

    All that can be worked out is worked out before the transaction, so that other writers do not wait for it.
    """
    changing = [outcome for outcome in outcomes if outcome.changes]
    if not changing:
        return
    results, seen = results_of(changing), preview_fingerprint(outcomes)
    attendance = attendance_of(programme)
    drafts = [outcome.practice for outcome in changing if outcome.practice.status != Status.PUBLISHED]
    with transaction.atomic():
        claim_unchanged_votes(programme, state)
        review.publish_practices(drafts, is_from_shell=by is None)
        Practice.objects.filter(pk__in=[outcome.practice.pk for outcome in changing]).update(is_frozen=True)
        made = Release.objects.create(
            programme=programme,
            released_on=on,
            least_voters=settings.VOTES_LEAST_GROUP,
            prepared_by=settle_request(programme, seen),
            released_by=by,
            **attendance,
        )
        results.write(made)


def attendance_of(programme: Programme) -> dict[str, int]:
    """What a release says of how many voted: nothing, where so many votes are counts without persons that it would be
    too few."""
    if most_votes_without_person(programme) >= LEAST_VOTERS:
        return {}
    return attendance_columns(*count_attendance(programme))


def attendance_columns(present: int, voted: int) -> dict[str, int]:
    """How many were there and how many voted, as ranges; nothing of fewer than ten."""
    if voted < LEAST_VOTERS:
        return {}
    return range_columns("present", range_of_base(present)) | range_columns("voted", range_of_base(voted))


def claim_unchanged_votes(programme: Programme, state: list[Any]) -> None:
    """Keep others from publishing results of a programme. Raises VotesChangedError unless its votes are as counted."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    if state_of_votes(programme) != state:
        raise VotesChangedError


def results_of(outcomes: Sequence[ReleaseOutcome]) -> "ReleasedResults":
    return ReleasedResults(
        [outcome.result for outcome in outcomes],
        [outcome.exact for outcome in outcomes],
        [outcome.rows for outcome in outcomes],
        # Where nothing was ever shown nothing can be compared, so nobody need be remembered.
        [turnout_of(outcome) for outcome in outcomes if outcome.rows or outcome.is_shown],
        [outcome.before.pk for outcome in outcomes if outcome.before],
    )


@dataclass
class ReleasedResults:
    """The rows of results, ready to be written."""

    results: list[ReleasedPractice]
    exact: list[ExactCounts]
    rows: list[list[ReleasedGroup]]
    turnouts: list[Turnout]
    replaced: list[int]
    """The primary keys of the results that these take the place of. They stay for the desk."""

    def write(self, made: Release) -> None:
        ReleasedPractice.objects.filter(pk__in=self.replaced).update(is_current=False)
        for result in self.results:
            result.release = made
        ReleasedPractice.objects.bulk_create(self.results)
        for result, rows in zip(self.results, self.rows, strict=True):
            for row in rows:
                row.result = result
        ReleasedGroup.objects.bulk_create([row for rows in self.rows for row in rows])
        ExactCounts.objects.bulk_create(self.exact)
        Turnout.objects.bulk_create(
            self.turnouts,
            update_conflicts=True,
            unique_fields=["practice", "programme"],
            update_fields=["participants", "voters", "hands"],
        )


def digest_of(result: ReleasedPractice, table: Mapping[str, list[int]], salt: str) -> str:
    """SHA-256 over the salt and the canonical JSON of practice, programme, statement and exact counts."""
    content = [result.practice.ref, result.programme.slug, result.statement, table]
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256((salt + canonical).encode()).hexdigest()


def turnout_of(outcome: ReleaseOutcome) -> Turnout:
    return Turnout(
        practice=outcome.practice,
        programme=outcome.programme,
        participants=list(outcome.voters),
        voters=len(outcome.voters),
        hands=outcome.poll.hands.total(),
    )
