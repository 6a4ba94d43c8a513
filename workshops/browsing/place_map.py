"""The places that were asked or heard, and the map of those that have a hexagon."""

from dataclasses import dataclass
from math import sqrt

from django.db.models import Count, Q

from workshops.models import Place, Story, Workshop
from workshops.shading import heat_level

# Greater Manchester's ten local authorities as neighbours, (column, row) by official code.
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
WIDTH = 100  # of a hexagon that stands on a corner, in the units of the map
ROW = WIDTH * sqrt(3) / 2


def asked_or_heard(programme=None):
    """The places of a programme's workshops and published stories, or of all, each with its `story_count`."""
    stories, workshops = Story.objects.published(), Workshop.objects.all()
    if programme:
        stories = stories.filter(workshop__phase__programme=programme)
        workshops = workshops.filter(phase__programme=programme)
    told = dict(stories.order_by().values_list("place").annotate(Count("pk")))
    told.pop(None, None)
    places = list(Place.objects.filter(Q(pk__in=told) | Q(pk__in=workshops.values("places"))))
    for place in places:
        place.story_count = told.get(place.pk, 0)
    return places


@dataclass
class Hexagon:
    """One place on the map: the middle of its hexagon, and how dark it is among the others."""

    place: Place
    x: int
    y: int
    depth: int


def hexagons(places):
    """The map of these places from `asked_or_heard`, row by row; places without a hexagon are left to the list."""
    counts = [place.story_count for place in places if place.story_count]
    drawn = [
        Hexagon(place, *middle(*HEXAGONS[place.code]), heat_level(place.story_count, counts))
        for place in places
        if place.code in HEXAGONS
    ]
    return sorted(drawn, key=lambda hexagon: (hexagon.y, hexagon.x))


def middle(column, row):
    """Where a hexagon's middle lies; every other row is moved half a hexagon to the right."""
    return round((column + row % 2 / 2) * WIDTH), round(row * ROW)
