"""The words for a practice's votes: what most people chose, and whether the service areas agree. Pure functions.

Words are judged on exact counts, so that they are true; the numbers beside them are ranges (insights.votes.ranges),
so that they expose nobody. Service areas differ by Fisher's exact test (R. A. Fisher 1934, "Statistical Methods for
Research Workers", 5th edition, section 21.02), with Bonferroni's correction for the number of comparisons.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import comb
from typing import NamedTuple

from insights.choices import Direction, Share, Verdict
from insights.votes.ranges import ChoiceCounts, Groups, services_of

LEAST_FOR_WORDS, LEAST_A_GROUP = 40, 20
"""Words need this many voters, and this many in a group on average."""

SHARE_LIMITS = [
    (Share.NEARLY_EVERYONE, Fraction(90, 100)),
    (Share.MOST, Fraction(70, 100)),
    (Share.MORE_THAN_HALF, Fraction(55, 100)),
    (Share.ABOUT_HALF, Fraction(45, 100)),
]
LEAST_LEAD = Fraction(5, 100)
"""A direction that leads by less is a split."""
LEAST_GAP = Fraction(20, 100)
"""Service areas whose shares are nearer than this do not differ, however many voted."""
LEAST_TO_AGREE = Fraction(75, 100)
MAX_CHANCE = 0.025
"""How often so large a difference may come by chance alone, on one side and over all comparisons together."""
WAYS = (Direction.RETAIN, Direction.DISCARD, Direction.CREATE)


@dataclass(frozen=True)
class Words:
    """What is said of a practice's votes. All empty: too few people voted to say anything."""

    direction: str = ""
    share: str = ""
    verdict: str = ""
    less: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)


class Difference(NamedTuple):
    """How a service area's share differs from that of all the others together; `chance` is Fisher's p, one-sided."""

    chance: float
    service: str
    gap: Fraction


def words_for(shown: Groups) -> Words:
    """The Words for the groups that are shown, as `merge_small_groups` gives them.

    They speak of the service areas; where none is shown, of the voters whose service area is unknown.
    """
    services = services_of(shown)
    pool = services or shown
    voters = sum(counts.voters for counts in pool.values())
    if voters < max(LEAST_FOR_WORDS, LEAST_A_GROUP * len(pool)):
        return Words()
    way, is_split = leading_way(pool)
    direction = Direction.SPLIT if is_split else way
    share = word_for_share(share_of(pool.values(), way))
    if len(services) < 2:
        return Words(direction, share, Verdict.NOT_COMPARED)
    if differences_between(services, way):
        return Words(direction, share, Verdict.DIFFER, *services_apart(services, way))
    agreed = not is_split and services_agree(services, way)
    return Words(direction, share, Verdict.AGREE if agreed else Verdict.MIXED)


def chose(counts: ChoiceCounts, way: str) -> int:
    if way == Direction.RETAIN:
        return counts.keep + counts.amplify
    return counts.discard if way == Direction.DISCARD else counts.create


def share_of(groups: Iterable[ChoiceCounts], way: str) -> Fraction:
    """The share of all voters of these groups that chose a way. Needs at least one voter."""
    groups = list(groups)
    return Fraction(sum(chose(counts, way) for counts in groups), sum(counts.voters for counts in groups))


def leading_way(pool: Groups) -> tuple[Direction, bool]:
    """The way with the largest share (ties in the order of WAYS), and whether its lead is so short that it is a split."""
    shares = {way: share_of(pool.values(), way) for way in WAYS}
    way = max(WAYS, key=shares.__getitem__)
    return way, any(shares[way] - share < LEAST_LEAD for other, share in shares.items() if other != way)


def word_for_share(share: Fraction) -> Share:
    for word, limit in SHARE_LIMITS:
        if share > limit or (share == limit and word != Share.MORE_THAN_HALF):
            return word
    return Share.NO_MAJORITY


