"""What readers see of votes: released rows and what is derived from them, never a single vote."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.humanize.templatetags.humanize import apnumber
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _

from insights.choices import Direction, Verdict
from insights.models import Release, ReleasedGroup, ReleasedPractice
from insights.votes import sentences
from insights.votes.ranges import FEW, NOT_RECORDED, CountRange, GroupRanges
from insights.votes.shares import ShareRange, share_range, shown_way
from workshops.models import Practice, Programme


def of_programme(practices: QuerySet[Practice], programme: Programme) -> QuerySet[Practice]:
    """Practices drawn from a programme's stories or notes, or whose votes it released. Unreleased votes do not count."""
    return practices.filter(belongs_to(Programme.objects.filter(pk=programme.pk)))


def for_page(practices: QuerySet[Practice], programme: Programme | None = None) -> QuerySet[Practice]:
    """With all that a page shows: `current_results`, of one programme or of all, each with its groups.

    `illustrative` says whether the practice belongs to an invented programme.
    """
    invented = belongs_to(Programme.objects.filter(illustrative=True))
    return practices.annotate(
        illustrative=Exists(Practice.objects.filter(invented, pk=OuterRef("pk")))
    ).prefetch_related(
        "service_areas", "themes", Prefetch("results", current_results(programme), to_attr="current_results")
    )


def current_results(programme: Programme | None = None) -> QuerySet[ReleasedPractice]:
    results = ReleasedPractice.objects.current().select_related("release", "programme").prefetch_related("groups")
    results = results.order_by("programme__started", "programme__slug")
    return results.filter(programme=programme) if programme else results


def belongs_to(programmes: QuerySet[Programme]) -> Q:
    """The condition that a practice comes from one of these programmes, or was released by one."""
    stories = Practice.stories.through.objects.filter(story__workshop__phase__programme__in=programmes)
    notes = Practice.objects.filter(notes__workshop__phase__programme__in=programmes)
    released = ReleasedPractice.objects.current().filter(programme__in=programmes)
    return Q(pk__in=stories.values("practice")) | Q(pk__in=notes.values("pk")) | Q(pk__in=released.values("practice"))


VERDICT_PLACE = Case(*(When(verdict=verdict, then=Value(place)) for place, verdict in enumerate(Verdict)), default=None)
DIRECTION_PLACE = Case(
    *(When(direction=direction, then=Value(place)) for place, direction in enumerate(Direction)), default=None
)
BY_AGREEMENT = {"verdict_place": VERDICT_PLACE, "least_share": F("least_share")}
ORDERS = {
    "agreement": ["verdict_place", "-least_share"],
    "difference": ["-gap", "verdict_place"],
    "direction": ["direction_place", "verdict_place", "-least_share"],
    "voters": ["-voters_high", "verdict_place", "-least_share"],
}
"""The orders of practices, each by what was released of them: what agrees most first, and so on. The same on every page."""


def in_order(practices: QuerySet[Practice], order: str, programme: Programme | None = None) -> QuerySet[Practice]:
    """Practices in one of ORDERS, by the result of a programme, or else by the first result each has."""
    result = ReleasedPractice.objects.current().filter(practice=OuterRef("pk"))
    if programme:
        result = result.filter(programme=programme)
    result = result.annotate(verdict_place=VERDICT_PLACE, direction_place=DIRECTION_PLACE)
    result = result.order_by("programme__started", "programme__slug")
    keys = [key.lstrip("-") for key in ORDERS[order]]
    practices = practices.alias(**{f"order_{key}": Subquery(result.values(key)[:1]) for key in keys})
    by = [
        F(f"order_{key[1:]}").desc(nulls_last=True) if key[0] == "-" else F(f"order_{key}").asc(nulls_last=True)
        for key in ORDERS[order]
    ]
    return practices.order_by(*by, "statement", "ref")


def group_ranges(row: ReleasedGroup) -> GroupRanges:
    return GroupRanges(CountRange(*row.base), *(CountRange(*between) for _choice, between in row.counts))


