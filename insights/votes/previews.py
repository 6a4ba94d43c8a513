"""What an editor sees before releasing: each practice's exact votes, the words it will get, and those it has today.

Analysts see the same of the votes that their files hold: totals of all votes, less those of the files, would tell how the
people voted whom the files leave out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.db.models import TextChoices, prefetch_related_objects
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from insights.choices import Direction
from insights.models import Release, ReleasedPractice
from insights.votes import sentences
from insights.votes.counting import count_by_workshop, groups_together
from insights.votes.pictures import group_ranges
from insights.votes.ranges import ChoiceCounts, Groups, merge_small_groups, ranges_of_group, services_of
from insights.votes.release import ReleaseOutcome, unsaved_result
from insights.votes.verdicts import chose, exact_interval, leading_way, words_for
from workshops.choices import Status
from workshops.models import Programme, Workshop

WORDS = ("direction", "share", "verdict", "less", "more")


class PreviewState(TextChoices):
    """What a release does with a practice, in the order in which a preview shows them."""

    NEW = "new", _("New")
    NEW_WORDS = "words", _("Other words")
    NEW_RANGES = "ranges", _("Other numbers")
    HELD_BACK = "held back", _("Held back")
    UNCHANGED = "unchanged", _("Unchanged")


class ExactShare(NamedTuple):
    """How many of how many chose a way, and between which shares 95 % of such samples would lie."""

    chosen: int
    voters: int
    low: float
    high: float

    def __str__(self) -> str:
        values = {
            "chosen": self.chosen,
            "voters": self.voters,
            "share": round(100 * self.chosen / self.voters),
            "low": round(100 * self.low),
            "high": round(100 * self.high),
        }
        return gettext("%(chosen)s of %(voters)s, %(share)s %% (%(low)s to %(high)s %%)") % values


class ExactRow(NamedTuple):
    """One service area's votes, as editors and analysts see them."""

    service: str
    counts: ChoiceCounts
    hands: int
    share: ExactShare


class WithoutOne(NamedTuple):
    """What would be said without a service area or a workshop, and whether that is something else."""

    name: str
    says: str
    is_other: bool


