"""Template tags that show votes as bars, sentences and measures, all from released rows."""

from types import SimpleNamespace

from django import template
from django.utils.translation import gettext as _

from insights.votes import measures, results
from workshops.choices import Choice
from workshops.models import Practice

register = template.Library()


@register.inclusion_tag("insights/votes/_votes.html")
def votes_of(practice, whole=False):
    """The results of a practice from `results.for_page()`; `whole` opens the table that lists keep closed."""
    return {"results": results.Results(practice), "whole": whole}


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


@register.inclusion_tag("insights/votes/_worked_example.html")
def worked_example():
    """Two invented rows and every step from them to the measures."""
    rows = [
        SimpleNamespace(group=_("Early help"), base=25, keep=10, amplify=10, discard=None, create=None),
        SimpleNamespace(group=_("Homelessness"), base=20, keep=5, amplify=5, discard=5, create=None),
    ]
    read = [measures.counts_in_row(row) for row in rows]
    return {
        "rows": [
            {"row": row, "read": counts, "lean": measures.lean(counts)} for row, counts in zip(rows, read, strict=True)
        ],
        "measures": measures.measure_released(rows),
        "headline": measures.headline(rows),
    }


@register.filter
def about_count(count):
    """A released count in a table."""
    return _("fewer than 5") if count is None else _("about %(count)s") % {"count": count}
