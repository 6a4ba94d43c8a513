"""What readers see of votes: released rows and what is derived from them, never a single vote."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.humanize.templatetags.humanize import apnumber
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from insights.choices import Direction, Verdict
from insights.models import Release, ReleasedGroup, ReleasedPractice
from insights.votes import sentences
from insights.votes.pictures import Lane, VoteBar, group_ranges, height_of
from insights.votes.ranges import JOINT, NOT_RECORDED, GroupRanges, names_in, services_of
from insights.votes.shares import share_range, shown_way
from workshops.models import Practice, Programme, ServiceArea
from workshops.models.shared import SharedQuerySet


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
        "service_areas",
        "themes",
        "spellings",
        Prefetch("results", current_results(programme), to_attr="current_results"),
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


class ResultPanel:
    """One released result as a page shows it; `service` is the name of the service area that was asked for."""

    def __init__(self, result: ReleasedPractice, service: str = "") -> None:
        self.result, self.service = result, service

    @cached_property
    def rows(self) -> list[ReleasedGroup]:
        """The groups by name, that of the service asked for first, voters without a recorded service last."""
        return sorted(
            [] if self.result.is_taken_back else self.result.groups.all(),
            key=lambda row: (not self.holds_service(row), row.group == NOT_RECORDED, row.group),
        )

    def holds_service(self, row: ReleasedGroup) -> bool:
        return bool(self.service) and self.service in names_in(row.group)

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
    def people(self) -> list[str]:
        """Sentences on who voted, who is shown only with others, and from where nobody voted."""
        if self.result.is_taken_back:
            return []
        return [*sentences.who_voted(self.result), *sentences.who_is_not_shown(self.result)]

    @property
    def what_service_said(self) -> str:
        return sentences.what_service_said(self.result, self.service) if self.service else ""

    @property
    def correction(self) -> str:
        return sentences.correction_note(self.result)

    @cached_property
    def way(self) -> Direction | None:
        """The way whose shares are drawn: the one that most chose."""
        if self.result.direction and self.result.direction != Direction.SPLIT:
            return Direction(self.result.direction)
        return shown_way(services_of(self.ranges) or self.ranges)

    @property
    def leads(self) -> bool:
        """Whether the way that is drawn came clearly first; else the picture only shows where it lies."""
        return bool(self.result.direction) and self.result.direction == self.way

    @property
    def way_in_words(self) -> str:
        """What the picture draws: those who wanted this, of 100."""
        return sentences.way_in_words(self.way, self.result.direction) if self.way else ""

    @property
    def verdict(self) -> str:
        return sentences.verdict_in_short(self.result)

    @property
    def apart(self) -> list[str]:
        return sentences.apart_in_short(self.result)

    @property
    def statement_then(self) -> str:
        """The words people voted on, where the practice is worded otherwise today."""
        return self.result.statement if self.result.statement != self.result.practice.statement else ""

    @property
    def bars(self) -> list[VoteBar]:
        return [VoteBar(row, self.ranges[row.group], self.holds_service(row)) for row in self.rows]

    @property
    def lanes(self) -> list[Lane]:
        """What the picture of all practices draws of this result, one lane a group."""
        way, apart = self.way, {*self.result.less, *self.result.more}
        return [
            Lane(
                row.group, share_range(self.ranges[row.group], way), row.group in apart, self.holds_service(row), place
            )
            for place, row in enumerate(self.rows)
            if way
        ]

    @property
    def picture_height(self) -> int:
        return height_of(len(self.rows))

    @property
    def hands(self) -> str:
        """How many hands the rows count: "about 25 in early help, all but fewer than 5 in homelessness"."""
        counted = [row for row in self.rows if row.hands[0] > 0]
        return ", ".join(
            _("%(count)s in %(group)s")
            % {
                "count": sentences.count_in_words(row.hands, row.base),
                "group": sentences.name_in_sentence(row.group),
            }
            for row in counted
        )


def panels_of(practice: Practice, service: str = "") -> list[ResultPanel]:
    """The panels of a practice from `for_page()`."""
    return [ResultPanel(result, service) for result in practice.current_results]  # type: ignore[attr-defined]


def groups_of_all(rows: Iterable[tuple[Practice, Sequence[ResultPanel]]]) -> tuple[str, ...]:
    """The groups that every result shows, from top to bottom; empty where results show different ones."""
    found = {tuple(row.group for row in panel.rows) for _practice, panels in rows for panel in panels if panel.rows}
    return found.pop() if len(found) == 1 else ()


@dataclass
class Summary:
    """Whether people agree across services: how many released results have each verdict, and who stands apart.

    `practices` may be fewer than the results: a practice has one for each programme that voted on it.
    """

    verdicts: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)
    practices: int = 0
    taken_back: int = 0
    by_first_rule: int = 0

    def __post_init__(self) -> None:
        self.results = self.verdicts.total() + self.taken_back + self.by_first_rule
        self.agree = self.verdicts[Verdict.AGREE]
        self.differ = self.verdicts[Verdict.DIFFER]
        self.mixed = self.verdicts[Verdict.MIXED]
        self.not_compared = self.verdicts[Verdict.NOT_COMPARED] + self.verdicts[""]

    @property
    def compared(self) -> int:
        return self.agree + self.differ + self.mixed

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
        words = {"name": sentences.at_the_start(sentences.name_in_sentence(names[0])), "count": apnumber(most)}
        if most < self.differ:
            return _("%(name)s stands apart most often, on %(count)s of them") % words
        return (_("%(name)s stands apart there") if most == 1 else _("%(name)s stands apart each time")) % words


def summarise_results(programme: Programme | None = None) -> Summary:
    """The Summary of the released results of published practices, all or those of one programme."""
    released = ReleasedPractice.objects.published()
    if programme:
        released = released.filter(programme=programme)
    found = list(released.order_by().only("practice", "verdict", "less", "more", "is_taken_back", "is_by_first_rule"))
    judged = [result for result in found if not result.is_taken_back and not result.is_by_first_rule]
    return Summary(
        Counter(result.verdict for result in judged),
        Counter(name for result in judged for name in {*result.less, *result.more}),
        practices=len({result.practice_id for result in found}),
        taken_back=sum(result.is_taken_back for result in found),
        by_first_rule=sum(result.is_by_first_rule and not result.is_taken_back for result in found),
    )


def attendance_in_words(programme: Programme | None = None) -> list[str]:
    """How many of those who were in the rooms voted, as the last release of each programme had it, in a sentence each."""
    releases = Release.objects.filter(voted_low__isnull=False).select_related("programme").order_by("pk")
    if programme:
        releases = releases.filter(programme=programme)
    last = {release.programme: release for release in releases}
    return [sentences.who_was_there(release, with_programme=len(last) > 1) for release in last.values()]


def most_agreed(practices: QuerySet[Practice]) -> Practice | None:
    """The practice on which the services agree most, the first of the order by agreement; None where none agree."""
    agreed = {"order_verdict_place": list(Verdict).index(Verdict.AGREE)}
    return for_page(in_order(practices, "agreement").filter(**agreed)).first()


def on_which_service_was_asked(practices: QuerySet[Practice], area: ServiceArea) -> QuerySet[Practice]:
    """Practices that speak of a service area, or whose released results name it: in a row, or as silent."""
    speaks = Practice.service_areas.through.objects.filter(servicearea=area)
    shown = names_one_of(ReleasedGroup.objects.published(), "group", area.name, JOINT)
    silent = names_one_of(ReleasedPractice.objects.published(), "silent", area.name, "\n")
    return practices.filter(
        Q(pk__in=speaks.values("practice"))
        | Q(pk__in=shown.values("result__practice"))
        | Q(pk__in=silent.values("practice"))
    )


def names_one_of(rows: SharedQuerySet, column: str, name: str, between: str) -> SharedQuerySet:
    """Rows with this very name among those that a column holds, parted by what no name holds."""
    whole = Concat(Value(between), Cast(F(column), TextField()), Value(between), output_field=TextField())
    return rows.alias(all_names=whole).filter(all_names__contains=between + name + between).order_by()
