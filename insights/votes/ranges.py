"""Who is shown together, and each count as a range: what the public reads of exact votes. Pure functions.

`groups` is {service area's name: ChoiceCounts}; `NOT_RECORDED` stands for voters whose service area is unknown. The
limits are fixed, so that a range says the same of every practice.
"""

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

from insights.models.releases import LEAST_VOTERS
from workshops.choices import JOINT as JOINT
from workshops.choices import NOT_RECORDED as NOT_RECORDED

STEP, SPREAD = 5, 2
FEW = 4
"""A count of so few people, or one that leaves so few others, is said in a way that could be nobody as well."""


class ChoiceCounts(NamedTuple):
    """How many voters of a group chose what."""

    keep: int
    amplify: int
    discard: int
    create: int

    @property
    def voters(self) -> int:
        return sum(self)


class CountRange(NamedTuple):
    """A count as the public reads it: it lies between `low` and `high`, both included."""

    low: int
    high: int


class GroupRanges(NamedTuple):
    """What the public reads of one group: how many voted, and how many of them chose what."""

    base: CountRange
    keep: CountRange
    amplify: CountRange
    discard: CountRange
    create: CountRange


Groups = Mapping[str, ChoiceCounts]
Counts = TypeVar("Counts", ChoiceCounts, GroupRanges)


def add_counts(one: ChoiceCounts, other: ChoiceCounts) -> ChoiceCounts:
    return ChoiceCounts(*(a + b for a, b in zip(one, other, strict=True)))


def merge_small_groups(groups: Groups, least: int = LEAST_VOTERS) -> dict[str, ChoiceCounts]:
    """Groups of at least `least` voters, by name, or {}.

    While a group is smaller and another is left, the smallest joins the next smallest; ties go by name. Voters whose
    service area is unknown join nobody: they are a group of their own, or none.
    """
    merged: dict[tuple[str, ...], ChoiceCounts] = {
        (name,): counts for name, counts in groups.items() if counts.voters and name != NOT_RECORDED
    }
    while len(merged) > 1 and min(counts.voters for counts in merged.values()) < least:
        first, second = sorted(merged, key=lambda names: (merged[names].voters, JOINT.join(names)))[:2]
        merged[tuple(sorted(first + second))] = add_counts(merged.pop(first), merged.pop(second))
    shown = {JOINT.join(names): counts for names, counts in merged.items()}
    if NOT_RECORDED in groups:
        shown[NOT_RECORDED] = groups[NOT_RECORDED]
    return {name: counts for name, counts in sorted(shown.items()) if counts.voters >= least}


def services_of(groups: Mapping[str, Counts]) -> dict[str, Counts]:
    """The groups whose service area is known."""
    return {name: counts for name, counts in groups.items() if name != NOT_RECORDED}


def names_in(group: str) -> list[str]:
    """The service areas that a group shows together."""
    return group.split(JOINT)


def round_to_step(number: int) -> int:
    """To the nearest 5."""
    return STEP * ((number + STEP // 2) // STEP)


def range_of_base(voters: int) -> CountRange:
    near = round_to_step(voters)
    return CountRange(max(LEAST_VOTERS, near - SPREAD), near + SPREAD)


def range_of_count(count: int, voters: int) -> CountRange:
    """`count` of `voters` in a group. All but a few is said like a few: it never tells that everyone chose the same."""
    if count <= FEW:
        return CountRange(0, FEW)
    if voters - count <= FEW:
        base = range_of_base(voters)
        return CountRange(base.low - FEW, base.high)
    near = round_to_step(count)
    return CountRange(max(FEW + 1, near - SPREAD), near + SPREAD)


def ranges_of_group(counts: ChoiceCounts) -> GroupRanges:
    voters = counts.voters
    return GroupRanges(range_of_base(voters), *(range_of_count(count, voters) for count in counts))
