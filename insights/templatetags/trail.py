"""The trail from notes to insights, on a programme's page and on the method's."""

from django import template

from insights import trail as trails

register = template.Library()


@register.inclusion_tag("insights/_trail.html")
def trail(programme):
    return {"programme": programme, **trails.trail(programme)}
