"""The map of places, with a list that says the same in words, and what its shades stand for."""

from django import template

from workshops.browsing.place_map import hexagons
from workshops.shading import shade_names

register = template.Library()


@register.inclusion_tag("workshops/_map.html")
def place_map(places):
    """Places from `places_with_story_counts`: a hexagon each where they have one, and all of them in a list."""
    return {"places": places, "hexagons": hexagons(places)}


@register.inclusion_tag("workshops/_shades.html")
def shades(of):
    """The legend of a picture; `of` names the picture, as a page may have two."""
    return {"shades": shade_names(), "of": of}
