"""How far groups agree on a practice, where they differ, and the sentence that says so. Pure functions.

A group's counts are four numbers of 0 or more: keep, amplify, discard, create (k, a, d, c; together n).
`groups` is {name: counts}. Groups weigh equally, whatever their size, so that the largest service does not speak
for all. A group in which nobody voted is left out: silence is neither agreement nor difference.
Sums are exact (`fsum`), so that the order of groups changes no digit.
"""

from dataclasses import dataclass
from math import exp, fsum, isclose, log, log2
from typing import NamedTuple

from django.contrib.humanize.templatetags.humanize import apnumber

from insights.choices import Direction, Verdict

NOT_RECORDED = "Not recorded"
"""The group of voters whose service area is unknown. Unless merged, it is shown but enters no measure."""
JOINT = " + "
"""What stands between the names of groups that were merged."""

STRONG = 0.75
MARKED = 0.10
NEARLY_EVERYONE, MOST, MORE_THAN_HALF, HALF = 0.90, 0.70, 0.55, 0.45
WHO_WORDS = {
    NEARLY_EVERYONE: "Nearly everyone who voted",
    MOST: "Most people who voted",
    MORE_THAN_HALF: "More than half of those who voted",
}
STEP = 5
MOST_IN_BAND, MIDDLE_OF_BAND = 4, 2


class ChoiceCounts(NamedTuple):
    keep: float
    amplify: float
    discard: float
    create: float


def lean(counts):
    """p = (k + a + ½) / (k + a + d + 1): of those who spoke of the practice as it is, the share who want it.

    From above 0 to below 1; ½ if nobody did. Create is kept out: it speaks of what does not exist yet. The ½ is
    Jeffreys' prior for a proportion (Brown, Cai and DasGupta 2001, Statistical Science 16:2).
    """
    keep, amplify, discard, _ = counts
    return (keep + amplify + 0.5) / (keep + amplify + discard + 1)


def pull(counts, direction):
    """How far one group goes in a direction: p to retain, 1 − p to discard, (c + ½) / (n + 1) to create."""
    if direction == Direction.CREATE:
        return (counts[3] + 0.5) / (fsum(counts) + 1)
    p = lean(counts)
    return p if direction == Direction.RETAIN else 1 - p


def agreement(groups, direction):
    """The geometric mean of the groups' pulls in one direction: one group that holds back lowers it for all.

    From above 0 to below 1. Needs at least one group with votes. After Polis' group-informed consensus (Small and
    others 2021, "Polis: scaling deliberation", RECERCA 26:2), which multiplies; the mean does not shrink with the
    number of groups.
    """
    return exp(fsum(log(pull(counts, direction)) for counts in groups.values()) / len(groups))


def consensus(groups):
    """The largest agreement and its direction, as (number, Direction); a tie is split. (None, None) without votes."""
    groups = with_votes(groups)
    if not groups:
        return None, None
    found = {
        direction: agreement(groups, direction) for direction in (Direction.RETAIN, Direction.DISCARD, Direction.CREATE)
    }
    best = max(found.values())
    directions = [direction for direction, value in found.items() if isclose(value, best)]
    return best, directions[0] if len(directions) == 1 else Direction.SPLIT


def divergence(groups):
    """Jensen–Shannon divergence of the groups' shares over log₂ of their number, and who contributes most.

    Gives (number, name): 0 where all shares are the same, near 1 where each group chose what no other chose;
    (None, "") with fewer than two groups. Each count counts ½ more. Equal contributions go by name. After Lin 1991,
    "Divergence measures based on the Shannon entropy", IEEE Transactions on Information Theory 37:1.
    """
    groups = with_votes(groups)
    if len(groups) < 2:
        return None, ""
    shares = {name: [(count + 0.5) / (fsum(counts) + 2) for count in counts] for name, counts in groups.items()}
    middle = [fsum(column) / len(shares) for column in zip(*shares.values(), strict=True)]
    parts = {
        name: fsum(q * log2(q / m) for q, m in zip(row, middle, strict=True)) for name, row in sorted(shares.items())
    }
    largest = max(parts.values())
    furthest = next(name for name, part in parts.items() if isclose(part, largest))
    return max(0.0, fsum(parts.values()) / len(parts) / log2(len(parts))), furthest


