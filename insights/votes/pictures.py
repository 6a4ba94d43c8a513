"""What the pictures of votes draw: places on a scale from 0 to 100. Pure functions.

Nothing is drawn that is not known. A share is a range, drawn from its least to its most, and the edge between two
choices slants from the least to the most it may be.
"""

from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor

from insights.models import ReleasedGroup
from insights.votes.ranges import NOT_RECORDED, CountRange, GroupRanges
from insights.votes.sentences import count_in_words
from insights.votes.shares import ShareRange, edges_of_bar
from workshops.choices import Choice

LANE, LANE_GAP = 5, 3
"""How high a lane of the picture is, and the space before it, in pixels."""


def height_of(lanes: int) -> int:
    return LANE_GAP + lanes * (LANE + LANE_GAP)


def group_ranges(row: ReleasedGroup) -> GroupRanges:
    return GroupRanges(CountRange(*row.base), *(CountRange(*between) for _choice, between in row.counts))


def out_of_a_hundred(share: ShareRange) -> CountRange:
    """A share of 100, rounded outwards, so that the truth still lies between."""
    return CountRange(floor(100 * share.low + 1e-9), ceil(100 * share.high - 1e-9))


@dataclass(frozen=True)
class Lane:
    """One group's line in the picture of all practices: between which shares of 100 its own lies."""

    group: str
    share: ShareRange
    is_apart: bool
    is_chosen: bool
    place: int

    @cached_property
    def between(self) -> CountRange:
        return out_of_a_hundred(self.share)

    @property
    def width(self) -> int:
        return self.between.high - self.between.low

    @property
    def top(self) -> int:
        return height_of(self.place)

    @property
    def kind(self) -> str:
        """How it is drawn: "apart", "chosen", "unknown" or plainly."""
        kinds = {"apart": self.is_apart, "chosen": self.is_chosen, "unknown": self.group == NOT_RECORDED}
        return " ".join(kind for kind, holds in kinds.items() if holds)


@dataclass(frozen=True)
class VoteBar:
    """One group's bar: all who voted, from 0 to 100, a piece a choice."""

    row: ReleasedGroup
    ranges: GroupRanges
    is_chosen: bool

    @property
    def group(self) -> str:
        return self.row.group

    @property
    def base(self) -> str:
        return count_in_words(self.row.base)

    @property
    def counts(self) -> list[tuple[Choice, str]]:
        """(choice, how many chose it in words) for each choice."""
        return [(choice, count_in_words(between, self.row.base)) for choice, between in self.row.counts]

    @property
    def pieces(self) -> list[tuple[Choice, str]]:
        """(choice, the corners of its piece) for each choice that anybody may have made; 100 wide and 1 high.

        Its top ends where the choices up to it end at the least, its foot where they end at the most.
        """
        edges = [ShareRange(0, 0), *edges_of_bar(self.ranges), ShareRange(1, 1)]
        return [
            (choice, corners(before, after))
            for choice, before, after in zip(Choice, edges, edges[1:], strict=False)
            if before != after
        ]


def corners(before: ShareRange, after: ShareRange) -> str:
    points = [(before.low, 0), (after.low, 0), (after.high, 1), (before.high, 1)]
    return " ".join(f"{100 * share:.4g},{height}" for share, height in points)
