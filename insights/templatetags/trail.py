"""The trail from notes to insights, on a programme's page and on the method's."""

from django import template

from insights.browsing.trail import trails

register = template.Library()


@register.inclusion_tag("insights/_trail.html")
def trail(programme):
    return {"trails": trails([programme])}


@register.inclusion_tag("insights/_trail.html", name="trails")
def all_trails(programmes):
    return {"trails": trails(programmes), "names_programmes": True}