def stability(groups, direction):
    """The smallest agreement in this direction when any one group is left out. None with fewer than two groups.

    For a split, in whichever of the directions is then the strongest.
    """
    groups = with_votes(groups)
    if len(groups) < 2:
        return None
    return min(
        agreement_in({name: groups[name] for name in groups if name != left_out}, direction) for left_out in groups
    )


def stability_by_workshop(workshops, direction):
    """The agreement in this direction when each workshop is left out, as {workshop: number or None}.

    `workshops` is {workshop: {group: counts}}. None where fewer than two groups are left to compare.
    """
    found = {}
    for left_out in workshops:
        rest = with_votes(together(groups for workshop, groups in workshops.items() if workshop != left_out))
        rest.pop(NOT_RECORDED, None)
        found[left_out] = agreement_in(rest, direction) if len(rest) > 1 else None
    return found


def together(workshops):
    """The groups of several workshops, added up."""
    sums = {}
    for groups in workshops:
        for name, counts in groups.items():
            sums[name] = ChoiceCounts(*(a + b for a, b in zip(sums.get(name, (0, 0, 0, 0)), counts, strict=True)))
    return sums


def agreement_in(groups, direction):
    return consensus(groups)[0] if direction == Direction.SPLIT else agreement(groups, direction)


def with_votes(groups):
    return {name: counts for name, counts in groups.items() if any(counts)}


def verdict(agreed, differed):
    """What consensus and divergence come to, with the fixed limits; None is "cannot be measured"."""
    if agreed is None or differed is None:
        return Verdict.TOO_FEW
    if differed >= MARKED:
        return Verdict.APART
    return Verdict.STRONG if agreed >= STRONG else Verdict.MIXED


@dataclass(frozen=True)
class Measures:
    """All that is measured of one practice. Without two groups to compare, the verdict says so and the rest is empty."""

    direction: str = ""
    consensus: float | None = None
    divergence: float | None = None
    apart: str = ""
    stability: float | None = None
    verdict: str = Verdict.TOO_FEW


def measure(leaning, differing=None):
    """The Measures of groups. `differing` gives the counts for divergence, where they are read in another way."""
    leaning = {name: counts for name, counts in leaning.items() if name != NOT_RECORDED}
    differing = leaning if differing is None else {name: differing[name] for name in leaning}
    differed, furthest = divergence(differing)
    if differed is None:
        return Measures()
    agreed, direction = consensus(leaning)
    return Measures(
        direction=direction,
        consensus=agreed,
        divergence=differed,
        apart=furthest if differed >= MARKED else "",
        stability=stability(leaning, direction),
        verdict=verdict(agreed, differed),
    )


# Released rows: objects with group, base, keep, amplify, discard and create, a count of None being "fewer than 5".


def measure_released(rows):
    """The Measures of a practice from its released rows alone."""
    return measure(
        {row.group: counts_in_row(row) for row in rows}, {row.group: read_in_the_middle(row) for row in rows}
    )


def counts_in_row(row):
    """The counts of a released row, for lean and consensus: "fewer than 5" is an equal share of what the base leaves."""
    counts = shown_groups(row)
    banded = counts.count(None)
    left_over = row.base - sum(count for count in counts if count is not None)
    share = min(max(left_over / banded, 0), MOST_IN_BAND) if banded else 0
    return ChoiceCounts(*(share if count is None else count for count in counts))


def read_in_the_middle(row):
    """The counts of a released row, for divergence: every "fewer than 5" is 2, lest groups differ by rounding alone."""
    return ChoiceCounts(*(MIDDLE_OF_BAND if count is None else count for count in shown_groups(row)))


