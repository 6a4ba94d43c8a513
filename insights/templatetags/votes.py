"""Template tags that show released votes: sentences, ranges and pictures, all from released rows."""

from django import template

from insights.votes import results, sentences
from workshops.choices import Choice
from workshops.models import Practice

register = template.Library()


@register.inclusion_tag("insights/votes/_votes.html")
def votes_of(practice, whole=False, service=None):
    """The results of a practice from `results.for_page()`, what `service` said first; `whole` adds the ranges."""
    panels = results.panels_of(practice, service.name if service else "")
    return {"practice": practice, "panels": panels, "whole": whole, "choices": Choice}


@register.inclusion_tag("insights/votes/_picture.html")
def votes_picture(practices, total, service=None):
    """One picture of many practices: a row for each result, a lane for each of its groups."""
    name = service.name if service else ""
    rows = [(practice, results.panels_of(practice, name)) for practice in practices]
    return {"rows": rows, "total": total, "service": service, "groups": results.groups_of_all(rows)}


@register.filter
def vote_panels(practice):
    """The released results of a practice from `results.for_page()`."""
    return results.panels_of(practice)


@register.inclusion_tag("insights/votes/_textures.html")
def textures():
    """The textures of the four choices and the key to them; to be used once on a page."""
    return {"choices": sentences.CHOICES_IN_WORDS.items()}


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
    return sentences.count_in_words(between)


@register.filter
def result_headline(result):
    """What is said of a released result, current or not."""
    return sentences.headline(result)
