"""How far groups agree on a practice, where they differ, and the sentence that says so. Pure functions.

A group's counts are four numbers of 0 or more: keep, amplify, discard, create (k, a, d, c; their sum is n).
`groups` is {name: counts}. Groups weigh equally, whatever their size, so that the largest service does not speak
for all. A group in which nobody voted is left out: silence is neither agreement nor difference.
Sums are exact (`fsum`), so that the order of groups changes no digit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, fsum, isclose, log, log2
from typing import NamedTuple, Protocol

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from insights.choices import Direction, Verdict

NOT_RECORDED = "Not recorded"  # not translated: a value in the database and in files
"""The group of voters whose service area is unknown. It is shown but, unless merged, not measured."""
JOINT = " + "
"""Separates the names of groups that were merged."""

STRONG = 0.75
MARKED = 0.10
NEARLY_EVERYONE, MOST, MORE_THAN_HALF, HALF = 0.90, 0.70, 0.55, 0.45
DIRECTIONS = (Direction.RETAIN, Direction.DISCARD, Direction.CREATE)
STEP = 5
MAX_IN_BAND, MIDDLE_OF_BAND = 4, 2


class ChoiceCounts(NamedTuple):
    """How many voters of a group chose what; fractions where a count is estimated."""

    keep: float
    amplify: float
    discard: float
    create: float


Groups = Mapping[str, ChoiceCounts]
"""{group's name: its counts}"""


class ReleasedRow(Protocol):
    """What the measures read of a ReleasedGroup. A count of None is "fewer than 5"."""

    group: str
    base: int
    keep: int | None
    amplify: int | None
    discard: int | None
    create: int | None


def lean(counts: ChoiceCounts) -> float:
    """p = (k + a + ½) / (k + a + d + 1): of those who spoke of the practice as it is, the share who want it.

    From above 0 to below 1; ½ if nobody did. Create is kept out: it speaks of what does not exist yet. The ½ is
    Jeffreys' prior for a proportion (Brown, Cai and DasGupta 2001, Statistical Science 16:2).
    """
    keep, amplify, discard, _ = counts
    return (keep + amplify + 0.5) / (keep + amplify + discard + 1)


def pull(counts: ChoiceCounts, direction: str) -> float:
    """How far one group goes in a direction: p to retain, 1 − p to discard, (c + ½) / (n + 1) to create."""
    if direction == Direction.CREATE:
        return (counts[3] + 0.5) / (fsum(counts) + 1)
    p = lean(counts)
    return p if direction == Direction.RETAIN else 1 - p


def agreement(groups: Groups, direction: str) -> float:
    """The geometric mean of the groups' pulls in one direction: one group that holds back lowers it for all.

    From above 0 to below 1. Needs at least one group with votes. After Polis' group-informed consensus (Small and
    others 2021, "Polis: scaling deliberation", RECERCA 26:2), which multiplies; the mean does not shrink with the
    number of groups.
    """
    return exp(fsum(log(pull(counts, direction)) for counts in groups.values()) / len(groups))


def consensus(groups: Groups) -> tuple[float, Direction] | tuple[None, None]:
    """The largest agreement and its direction, as (number, Direction); a tie is split. (None, None) without votes."""
    groups = with_votes(groups)
    if not groups:
        return None, None
    found = {direction: agreement(groups, direction) for direction in DIRECTIONS}
    best = max(found.values())
    directions = [direction for direction, value in found.items() if isclose(value, best)]
    return best, directions[0] if len(directions) == 1 else Direction.SPLIT


def divergence(groups: Groups) -> tuple[float | None, str]:
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


def stability(groups: Groups, direction: str) -> float | None:
    """The smallest agreement in this direction when any one group is left out. None with fewer than two groups.

    For a split, in whichever of the directions is then the strongest.
    """
    groups = with_votes(groups)
    if len(groups) < 2:
        return None
    return min(
        agreement_in({name: groups[name] for name in groups if name != left_out}, direction) for left_out in groups
    )


def stability_by_workshop(workshops: Mapping[str, Groups], direction: str) -> dict[str, float | None]:
    """The agreement in this direction when each workshop is left out, as {workshop: number or None}.

    `workshops` is {workshop: {group: counts}}. None where fewer than two groups are left to compare.
    """
    found = {}
    for left_out in workshops:
        rest = with_votes(together(groups for workshop, groups in workshops.items() if workshop != left_out))
        rest.pop(NOT_RECORDED, None)
        found[left_out] = agreement_in(rest, direction) if len(rest) > 1 else None
    return found


def together(workshops: Iterable[Groups]) -> dict[str, ChoiceCounts]:
    """The groups of several workshops, added up."""
    sums: dict[str, ChoiceCounts] = {}
    for groups in workshops:
        for name, counts in groups.items():
            sums[name] = ChoiceCounts(*(a + b for a, b in zip(sums.get(name, (0, 0, 0, 0)), counts, strict=True)))
    return sums


def agreement_in(groups: Groups, direction: str) -> float:
    """The agreement in this direction; for a split, in the strongest. Needs at least one group with votes."""
    if direction != Direction.SPLIT:
        return agreement(groups, direction)
    return max(agreement(groups, way) for way in DIRECTIONS)


def with_votes(groups: Groups) -> dict[str, ChoiceCounts]:
    return {name: counts for name, counts in groups.items() if any(counts)}


def verdict(agreed: float | None, differed: float | None) -> Verdict:
    """What consensus and divergence come to, with the fixed limits; None is "cannot be measured"."""
    if agreed is None or differed is None:
        return Verdict.TOO_FEW
    if differed >= MARKED:
        return Verdict.APART
    return Verdict.STRONG if agreed >= STRONG else Verdict.MIXED


@dataclass(frozen=True)
class Measures:
    """What is measured of one practice. Without two groups to compare, the verdict says so and the rest is empty."""

    direction: str = ""
    consensus: float | None = None
    divergence: float | None = None
    apart: str = ""
    stability: float | None = None
    verdict: str = Verdict.TOO_FEW


def measure(leaning: Groups, differing: Groups | None = None) -> Measures:
    """The Measures of groups. `differing` gives the counts for divergence, where they are read in another way."""
    leaning = {name: counts for name, counts in leaning.items() if name != NOT_RECORDED}
    differing = leaning if differing is None else {name: differing[name] for name in leaning}
    differed, furthest = divergence(differing)
    agreed, direction = consensus(leaning)
    if differed is None or direction is None:
        return Measures()
    return Measures(
        direction=direction,
        consensus=agreed,
        divergence=differed,
        apart=furthest if differed >= MARKED else "",
        stability=stability(leaning, direction),
        verdict=verdict(agreed, differed),
    )


def measure_released(rows: Iterable[ReleasedRow]) -> Measures:
    """The Measures of a practice from its released rows alone."""
    return measure(
        {row.group: counts_in_row(row) for row in rows}, {row.group: read_in_the_middle(row) for row in rows}
    )


def counts_in_row(row: ReleasedRow) -> ChoiceCounts:
    """A released row's counts, for lean and consensus: "fewer than 5" is an equal share of what the base leaves."""
    counts = shown_counts(row)
    banded = counts.count(None)
    left_over = row.base - sum(count for count in counts if count is not None)
    share = min(max(left_over / banded, 0), MAX_IN_BAND) if banded else 0
    return ChoiceCounts(*(share if count is None else count for count in counts))


def read_in_the_middle(row: ReleasedRow) -> ChoiceCounts:
    """A released row's counts, for divergence: "fewer than 5" is 2, so that groups do not differ by rounding alone."""
    return ChoiceCounts(*(MIDDLE_OF_BAND if count is None else count for count in shown_counts(row)))


def shown_counts(row: ReleasedRow) -> list[int | None]:
    return [row.keep, row.amplify, row.discard, row.create]


WANTED = {
    Direction.RETAIN: {
        NEARLY_EVERYONE: _("Nearly everyone who voted wanted to keep or build on this (about %(about)s of %(base)s)."),
        MOST: _("Most people who voted wanted to keep or build on this (about %(about)s of %(base)s)."),
        MORE_THAN_HALF: _(
            "More than half of those who voted wanted to keep or build on this (about %(about)s of %(base)s)."
        ),
    },
    Direction.DISCARD: {
        NEARLY_EVERYONE: _("Nearly everyone who voted wanted to discard this (about %(about)s of %(base)s)."),
        MOST: _("Most people who voted wanted to discard this (about %(about)s of %(base)s)."),
        MORE_THAN_HALF: _("More than half of those who voted wanted to discard this (about %(about)s of %(base)s)."),
    },
    Direction.CREATE: {
        NEARLY_EVERYONE: _("Nearly everyone who voted wanted to create this (about %(about)s of %(base)s)."),
        MOST: _("Most people who voted wanted to create this (about %(about)s of %(base)s)."),
        MORE_THAN_HALF: _("More than half of those who voted wanted to create this (about %(about)s of %(base)s)."),
    },
}
"""The sentence for each direction, by the least share of voters that it needs."""
ABOUT_FIRST = {
    Direction.RETAIN: _("about %(about)s of %(base)s wanted to keep or build on this"),
    Direction.DISCARD: _("about %(about)s of %(base)s wanted to discard this"),
    Direction.CREATE: _("about %(about)s of %(base)s wanted to create this"),
}
ABOUT_OTHERS = {
    Direction.RETAIN: _("about %(about)s wanted to keep or build on it"),
    Direction.DISCARD: _("about %(about)s wanted to discard it"),
    Direction.CREATE: _("about %(about)s wanted to create it"),
}
TOWARDS = {
    Direction.RETAIN: _("towards keeping or building on it"),
    Direction.DISCARD: _("towards discarding it"),
    Direction.CREATE: _("towards creating it"),
}


def headline(rows: Sequence[ReleasedRow]) -> str:
    """What a system leader would quote of a practice's released rows. Without rows, nothing."""
    if not rows:
        return ""
    wanted, told = what_voters_wanted(rows)
    services = {row.group: counts_in_row(row) for row in rows if row.group != NOT_RECORDED}
    return f"{told} {how_services_leaned(services, wanted)}".strip()


def what_voters_wanted(rows: Sequence[ReleasedRow]) -> tuple[Direction | None, str]:
    """What more than half of all who voted wanted, or None, and the sentence that says what they wanted.

    The limits are compared with the rounded numbers that the sentence shows, so that it never contradicts itself.
    """
    answers = [counts_in_row(row) for row in rows]
    voted, base = fsum(map(fsum, answers)), sum(row.base for row in rows)
    shares = {
        Direction.RETAIN: fsum(counts.keep + counts.amplify for counts in answers) / voted,
        Direction.DISCARD: fsum(counts.discard for counts in answers) / voted,
        Direction.CREATE: fsum(counts.create for counts in answers) / voted,
    }
    about = {way: nearest(shares[way] * base) for way in sorted(shares, key=lambda way: shares[way], reverse=True)}
    wanted, *others = about
    share = about[wanted] / base
    for limit, sentence in WANTED[wanted].items():
        if share >= limit and share > MORE_THAN_HALF:
            return wanted, sentence % {"about": about[wanted], "base": base}
    listed = [ABOUT_FIRST[wanted] % {"about": about[wanted], "base": base}]
    listed += [ABOUT_OTHERS[way] % {"about": about[way]} for way in others if about[way]]
    if share >= HALF:
        return None, gettext("Those who voted were split: %(answers)s.") % {"answers": ", ".join(listed)}
    return None, gettext("No answer had a majority: %(answers)s.") % {"answers": ", ".join(listed)}


def how_services_leaned(services: Groups, wanted: Direction | None) -> str:
    """Whether all services leaned the same way, and who was less sure. `wanted` is what most people wanted."""
    if len(services) < 2:
        return gettext("There are not enough service areas to compare.")
    _agreed, direction = consensus(services)
    if direction is None or direction == Direction.SPLIT:
        return ""
    pulls = {name: pull(counts, direction) for name, counts in sorted(services.items())}
    leaning = [name for name, value in pulls.items() if value > 0.5]
    others = [name for name in pulls if name not in leaning]
    unsure = [name for name in leaning if pulls[name] < MOST]
    way = gettext("the same way") if wanted == direction else str(TOWARDS[direction])
    compared = services_in_words(services)
    if not leaning:
        return gettext("None of the %(services)s clearly leaned %(way)s.") % {"services": compared, "way": way}
    if others:
        sentence = gettext("%(number)s of the %(services)s leaned %(way)s; %(names)s did not") % {
            "number": str(apnumber(len(leaning))).capitalize(),
            "services": compared,
            "way": way,
            "names": in_a_row(others),
        }
    elif len(services) > 2:
        sentence = gettext("All %(services)s leaned %(way)s") % {"services": compared, "way": way}
    elif are_merged(services):
        sentence = gettext("Both groups of services leaned %(way)s") % {"way": way}
    else:
        sentence = gettext("Both services leaned %(way)s") % {"way": way}
    if not unsure or len(unsure) == len(leaning):
        return f"{sentence}."
    less_sure = ngettext(
        "%(sentence)s; %(names)s was less sure.", "%(sentence)s; %(names)s were less sure.", len(unsure)
    )
    return less_sure % {"sentence": sentence, "names": in_a_row(unsure)}


def services_in_words(services: Groups) -> str:
    """Such as "four services", or "two groups of services" where some were merged."""
    count = len(services)
    if are_merged(services):
        words = ngettext("%(number)s group of services", "%(number)s groups of services", count)
    else:
        words = ngettext("%(number)s service", "%(number)s services", count)
    return words % {"number": apnumber(count)}


def are_merged(services: Groups) -> bool:
    return any(JOINT in name for name in services)


def in_a_row(names: Iterable[str]) -> str:
    """Names inside a sentence: "early help, homelessness and community hubs"."""
    return get_text_list([in_sentence(name) for name in names], gettext("and"))


def in_sentence(name: str) -> str:
    """A service area as a common noun; a name with a capital further on, such as NHS, keeps all its capitals."""
    parts = [part[:1].lower() + part[1:] if part[1:] == part[1:].lower() else part for part in name.split(JOINT)]
    return JOINT.join(parts)


def nearest(number: float) -> int:
    """To the nearest 5, a half upwards."""
    return STEP * int((number + STEP / 2) // STEP)
