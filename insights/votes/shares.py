"""Shares as the public can work them out from ranges: for pictures, and for the orders of lists. Pure functions."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from insights.choices import Direction
from insights.votes.ranges import CountRange, GroupRanges, services_of
from insights.votes.verdicts import WAYS
from workshops.choices import Choice


class ShareRange(NamedTuple):
    """A share, from 0 to 1: it lies between `low` and `high`."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


CHOICES_OF = {
    Direction.RETAIN: (Choice.KEEP, Choice.AMPLIFY),
    Direction.DISCARD: (Choice.DISCARD,),
    Direction.CREATE: (Choice.CREATE,),
}


def ranges_of(group: GroupRanges, choices: Collection[str]) -> list[CountRange]:
    return [getattr(group, choice) for choice in choices]


def ranges_that_chose(group: GroupRanges, way: str) -> list[CountRange]:
    return ranges_of(group, CHOICES_OF[Direction(way)])


def share_range(group: GroupRanges, way: str) -> ShareRange:
    """The share of a group that chose a way: the least and the most that its ranges allow."""
    return share_of_choices(group, CHOICES_OF[Direction(way)])


def share_of_choices(group: GroupRanges, choices: Collection[str]) -> ShareRange:
    """The share of a group that made one of these choices: the least and the most that its ranges allow."""
    chose = ranges_of(group, choices)
    others = ranges_of(group, [choice for choice in Choice.values if choice not in choices])
    (chose_low, chose_high), (others_low, others_high) = sum_of_ranges(chose), sum_of_ranges(others)
    # The share is least (most) where the group is as large as few who chose it and many others (or the reverse) make it.
    small = within(group.base, chose_low + others_high)
    large = within(group.base, chose_high + others_low)
    return ShareRange(max(chose_low, small - others_high) / small, min(chose_high, large - others_low) / large)


def edges_of_bar(group: GroupRanges) -> list[ShareRange]:
    """Where each choice ends in a bar of all four, in their order: the share of a group that made it or one before it."""
    return [share_of_choices(group, Choice.values[:place]) for place in range(1, len(Choice.values))]


def sum_of_ranges(ranges: list[CountRange]) -> CountRange:
    return CountRange(sum(low for low, _ in ranges), sum(high for _, high in ranges))


def within(base: CountRange, number: int) -> int:
    return min(max(number, base.low), base.high)


def shown_way(groups: Mapping[str, GroupRanges]) -> Direction | None:
    """The way that most chose, by the middles of the ranges of all groups together; None without groups."""
    if not groups:
        return None
    totals = {
        way: sum(sum(between) for group in groups.values() for between in ranges_that_chose(group, way)) for way in WAYS
    }
    return max(WAYS, key=totals.__getitem__)


def service_shares(groups: Mapping[str, GroupRanges]) -> list[float]:
    """The middle of each service area's share in the way that most chose."""
    services = services_of(groups) or groups
    way = shown_way(services)
    return [share_range(group, way).middle for group in services.values()] if way else []


def least_share(groups: Mapping[str, GroupRanges]) -> float | None:
    """The share of the service area least in favour; None without groups."""
    return min(service_shares(groups), default=None)


def gap_between(groups: Mapping[str, GroupRanges]) -> float | None:
    """How far the shares of the service areas lie apart; None with fewer than two to compare."""
    shares = service_shares(groups)
    return max(shares) - min(shares) if len(shares) > 1 else None
