"""How a programme's notes became insights: what readers can count at each step, and where to see it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from insights.choices import InsightKind
from insights.models import Evidence, Insight, SetAside
from insights.results import of_programme
from workshops.models import Practice, Story, Theme, Workshop


@dataclass
class Step:
    """So many of one thing, the address of all of them, and what was done with them."""

    counted: str
    url: str
    says: str


def trail(programme):
    """The steps of a programme from its workshops to its insights; only what is public counts."""
    stories = Story.objects.published().filter(workshop__phase__programme=programme)
    insights = Insight.objects.published().filter(programme=programme)
    used = stories.filter(pk__in=Evidence.objects.filter(insight__in=insights).values("story")).count()
    left = stories.filter(pk__in=SetAside.objects.filter(insight__in=insights).values("story")).count()
    themes = Theme.objects.filter(stories__in=stories).distinct().count()
    kinds = [
        step(insights.filter(kind=kind).count(), one, many, "insights", says, programme, kind=kind.value)
        for kind, one, many, says in (
            (InsightKind.FINDING, "finding", "findings", "say what held across services, with the evidence against"),
            (InsightKind.BIG_IDEA, "big idea", "big ideas", "say what people could do about it"),
            (InsightKind.RECOMMENDATION, "recommendation", "recommendations", "say what others should change"),
        )
    ]
    steps = [
        step(
            Workshop.objects.filter(phase__programme=programme).count(),
            "workshop",
            "workshops",
            "workshops",
            "were held, and notes taken",
            programme,
        ),
        step(
            stories.count(), "story", "stories", "stories", "told there may be read, as their givers agreed", programme
        ),
        step(themes, "theme", "themes", "matrix", "sort them, beside the service areas", programme),
        step(
            of_programme(Practice.objects.published(), programme).count(),
            "practice",
            "practices",
            "votes",
            "drawn from them were put to the vote",
            programme,
        ),
        *kinds,
    ]
    return {"steps": [each for each in steps if each], "used": used, "left": left}


def step(count, one, many, page, says, programme, **facets):
    """None where there is nothing to count."""
    query = urlencode({"programme": programme.slug} | facets)
    return Step(f"{count} {one if count == 1 else many}", f"{reverse(page)}?{query}", says) if count else None