class ResultPanel:
    """One released result as a page shows it."""

    def __init__(self, result: ReleasedPractice) -> None:
        self.result = result

    @cached_property
    def rows(self) -> list[ReleasedGroup]:
        """The groups by name, voters without a recorded service last."""
        return sorted(self.result.groups.all(), key=lambda row: (row.group == NOT_RECORDED, row.group))

    @cached_property
    def ranges(self) -> dict[str, GroupRanges]:
        return {row.group: group_ranges(row) for row in self.rows}

    @property
    def release(self) -> Release:
        return self.result.release

    @property
    def headline(self) -> str:
        return sentences.headline(self.result)

    @property
    def not_shown(self) -> list[str]:
        return sentences.who_is_not_shown(self.result)

    @property
    def correction(self) -> str:
        return sentences.correction_note(self.result)

    @cached_property
    def way(self) -> Direction | None:
        """The way whose shares are drawn: the one that most chose."""
        if self.result.direction and self.result.direction != Direction.SPLIT:
            return Direction(self.result.direction)
        return shown_way(self.ranges)

    @property
    def shares(self) -> list[tuple[ReleasedGroup, ShareRange]]:
        """(group, the range of its share in `way`) for each row."""
        way = self.way
        return [(row, share_range(self.ranges[row.group], way)) for row in self.rows] if way else []

    @property
    def hands(self) -> str:
        """How many hands the rows count: "about 25 in early help, fewer than 5 in homelessness"."""
        counted = [row for row in self.rows if row.hands[0] > 0]
        return ", ".join(
            _("%(count)s in %(group)s")
            % {"count": range_in_words(row.hands), "group": sentences.name_in_sentence(row.group)}
            for row in counted
        )


def panels_of(practice: Practice) -> list[ResultPanel]:
    """The panels of a practice from `for_page()`."""
    return [ResultPanel(result) for result in practice.current_results]  # type: ignore[attr-defined]


def range_in_words(between: Sequence[int]) -> str:
    """A released count as it is said: "about 15", or "fewer than 5"."""
    low, high = between
    if high <= FEW:
        return _("fewer than 5")
    return _("about %(count)s") % {"count": (low + high) // 2}


@dataclass
class Summary:
    """Whether people agree across services: how many released results have each verdict, and who stands apart."""

    verdicts: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.practices = self.verdicts.total()
        self.agree = self.verdicts[Verdict.AGREE]
        self.differ = self.verdicts[Verdict.DIFFER]
        self.mixed = self.verdicts[Verdict.MIXED]
        self.not_compared = self.verdicts[Verdict.NOT_COMPARED] + self.verdicts[""]

    @property
    def furthest(self) -> str:
        """Who stands apart most often: "Homelessness stands apart most often, on two of them"."""
        if not self.apart:
            return ""
        most = max(self.apart.values())
        names = sorted(name for name, count in self.apart.items() if count == most)
        if len(names) > 1:
            words = {"names": sentences.at_the_start(sentences.in_a_row(names)), "count": apnumber(most)}
            return _("%(names)s stand apart, on %(count)s each") % words
        words = {"name": names[0], "count": apnumber(most)}
        if most < self.differ:
            return _("%(name)s stands apart most often, on %(count)s of them") % words
        return (_("%(name)s stands apart there") if most == 1 else _("%(name)s stands apart each time")) % words


def summarise_results(programme: Programme | None = None) -> Summary:
    """The Summary of the released results of published practices, all or those of one programme."""
    released = ReleasedPractice.objects.published()
    if programme:
        released = released.filter(programme=programme)
    found = list(released.order_by().values_list("verdict", "less", "more"))
    apart = Counter(name for _verdict, less, more in found for name in {*less, *more})
    return Summary(Counter(verdict for verdict, _less, _more in found), apart)


def most_agreed(practices: QuerySet[Practice]) -> Practice | None:
    """The practice on which the services agree most, the first of the order by agreement; None where none agree."""
    first = in_order(for_page(practices), "agreement").first()
    agreed = first and any(panel.result.verdict == Verdict.AGREE for panel in panels_of(first))
    return first if agreed else None