def shown_groups(row):
    return [row.keep, row.amplify, row.discard, row.create]


WANTED = {
    Direction.RETAIN: ("keep or build on", "keeping or building on it"),
    Direction.DISCARD: ("discard", "discarding it"),
    Direction.CREATE: ("create", "creating it"),
}


def headline(rows):
    """What a system leader would quote of a practice's released rows. Without rows, nothing."""
    if not rows:
        return ""
    wanted, told = what_voters_wanted(rows)
    services = {row.group: counts_in_row(row) for row in rows if row.group != NOT_RECORDED}
    return f"{told} {how_services_leaned(services, wanted)}".strip()


def what_voters_wanted(rows):
    """What more than half of all who voted wanted, or None, and the sentence that says what they wanted.

    The limits are held against the rounded numbers that the sentence shows, so that it never contradicts itself.
    """
    answers = [counts_in_row(row) for row in rows]
    voted, base = fsum(map(fsum, answers)), sum(row.base for row in rows)
    shares = {
        Direction.RETAIN: fsum(counts.keep + counts.amplify for counts in answers) / voted,
        Direction.DISCARD: fsum(counts.discard for counts in answers) / voted,
        Direction.CREATE: fsum(counts.create for counts in answers) / voted,
    }
    about = {way: nearest(shares[way] * base) for way in sorted(shares, key=shares.get, reverse=True)}
    wanted, *others = about
    share, verb = about[wanted] / base, WANTED[wanted][0]
    for limit, who in WHO_WORDS.items():
        if share >= limit and share > MORE_THAN_HALF:
            return wanted, f"{who} wanted to {verb} this (about {about[wanted]} of {base})."
    torn = "Those who voted were split" if share >= HALF else "No answer had a majority"
    listed = "".join(f", about {about[way]} wanted to {WANTED[way][0]} it" for way in others if about[way])
    return None, f"{torn}: about {about[wanted]} of {base} wanted to {verb} this{listed}."


def how_services_leaned(services, wanted):
    """Whether all services leaned the same way, and who was less sure. `wanted` is what most people wanted."""
    if len(services) < 2:
        return "There are not enough service areas to compare."
    _, direction = consensus(services)
    if direction == Direction.SPLIT:
        return ""
    pulls = {name: pull(counts, direction) for name, counts in sorted(services.items())}
    leaning = [name for name, value in pulls.items() if value > 0.5]
    others = [name for name in pulls if name not in leaning]
    unsure = [name for name in leaning if pulls[name] < MOST]
    number = apnumber(len(services))
    noun = "groups of services" if any(JOINT in name for name in services) else "services"
    way = "the same way" if wanted == direction else f"towards {WANTED[direction][1]}"
    if not leaning:
        return f"None of the {number} {noun} clearly leaned {way}."
    if others:
        sentence = (
            f"{apnumber(len(leaning)).capitalize()} of the {number} {noun} leaned {way}; {in_a_row(others)} did not"
        )
    else:
        sentence = f"{'Both' if len(services) == 2 else f'All {number}'} {noun} leaned {way}"
    if unsure and len(unsure) < len(leaning):
        sentence += f"; {in_a_row(unsure)} {'was' if len(unsure) == 1 else 'were'} less sure"
    return f"{sentence}."


def in_a_row(names):
    """Names inside a sentence: "early help, homelessness and community hubs"."""
    names = [in_sentence(name) for name in names]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def in_sentence(name):
    """A service area as a common noun; one that holds a capital further on, such as NHS, keeps them all."""
    parts = [part[:1].lower() + part[1:] if part[1:] == part[1:].lower() else part for part in name.split(JOINT)]
    return JOINT.join(parts)


def nearest(number):
    """To the nearest 5, a half upwards."""
    return STEP * int((number + STEP / 2) // STEP)
