"""What readers are shown of votes: released rows, what is derived from them, and nothing that asks for a vote."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.humanize.templatetags.humanize import apnumber
from django.db.models import Exists, OuterRef, Prefetch, Q

from insights.choices import Verdict
from insights.models import ReleasedGroup, ReleasedPractice
from insights.votes import measures
from workshops.choices import Choice, Status
from workshops.models import Practice, Programme


def of_programme(practices, programme):
    """Those drawn from a programme's stories or notes, or whose votes it released. Unreleased votes tell nothing."""
    return practices.filter(belongs_to(Programme.objects.filter(pk=programme.pk)))


def for_page(practices):
    """With all that a page shows, and `illustrative`: whether it belongs to an invented programme."""
    invented = belongs_to(Programme.objects.filter(illustrative=True))
    return (
        practices.annotate(illustrative=Exists(Practice.objects.filter(invented, pk=OuterRef("pk"))))
        .select_related("released__release")
        .prefetch_related(
            "service_areas", "themes", Prefetch("released_groups", ReleasedGroup.objects.order_by("group"))
        )
    )


def belongs_to(programmes):
    stories = Practice.stories.through.objects.filter(story__workshop__phase__programme__in=programmes)
    notes = Practice.objects.filter(notes__workshop__phase__programme__in=programmes)
    return (
        Q(pk__in=stories.values("practice"))
        | Q(pk__in=notes.values("pk"))
        | Q(released__release__programme__in=programmes)
    )


@dataclass
class BarPiece:
    """One choice in a group's bar. Places and widths are per cent of the bar; `count` None is "fewer than 5"."""

    choice: Choice
    count: int | None
    left: float
    width: float

    @property
    def middle(self):
        return round(self.left + self.width / 2, 2)

    @property
    def room(self):
        """What fits into it: its number, or its word and number."""
        if self.count is None or self.width < 5:
            return ""
        return "word" if self.width >= 13 else "number"


HALF, GAP = 49, 1


def bar_pieces(row):
    """A row's bar: discard to the left of the middle, keep and amplify to its right, and create a little apart."""
    counts = measures.counts_in_row(row)
    parts = {choice: HALF * getattr(counts, choice) / sum(counts) for choice in Choice.values}
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
    """The released results of one practice, from `for_page()`, as a page tells them."""

    def __init__(self, practice):
        self.practice = practice
        self.measures = getattr(practice, "released", None)

    @cached_property
    def rows(self):
        rows = self.practice.released_groups.all()
        return sorted(rows, key=lambda row: (row.group == measures.NOT_RECORDED, row.group))

    @property
    def release(self):
        return self.measures.release

    @property
    def headline(self):
        return measures.headline(self.rows)

    @property
    def bars(self):
        return [(row, bar_pieces(row)) for row in self.rows]

    @property
    def is_measured(self):
        return self.measures.consensus is not None

    @property
    def hands(self):
        """What the rows hold of hands counted: "about 25 in early help, fewer than 5 in homelessness"."""
        return ", ".join(
            f"{'fewer than 5' if row.hands is None else f'about {row.hands}'} in {measures.in_sentence(row.group)}"
            for row in self.rows
            if row.hands != 0
        )

    @property
    def in_words(self):
        """The measures in words: agreement, difference between services, steadiness."""
        if not self.is_measured:
            return []
        strong = self.measures.consensus >= measures.STRONG
        said = [
            f"Agreement: {'strong' if strong else 'not strong'}",
            f"Difference between services: {'marked' if self.measures.apart else 'small'}",
        ]
        if self.measures.apart:
            said.append(f"{self.measures.apart} stands apart")
        if strong:
            steady = self.measures.stability >= measures.STRONG
            said.append("Steady without any one service" if steady else "Not steady: strong only with every service")
        return said


@dataclass
class Summary:
    """How a programme's released practices, or all, answer the question whether people agree across services."""

    verdicts: Counter = field(default_factory=Counter)
    apart: Counter = field(default_factory=Counter)

    def __post_init__(self):
        self.practices = self.verdicts.total()
        self.strong = self.verdicts[Verdict.STRONG]
        self.differ = self.verdicts[Verdict.APART]
        self.mixed = self.verdicts[Verdict.MIXED]
        self.not_compared = self.verdicts[Verdict.TOO_FEW]

    @property
    def furthest(self):
        """Who stands apart most often: "Homelessness stands apart most often, on two of them"."""
        if not self.apart:
            return ""
        most = max(self.apart.values())
        names = sorted(name for name, count in self.apart.items() if count == most)
        if len(names) > 1:
            together = measures.in_a_row(names)
            return f"{together[:1].upper()}{together[1:]} stand apart, on {apnumber(most)} each"
        if most < self.differ:
            return f"{names[0]} stands apart most often, on {apnumber(most)} of them"
        return f"{names[0]} stands apart {'there' if most == 1 else 'each time'}"


def summarise_results(programme=None):
    """The Summary of what was released of published practices."""
    released = ReleasedPractice.objects.filter(practice__status=Status.PUBLISHED)
    if programme:
        released = released.filter(release__programme=programme)
    found = list(released.order_by().values_list("verdict", "apart"))
    return Summary(Counter(verdict for verdict, _ in found), Counter(apart for _, apart in found if apart))


def most_agreed(practices):
    """The practice on which the services agree most strongly, ready for a page; or None."""
    strong = for_page(practices).filter(released__verdict=Verdict.STRONG)
    return strong.order_by("-released__consensus", "ref").first()
