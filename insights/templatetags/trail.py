"""The trail from notes to insights, on the page of a programme and on the page about the method."""

from django import template

from insights.browsing.trail import trails

register = template.Library()


@register.inclusion_tag("insights/_trail.html")
def trail(programme):
    return {"trails": trails([programme])}


@register.inclusion_tag("insights/_trail.html", name="trails")
def all_trails(programmes):
    return {"trails": trails(programmes), "names_programmes": True}
