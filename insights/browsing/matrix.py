"""The matrix of service areas by themes: published stories, and the insights they support, in each cell."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from insights.choices import NoStory, Role
from insights.models import Evidence, Insight
from workshops.keys import exists_in
from workshops.models import ServiceArea, Story, Theme, Workshop
from workshops.roles import EVERYTHING, Reach, is_editor_somewhere
from workshops.shading import shade_of


@dataclass
class Cell:
    """Counts of one service area under one theme, or in `empty` why there is no story.

    `depth` is the shade, 0 without a story. `query` narrows the list of stories to those that are counted here.
    """

    service_area: ServiceArea
    theme: Theme
    stories: int = 0
    workshops: int = 0
    places: int = 0
    insights: int = 0
    depth: int = 0
    empty: NoStory | str = ""
    query: str = ""


@dataclass
class Total:
    """How many stories one service area, one theme or the whole matrix (None) has, each counted once.

    `query` narrows the list of stories to them.
    """

    of: ServiceArea | Theme | None
    stories: int
    query: str


@dataclass
class Totals:
    """The totals of a matrix: `rows` is [(service area, its cells, total)], `themes` the total of each theme.

    A story stands in the cell of each of its themes: `in_several` do in more than one, and `in_none` in no cell, as they
    have no service area or no theme.
    """

    rows: list[tuple[ServiceArea, list[Cell], Total]]
    themes: list[Total]
    in_all: Total
    in_several: int
    in_none: int
    sum_of_cells: int


@dataclass
class Matrix:
    """Rows of cells: `rows` is [(service area, [cell of each theme])].

    `stories` are those that it counts, `by_theme` how many each theme has, and `narrowed_to` is {facet: key}.
    """

    themes: list[Theme] = field(default_factory=list)
    rows: list[tuple[ServiceArea, list[Cell]]] = field(default_factory=list)
    stories: QuerySet[Story] = field(default_factory=Story.objects.none)
    by_theme: Counter[int] = field(default_factory=Counter)
    narrowed_to: dict[str, str] = field(default_factory=dict)

    @property
    def cells(self) -> list[Cell]:
        return [cell for area, cells in self.rows for cell in cells]

    @cached_property
    def totals(self) -> Totals:
        """In one query, which the files of the matrix do without."""
        by_area = counts_by_area(self.stories)
        stories = Counter({area: counts["stories"] for area, counts in by_area.items()})
        in_cells = sum(counts["with_theme"] for area, counts in by_area.items() if area)
        return Totals(
            rows=[(area, cells, self.total(area, stories, "service_area")) for area, cells in self.rows],
            themes=[self.total(theme, self.by_theme, "theme") for theme in self.themes],
            in_all=Total(None, stories.total(), urlencode(self.narrowed_to)),
            in_several=sum(counts["with_several"] for area, counts in by_area.items() if area),
            in_none=stories.total() - in_cells,
            sum_of_cells=sum(cell.stories for cell in self.cells),
        )

    def total(self, of: ServiceArea | Theme, counts: Counter[int], facet: str) -> Total:
        return Total(of, counts[of.pk], urlencode(self.narrowed_to | {facet: of.slug}))


def build_matrix(programme=None, phase=None, place=None, user=None, reach=EVERYTHING):
    """The matrix of one programme, of the programmes within reach, or of the whole archive.

    In five queries, and one more for an editor. `phase` is a number, `place` a Place; both narrow what is counted, never the
    rows and columns, so that gaps show. Given an editor as `user`, cells whose stories are withheld from the public are
    marked as such.
    """
    reach = Reach(frozenset([programme.pk])) if programme else reach
    chosen = {"phase": phase, "place": place}
    workshops = narrowed(Workshop.objects.of_programmes(reach), OF_WORKSHOPS, chosen)
    stories = narrowed(reach.narrow(Story.objects.published(), OF_STORY), OF_STORIES, chosen)
    unseen = Story.objects.visible_to(user) if user and is_editor_somewhere(user) else Story.objects.none()
    unseen = narrowed(reach.narrow(unseen, OF_STORY), OF_STORIES, chosen)

    asked = set(workshops.order_by().values_list("service_areas", flat=True))
    told = cell_counts(stories)
    concluded = insight_counts(stories)
    withheld = set(unseen.order_by().values_list("service_area", "themes").distinct())
    keys = {"programme": programme and programme.slug, "phase": phase, "place": place and place.code}
    narrowed_to = {name: key for name, key in keys.items() if key}

    def cell(service_area, theme):
        key = service_area.pk, theme.pk
        if key not in told:
            unheard = NoStory.NOTHING_PUBLISHED if service_area.pk in asked else NoStory.NOT_ASKED
            return Cell(service_area, theme, empty=NoStory.WITHHELD if key in withheld else unheard)
        shade = shade_of(told[key]["stories"])
        query = urlencode(narrowed_to | {"service_area": service_area.slug, "theme": theme.slug})
        return Cell(service_area, theme, **told[key], insights=concluded.get(key, 0), depth=shade, query=query)

    service_areas, themes = axes(reach)
    themes = list(themes)
    rows = [(area, [cell(area, theme) for theme in themes]) for area in service_areas]
    return Matrix(themes, rows, stories, counts_by_theme(told), narrowed_to)


OF_STORY = "workshop__phase__programme"
OF_WORKSHOPS = {"phase": "phase__number", "place": "places"}
OF_STORIES = {"phase": "workshop__phase__number", "place": "place"}


def narrowed(rows, lookups, chosen):
    """Filter rows by what was chosen; `lookups` says by which lookup, {name: lookup}."""
    return rows.filter(**{lookups[name]: value for name, value in chosen.items() if value})


def axes(reach):
    """The service areas and themes that the workshops and published stories of some programmes use; of every one, all."""
    if reach.is_everything:
        return ServiceArea.objects.all(), Theme.objects.all()
    workshops = Workshop.objects.of_programmes(reach)
    stories = Story.objects.published().filter(workshop__in=workshops)
    service_areas = ServiceArea.objects.filter(Q(workshops__in=workshops) | Q(stories__in=stories)).distinct()
    return service_areas, Theme.objects.filter(stories__in=stories).distinct()


def cell_counts(stories):
    """{(service area, theme): how many stories, workshops and places}; None stands for no service area."""
    links = Story.themes.through.objects.filter(story__in=stories).order_by()
    rows = links.values_list("story__service_area", "theme").annotate(
        Count("story", distinct=True), Count("story__workshop", distinct=True), Count("story__place", distinct=True)
    )
    return {
        (area, theme): {"stories": stories, "workshops": workshops, "places": places}
        for area, theme, stories, workshops, places in rows
    }


def counts_by_theme(told):
    """How many stories each theme has, by what `cell_counts` found: a story has one service area, or none."""
    counts = Counter()
    for (_area, theme), counted in told.items():
        counts[theme] += counted["stories"]
    return counts


def counts_by_area(stories):
    """{service area: how many stories, how many of them with a theme, and with several}; None stands for no service area."""
    links = Story.themes.through.objects.filter(story=OuterRef("pk")).order_by().values("story")
    themes = Coalesce(Subquery(links.annotate(number=Count("pk")).values("number")), 0)
    rows = stories.annotate(theme_count=themes).order_by().values("service_area")
    counted = rows.annotate(
        stories=Count("pk"),
        with_theme=Count("pk", filter=Q(theme_count__gte=1)),
        with_several=Count("pk", filter=Q(theme_count__gte=2)),
    )
    return {row.pop("service_area"): row for row in counted}


def insight_counts(stories):
    """{(service area, theme): how many published insights one of these stories supports}"""
    evidence = Evidence.objects.filter(
        exists_in(stories, "story"), role=Role.SUPPORTS, insight__in=Insight.objects.published()
    )
    rows = evidence.order_by().values_list("story__service_area", "story__themes")
    return {(area, theme): count for area, theme, count in rows.annotate(Count("insight", distinct=True))}