def services_agree(services: Groups, way: str) -> bool:
    """Whether a way is wanted by three quarters, by more than half of every service area, and by all alike."""
    each = [share_of([counts], way) for counts in services.values()]
    wanted = share_of(services.values(), way) >= LEAST_TO_AGREE
    return wanted and min(each) > Fraction(1, 2) and max(each) - min(each) < LEAST_GAP


def differences_between(services: Groups, way: str) -> list[Difference]:
    """The service areas that differ from all the others together, those least likely by chance first.

    A difference is 20 points or more, and more than chance brings. Two service areas are one comparison.
    """
    comparisons = len(services) if len(services) > 2 else 1
    chosen = {name: chose(counts, way) for name, counts in services.items()}
    all_chosen, all_voters = sum(chosen.values()), sum(counts.voters for counts in services.values())
    found = []
    for name, counts in services.items():
        others, of_others = all_chosen - chosen[name], all_voters - counts.voters
        gap = Fraction(chosen[name], counts.voters) - Fraction(others, of_others)
        if abs(gap) >= LEAST_GAP:
            chance = fisher_exact(chosen[name], counts.voters, others, of_others)
            if chance <= MAX_CHANCE / comparisons:
                found.append(Difference(chance, name, gap))
    return sorted(found)


def services_apart(services: Groups, way: str) -> tuple[list[str], list[str]]:
    """Who chose a way less often than the others, and who more often: (names, names), sorted.

    Of those that differ the least likely by chance is taken out, and again, until the rest do not differ. Nobody is
    named where that would take half of the service areas or of the voters, where two are equally unlikely, or where
    two are left that differ: then it cannot be said who stands apart from whom.
    """
    rest, apart = dict(services), list[Difference]()
    while found := differences_between(rest, way):
        apart.append(found[0])
        if len(rest) < 3 or are_equally_unlikely(found) or take_half(apart, services):
            return [], []
        del rest[found[0].service]
    less = sorted(each.service for each in apart if each.gap < 0)
    more = sorted(each.service for each in apart if each.gap > 0)
    return less, more


def are_equally_unlikely(found: list[Difference]) -> bool:
    """Whether the first two differences cannot be told apart by their chance."""
    return len(found) > 1 and found[1].chance - found[0].chance <= found[0].chance * 1e-9


def take_half(apart: list[Difference], services: Groups) -> bool:
    voters = sum(services[each.service].voters for each in apart)
    return 2 * len(apart) >= len(services) or 2 * voters >= sum(counts.voters for counts in services.values())


@lru_cache(maxsize=50_000)
def fisher_exact(one: int, of_one: int, other: int, of_other: int) -> float:
    """How likely a difference so large, or larger in the same direction, is by chance: Fisher's exact test, one-sided.

    `one` of `of_one` against `other` of `of_other`, each with at least one voter. Sums the hypergeometric
    probabilities of the tail in whole numbers, each term made from the one before it.
    """
    voters, chosen = of_one + of_other, one + other
    least, most = max(0, chosen - of_other), min(of_one, chosen)
    upwards = one * of_other >= other * of_one
    term = total = comb(of_one, one) * comb(of_other, other)
    count = one
    while count < most if upwards else count > least:
        if upwards:
            term = term * (of_one - count) * (chosen - count) // ((count + 1) * (of_other - chosen + count + 1))
            count += 1
        else:
            term = term * count * (of_other - chosen + count) // ((of_one - count + 1) * (chosen - count + 1))
            count -= 1
        total += term
    return total / comb(voters, chosen)


def exact_interval(chosen: int, voters: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a share (E. B. Wilson 1927, Journal of the American Statistical Association 22:158)."""
    z = 1.959963984540054
    share, square = chosen / voters, z * z
    middle = share + square / (2 * voters)
    reach = z * ((share * (1 - share) + square / (4 * voters)) / voters) ** 0.5
    return max(0.0, (middle - reach) / (1 + square / voters)), min(1.0, (middle + reach) / (1 + square / voters))
