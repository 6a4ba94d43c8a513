"""What readers see of votes: released rows and what is derived from them, never a single vote."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.humanize.templatetags.humanize import apnumber
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from insights.choices import Verdict
from insights.models import Release, ReleasedGroup, ReleasedPractice
from insights.votes import measures
from workshops.choices import Choice, Status
from workshops.models import Practice, Programme


def of_programme(practices: QuerySet[Practice], programme: Programme) -> QuerySet[Practice]:
    """Practices drawn from a programme's stories or notes, or whose votes it released. Unreleased votes do not count."""
    return practices.filter(belongs_to(Programme.objects.filter(pk=programme.pk)))


def for_page(practices: QuerySet[Practice]) -> QuerySet[Practice]:
    """With all that a page shows, and `illustrative`: whether the practice belongs to an invented programme."""
    invented = belongs_to(Programme.objects.filter(illustrative=True))
    return (
        practices.annotate(illustrative=Exists(Practice.objects.filter(invented, pk=OuterRef("pk"))))
        .select_related("released__release")
        .prefetch_related(
            "service_areas", "themes", Prefetch("released_groups", ReleasedGroup.objects.order_by("group"))
        )
    )


def belongs_to(programmes: QuerySet[Programme]) -> Q:
    """The condition that a practice comes from one of these programmes, or was released by one."""
    stories = Practice.stories.through.objects.filter(story__workshop__phase__programme__in=programmes)
    notes = Practice.objects.filter(notes__workshop__phase__programme__in=programmes)
    return (
        Q(pk__in=stories.values("practice"))
        | Q(pk__in=notes.values("pk"))
        | Q(released__release__programme__in=programmes)
    )


@dataclass
class BarPiece:
    """One choice in a group's bar. `left` and `width` are per cent of the bar; a `count` of None is "fewer than 5"."""

    choice: Choice
    count: int | None
    left: float
    width: float

    @property
    def middle(self) -> float:
        return round(self.left + self.width / 2, 2)

    @property
    def room(self) -> str:
        """What fits into the piece: "number", "word" for word and number, or nothing."""
        if self.count is None or self.width < 5:
            return ""
        return "word" if self.width >= 13 else "number"


HALF, GAP = 49, 1
"""Per cent of the width: one side of the bar, and the gap before those who would create."""


def bar_pieces(row: ReleasedGroup) -> list[BarPiece]:
    """A row's bar: discard to the left of the middle, keep and amplify to its right, then a gap and create."""
    counts = measures.counts_in_row(row)
    parts = {choice: HALF * getattr(counts, choice) / sum(counts) for choice in Choice}
    left = {
        Choice.DISCARD: 50 - parts[Choice.DISCARD],
        Choice.KEEP: 50,
        Choice.AMPLIFY: 50 + parts[Choice.KEEP],
        Choice.CREATE: 50 + parts[Choice.KEEP] + parts[Choice.AMPLIFY] + GAP,
    }
    return [
        BarPiece(choice, getattr(row, choice), round(left[choice], 2), round(parts[choice], 2))
        for choice in left
        if parts[choice]
    ]


class Results:
    """The released results of one practice from `for_page()`, as a page shows them."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice
        self.measures: ReleasedPractice | None = getattr(practice, "released", None)

    @cached_property
    def rows(self) -> list[ReleasedGroup]:
        rows = self.practice.released_groups.all()
        return sorted(rows, key=lambda row: (row.group == measures.NOT_RECORDED, row.group))

    @property
    def release(self) -> Release | None:
        return self.measures.release if self.measures else None

    @property
    def headline(self) -> str:
        return measures.headline(self.rows)

    @property
    def bars(self) -> list[tuple[ReleasedGroup, list[BarPiece]]]:
        return [(row, bar_pieces(row)) for row in self.rows]

    @property
    def is_measured(self) -> bool:
        return self.measures is not None and self.measures.consensus is not None

    @property
    def hands(self) -> str:
        """How many hands the rows count: "about 25 in early help, fewer than 5 in homelessness"."""
        return ", ".join(hands_in_words(row) for row in self.rows if row.hands != 0)

    @property
    def in_words(self) -> list[str]:
        """The measures in words: agreement, difference between services, steadiness."""
        if not self.measures or self.measures.consensus is None or self.measures.stability is None:
            return []
        strong = self.measures.consensus >= measures.STRONG
        said = [_("Agreement: strong") if strong else _("Agreement: not strong")]
        if self.measures.apart:
            said.append(_("Difference between services: marked"))
            said.append(_("%(service)s stands apart") % {"service": self.measures.apart})
        else:
            said.append(_("Difference between services: small"))
        if strong and self.measures.stability >= measures.STRONG:
            said.append(_("Steady without any one service"))
        elif strong:
            said.append(_("Not steady: strong only with every service"))
        return said


def hands_in_words(row: ReleasedGroup) -> str:
    group = measures.in_sentence(row.group)
    if row.hands is None:
        return _("fewer than 5 in %(group)s") % {"group": group}
    return _("about %(count)s in %(group)s") % {"count": row.hands, "group": group}


@dataclass
class Summary:
    """Whether people agree across services: how many released practices have each verdict, and who stands apart."""

    verdicts: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.practices = self.verdicts.total()
        self.strong = self.verdicts[Verdict.STRONG]
        self.differ = self.verdicts[Verdict.APART]
        self.mixed = self.verdicts[Verdict.MIXED]
        self.not_compared = self.verdicts[Verdict.TOO_FEW]

    @property
    def furthest(self) -> str:
        """Who stands apart most often: "Homelessness stands apart most often, on two of them"."""
        if not self.apart:
            return ""
        most = max(self.apart.values())
        names = sorted(name for name, count in self.apart.items() if count == most)
        if len(names) > 1:
            together = measures.in_a_row(names)
            words = {"names": f"{together[:1].upper()}{together[1:]}", "count": apnumber(most)}
            return _("%(names)s stand apart, on %(count)s each") % words
        words = {"name": names[0], "count": apnumber(most)}
        if most < self.differ:
            return _("%(name)s stands apart most often, on %(count)s of them") % words
        return (_("%(name)s stands apart there") if most == 1 else _("%(name)s stands apart each time")) % words


def summarise_results(programme: Programme | None = None) -> Summary:
    """The Summary of the released results of published practices, all or those of one programme."""
    released = ReleasedPractice.objects.filter(practice__status=Status.PUBLISHED)
    if programme:
        released = released.filter(release__programme=programme)
    found = list(released.order_by().values_list("verdict", "apart"))
    return Summary(Counter(verdict for verdict, _ in found), Counter(apart for _, apart in found if apart))


def most_agreed(practices: QuerySet[Practice]) -> Practice | None:
    """The practice on which the services agree most strongly, from `for_page()`; or None."""
    strong = for_page(practices).filter(released__verdict=Verdict.STRONG)
    return strong.order_by("-released__consensus", "ref").first()
