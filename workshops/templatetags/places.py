"""The map of places, with a list that says the same in words."""

from django import template

from workshops.browsing.place_map import hexagons

register = template.Library()


@register.inclusion_tag("workshops/_map.html")
def place_map(places):
    """Places from `places_with_story_counts`: a hexagon each where they have one, and all of them in a list."""
    return {"places": places, "hexagons": hexagons(places)}
