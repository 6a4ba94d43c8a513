"""Template tags that show released votes: sentences, ranges and pictures, all from released rows."""

from django import template

from insights.votes import results
from workshops.choices import Choice
from workshops.models import Practice

register = template.Library()


@register.inclusion_tag("insights/votes/_votes.html")
def votes_of(practice, whole=False):
    """The results of a practice from `results.for_page()`; `whole` opens the table that lists keep closed."""
    return {"practice": practice, "panels": results.panels_of(practice), "whole": whole, "choices": Choice}


@register.filter
def vote_panels(practice):
    """The released results of a practice from `results.for_page()`."""
    return results.panels_of(practice)


@register.inclusion_tag("insights/votes/_textures.html")
def textures():
    """The textures of the four choices and the key to them; to be used once on a page."""
    return {"choices": Choice}


@register.inclusion_tag("insights/votes/_summary.html", takes_context=True)
def votes_summary(context, summary):
    return {"summary": summary, "archive": context["archive"], "programme": context.get("programme")}


@register.inclusion_tag("insights/votes/_glance.html", takes_context=True)
def votes_at_a_glance(context, practice_count):
    """The summary of the released votes, and the practice on which the services agree most."""
    return {
        "archive": context["archive"],
        "practice_count": practice_count,
        "summary": results.summarise_results(),
        "practice": results.most_agreed(Practice.objects.published()),
    }


@register.filter
def about_range(between):
    """A released range as it is said: "about 15", or "fewer than 5"."""
    return results.range_in_words(between)
