"""The matrix of service areas by themes: published stories, and the insights they support, in each cell."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q

from insights.choices import NoStory, Role
from insights.models import Evidence, Insight
from workshops.keys import exists_in
from workshops.models import ServiceArea, Story, Theme, Workshop
from workshops.roles import is_editor
from workshops.shading import heat_level


@dataclass
class Cell:
    """Counts of one service area under one theme, or in `empty` why there is no story.

    `depth` is 0 without a story, else 1 to 4, from the cells with the fewest stories to those with the most. `query`
    narrows the list of stories to those that are counted here.
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
class Matrix:
    """Rows of cells: `rows` is [(service area, [cell of each theme])]."""

    themes: list[Theme]
    rows: list[tuple[ServiceArea, list[Cell]]]

    @property
    def cells(self) -> list[Cell]:
        return [cell for area, cells in self.rows for cell in cells]


def build_matrix(programme=None, phase=None, place=None, user=None):
    """The matrix of one programme, or of the whole archive, in five queries, and one more for an editor.

    `phase` is a number, `place` a Place; both narrow what is counted, never the rows and columns, so that gaps show.
    Given an editor as `user`, cells whose stories are withheld from the public are marked as such.
    """
    chosen = {"programme": programme, "phase": phase, "place": place}
    workshops = narrowed(Workshop.objects.all(), OF_WORKSHOPS, chosen)
    stories = narrowed(Story.objects.published(), OF_STORIES, chosen)
    unseen = Story.objects.visible_to(user) if user and is_editor(user) else Story.objects.none()
    unseen = narrowed(unseen, OF_STORIES, chosen)

    asked = set(workshops.order_by().values_list("service_areas", flat=True))
    told = cell_counts(stories)
    concluded = insight_counts(stories)
    withheld = set(unseen.order_by().values_list("service_area", "themes").distinct())
    counts = [row["stories"] for row in told.values()]
    keys = {"programme": programme and programme.slug, "phase": phase, "place": place and place.code}
    narrowed_to = {name: key for name, key in keys.items() if key}

    def cell(service_area, theme):
        key = service_area.pk, theme.pk
        if key not in told:
            unheard = NoStory.NOTHING_PUBLISHED if service_area.pk in asked else NoStory.NOT_ASKED
            return Cell(service_area, theme, empty=NoStory.WITHHELD if key in withheld else unheard)
        shade = heat_level(told[key]["stories"], counts)
        query = urlencode(narrowed_to | {"service_area": service_area.slug, "theme": theme.slug})
        return Cell(service_area, theme, **told[key], insights=concluded.get(key, 0), depth=shade, query=query)

    service_areas, themes = axes(programme)
    themes = list(themes)
    return Matrix(themes, [(area, [cell(area, theme) for theme in themes]) for area in service_areas])


OF_WORKSHOPS = {"programme": "phase__programme", "phase": "phase__number", "place": "places"}
OF_STORIES = {"programme": "workshop__phase__programme", "phase": "workshop__phase__number", "place": "place"}


def narrowed(rows, lookups, chosen):
    """Filter rows by what was chosen; `lookups` says by which lookup, {name: lookup}."""
    return rows.filter(**{lookups[name]: value for name, value in chosen.items() if value})


def axes(programme):
    """The service areas and themes that a programme's workshops and published stories use; without one, all."""
    if not programme:
        return ServiceArea.objects.all(), Theme.objects.all()
    workshops = Workshop.objects.filter(phase__programme=programme)
    stories = Story.objects.published().filter(workshop__phase__programme=programme)
    service_areas = ServiceArea.objects.filter(Q(workshops__in=workshops) | Q(stories__in=stories)).distinct()
    return service_areas, Theme.objects.filter(stories__in=stories).distinct()


def cell_counts(stories):
    """{(service area, theme): how many stories, workshops and places}"""
    links = Story.themes.through.objects.filter(story__in=stories).order_by()
    rows = links.values_list("story__service_area", "theme").annotate(
        Count("story", distinct=True), Count("story__workshop", distinct=True), Count("story__place", distinct=True)
    )
    return {
        (area, theme): {"stories": stories, "workshops": workshops, "places": places}
        for area, theme, stories, workshops, places in rows
        if area
    }


def insight_counts(stories):
    """{(service area, theme): how many published insights one of these stories supports}"""
    evidence = Evidence.objects.filter(
        exists_in(stories, "story"), role=Role.SUPPORTS, insight__in=Insight.objects.published()
    )
    rows = evidence.order_by().values_list("story__service_area", "story__themes")
    return {(area, theme): count for area, theme, count in rows.annotate(Count("insight", distinct=True))}
