"""What was heard, service by theme: how many published stories, and the insights they support, in each cell."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q

from insights.choices import Role
from insights.models import Evidence, Insight
from workshops.keys import exists_in
from workshops.models import ServiceArea, Story, Theme, Workshop
from workshops.roles import is_editor
from workshops.shading import heat_level

NOT_ASKED = "not asked"
NOTHING_PUBLISHED = "nothing published"
WITHHELD = "withheld"
"""For editors: there are stories that they may see and the public may not."""


@dataclass
class Cell:
    """Counts of one service area under one theme, and which kind of empty it is if there is no story.

    `depth` is 0 without a story, else 1 to 4 by where the cell stands between the emptiest and the fullest. `query`
    narrows the list of stories to those that are counted here.
    """

    service_area: ServiceArea
    theme: Theme
    stories: int = 0
    workshops: int = 0
    places: int = 0
    insights: int = 0
    depth: int = 0
    empty: str = ""
    query: str = ""


@dataclass
class Matrix:
    themes: list
    rows: list
    """[(service area, [cell of each theme])]"""

    @property
    def cells(self):
        return [cell for _, cells in self.rows for cell in cells]


def build_matrix(programme=None, phase=None, place=None, user=None):
    """The matrix of one programme, or of the whole archive, in five queries, and one more for an editor.

    `phase` is a number, `place` a Place; both narrow what is counted, never the rows and columns, so that what
    is missing shows. Given an editor as `user`, it tells apart what was withheld.
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
            unheard = NOTHING_PUBLISHED if service_area.pk in asked else NOT_ASKED
            return Cell(service_area, theme, empty=WITHHELD if key in withheld else unheard)
        shade = heat_level(told[key]["stories"], counts)
        query = urlencode(narrowed_to | {"service_area": service_area.slug, "theme": theme.slug})
        return Cell(service_area, theme, **told[key], insights=concluded.get(key, 0), depth=shade, query=query)

    service_areas, themes = axes(programme)
    themes = list(themes)
    return Matrix(themes, [(area, [cell(area, theme) for theme in themes]) for area in service_areas])


OF_WORKSHOPS = {"programme": "phase__programme", "phase": "phase__number", "place": "places"}
OF_STORIES = {"programme": "workshop__phase__programme", "phase": "workshop__phase__number", "place": "place"}


def narrowed(rows, lookups, chosen):
    """These rows by what was chosen; `lookups` says where they have it."""
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