@dataclass
class ResultPreview:
    """One practice in the preview of a release, or of a correction."""

    outcome: ReleaseOutcome
    by_workshop: Mapping[str, Groups] = field(default_factory=dict)
    """{workshop's title: groups}, where it is to be said what is left without each."""

    @cached_property
    def state(self) -> PreviewState:
        before = self.outcome.before
        if before is None:
            return PreviewState.NEW
        if not self.outcome.changes:
            return PreviewState.UNCHANGED if self.is_counted_alike(before) else PreviewState.HELD_BACK
        if (
            any(getattr(before, word) != getattr(self.outcome.result, word) for word in WORDS)
            or before.is_by_first_rule
        ):
            return PreviewState.NEW_WORDS
        shown = {row.group: group_ranges(row) for row in before.groups.all()}
        return PreviewState.UNCHANGED if shown == self.outcome.ranges else PreviewState.NEW_RANGES

    def is_counted_alike(self, before: ReleasedPractice) -> bool:
        """Whether the exact votes are still those that were released."""
        sealed = getattr(before, "exact", None)
        return not self.outcome.newcomers if sealed is None else sealed.table == self.outcome.poll.table

    @property
    def is_draft_to_publish(self) -> bool:
        return self.outcome.changes and self.outcome.practice.status != Status.PUBLISHED

    @property
    def says_today(self) -> str:
        before = self.outcome.before
        return sentences.headline(before) if before else ""

    @cached_property
    def will_say(self) -> str:
        return self.says(self.outcome.shown)

    @property
    def not_shown(self) -> list[str]:
        """Who is shown only together with others, and who is silent."""
        return sentences.who_is_not_shown(self.with_release(self.outcome.result))

    def says(self, shown: Mapping[str, ChoiceCounts]) -> str:
        ranges = {name: ranges_of_group(counts) for name, counts in shown.items()}
        result = unsaved_result(
            self.outcome.programme, self.outcome.practice, ranges, words_for(shown), self.outcome.poll.silent
        )
        return sentences.headline(self.with_release(result))

    def with_release(self, result: ReleasedPractice) -> ReleasedPractice:
        """A result that is not saved, with the release that its sentences ask for."""
        result.release = Release(least_voters=settings.VOTES_LEAST_GROUP)
        return result

    @cached_property
    def way(self) -> Direction:
        """The way with the largest exact share, among those of whom words are said."""
        shown = self.outcome.shown or self.outcome.poll.groups
        return leading_way(services_of(shown) or shown)[0]

    @property
    def way_in_words(self) -> str:
        return str(WAYS_IN_WORDS[self.way])

    @property
    def exact_share(self) -> ExactShare:
        shown = self.outcome.shown or self.outcome.poll.groups
        return self.share_among((services_of(shown) or shown).values())

    @property
    def exact_rows(self) -> list[ExactRow]:
        poll = self.outcome.poll
        return [
            ExactRow(name, counts, poll.hands[name], self.share_among([counts])) for name, counts in poll.groups.items()
        ]

    def share_among(self, groups: Iterable[ChoiceCounts]) -> ExactShare:
        groups = list(groups)
        chosen = sum(chose(counts, self.way) for counts in groups)
        voters = sum(counts.voters for counts in groups)
        return ExactShare(chosen, voters, *exact_interval(chosen, voters))

    def without_each_service(self) -> list[WithoutOne]:
        groups = self.outcome.poll.groups
        return [
            self.left_out(name, {key: groups[key] for key in groups if key != name}) for name in services_of(groups)
        ]

    def without_each_workshop(self) -> list[WithoutOne]:
        workshops = self.by_workshop
        rest = {left: groups_together(workshops[key] for key in workshops if key != left) for left in workshops}
        return sorted(self.left_out(left, groups) for left, groups in rest.items())

    def left_out(self, name: str, groups: Mapping[str, ChoiceCounts]) -> WithoutOne:
        says = self.says(merge_small_groups(groups, settings.VOTES_LEAST_GROUP))
        return WithoutOne(name, says, says != self.will_say)


WAYS_IN_WORDS = {
    Direction.RETAIN: _("keep it or do more of it"),
    Direction.DISCARD: _("stop it"),
    Direction.CREATE: _("start it"),
}


class ProgrammePreview:
    """The previews of all practices of a programme: each once, those that change first."""

    def __init__(self, programme: Programme, outcomes: list[ReleaseOutcome], *, for_team: bool = False) -> None:
        """`for_team` says that the outcomes are of the votes in analysts' files."""
        prefetch_related_objects([outcome.before for outcome in outcomes if outcome.before], "groups")
        order = list(PreviewState)
        self.programme = programme
        self.for_team = for_team
        previews = [ResultPreview(outcome) for outcome in outcomes]
        self.all = sorted(previews, key=lambda preview: order.index(preview.state))

    def in_state(self, state: str) -> list[ResultPreview]:
        """Those in a state, or all."""
        return [preview for preview in self.all if not state or preview.state == state]

    def with_workshops(self, previews: Iterable[ResultPreview]) -> None:
        """Give some previews their votes by workshop: those of one page, since of all they would be many."""
        practices = [preview.outcome.practice for preview in previews]
        counted = count_by_workshop(self.programme, practices, for_team=self.for_team)
        titles = {each.pk: str(each) for each in Workshop.objects.filter(phase__programme=self.programme)}
        for preview in previews:
            workshops = counted.get(preview.outcome.practice.pk, {})
            preview.by_workshop = {titles[key]: groups for key, groups in workshops.items()}

    @property
    def states(self) -> list[tuple[PreviewState, int]]:
        """(state, how many practices are in it) for each state that there is."""
        counted = Counter(preview.state for preview in self.all)
        return [(state, counted[state]) for state in PreviewState if counted[state]]

    @property
    def changing(self) -> int:
        return sum(preview.outcome.changes for preview in self.all)
