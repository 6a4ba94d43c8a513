"""The places that workshops were held for or stories come from, and the map of those that have a hexagon."""

from collections.abc import Collection
from dataclasses import dataclass
from math import sqrt

from django.db.models import Count, Exists, OuterRef, Q

from workshops.models import Place, Programme, Story, Workshop
from workshops.shading import shade_of

# Where each of Greater Manchester's ten local authorities lies: (column, row), by official code.
HEXAGONS = {
    "E08000001": (2, 0),  # Bolton
    "E08000002": (3, 0),  # Bury
    "E08000005": (4, 0),  # Rochdale
    "E08000010": (1, 1),  # Wigan
    "E08000006": (2, 1),  # Salford
    "E08000003": (3, 1),  # Manchester
    "E08000004": (4, 1),  # Oldham
    "E08000009": (3, 2),  # Trafford
    "E08000008": (4, 2),  # Tameside
    "E08000007": (4, 3),  # Stockport
}
HEXAGON_WIDTH = 100  # of a hexagon standing on a corner, in the units of the SVG
ROW_HEIGHT = HEXAGON_WIDTH * sqrt(3) / 2


def places_with_story_counts(programme: Programme | None = None) -> list[Place]:
    """The places of one programme's workshops and published stories, or of all. Each gets a `story_count`.

    A wide place that only stands in for others is none of them: it would be counted beside those that it holds.
    """
    stories, workshops = Story.objects.published(), Workshop.objects.all()
    if programme:
        stories = stories.filter(workshop__phase__programme=programme)
        workshops = workshops.filter(phase__programme=programme)
    counts = dict(stories.order_by().values_list("place").annotate(Count("pk")))
    counts.pop(None, None)
    asked = Exists(workshops.order_by().filter(places=OuterRef("pk")))
    places = Place.objects.annotate(was_asked=asked).filter(Q(pk__in=counts) | Q(was_asked=True))
    listed = [place for place in places if place.was_asked or not place.is_wide]
    for place in listed:
        place.story_count = counts.get(place.pk, 0)
    return listed


@dataclass
class Hexagon:
    """One place on the map: the centre of its hexagon, and its shade."""

    place: Place
    x: int
    y: int
    depth: int


def hexagons(places: Collection[Place]) -> list[Hexagon]:
    """The hexagons of places from `places_with_story_counts`, row by row. Places that have none are left out."""
    drawn = [
        Hexagon(place, *centre_of_hexagon(*HEXAGONS[place.code]), shade_of(place.story_count))
        for place in places
        if place.code in HEXAGONS
    ]
    return sorted(drawn, key=lambda hexagon: (hexagon.y, hexagon.x))


def centre_of_hexagon(column: int, row: int) -> tuple[int, int]:
    """Every other row is moved half a hexagon to the right."""
    return round((column + row % 2 / 2) * HEXAGON_WIDTH), round(row * ROW_HEIGHT)
