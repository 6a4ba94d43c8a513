"""How a programme's notes became insights: what readers can count at each step, and where to see it."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode

from insights.choices import InsightKind
from insights.models import Evidence, Insight, SetAside
from workshops.models import Practice, Programme, Story, Workshop

INSIGHT_KINDS = [
    (InsightKind.FINDING, "finding", "findings", "on what held across services, with the evidence against"),
    (InsightKind.BIG_IDEA, "big idea", "big ideas", "of what people could do about it"),
    (InsightKind.RECOMMENDATION, "recommendation", "recommendations", "on what others should change"),
]


@dataclass
class TrailStep:
    """So many of one thing, the address of all of them, and what was done with them."""

    counted: str
    url: str
    says: str


@dataclass
class Trail:
    """The steps of a programme from its workshops to its insights, and what became of its stories."""

    programme: Programme
    steps: list
    used: int
    left: int


def trails(programmes):
    """The Trail of each programme, in five queries for however many; only what is public counts."""
    programmes = list(programmes)
    workshops = counted_by(Workshop.objects.filter(phase__programme__in=programmes), "phase__programme")
    published = Insight.objects.published()
    stories = Story.objects.published().filter(workshop__phase__programme__in=programmes)
    told = {
        programme: counts
        for programme, *counts in stories.order_by()
        .values_list("workshop__phase__programme")
        .annotate(
            told=Count("pk"),
            used=Count("pk", filter=Q(pk__in=Evidence.objects.filter(insight__in=published).values("story"))),
            left=Count("pk", filter=Q(pk__in=SetAside.objects.filter(insight__in=published).values("story"))),
        )
    }
    themes = counted_by(
        Story.themes.through.objects.filter(story__in=stories), "story__workshop__phase__programme", of="theme"
    )
    insights = Counter(published.filter(programme__in=programmes).order_by().values_list("programme", "kind"))
    practices = practice_counts(programmes)
    return [
        trail_of(programme, workshops, told.get(programme.pk, (0, 0, 0)), themes, practices, insights)
        for programme in programmes
    ]


def counted_by(rows, programme, of="pk"):
    """How many different things of these rows each programme has, as Counter({programme's key: number})."""
    return Counter(dict(rows.order_by().values_list(programme).annotate(Count(of, distinct=True))))


def practice_counts(programmes):
    """How many published practices each programme has, by the rule of `results.belongs_to`."""
    practices = Practice.objects.published().order_by()
    ways = ("stories__workshop__phase__programme", "notes__workshop__phase__programme", "released__release__programme")
    pairs = [practices.filter(**{f"{way}__in": programmes}).values_list("pk", way) for way in ways]
    return Counter(programme for _, programme in pairs[0].union(*pairs[1:]))


def trail_of(programme, workshops, told, themes, practices, insights):
    key, (stories, used, left) = programme.pk, told
    steps = [
        step(workshops[key], "workshop", "workshops", "workshops", "held, and notes taken", programme),
        step(stories, "story", "stories", "stories", "told there may be read, as their givers agreed", programme),
        step(themes[key], "theme", "themes", "matrix", "to sort them by, beside the service areas", programme),
        step(practices[key], "practice", "practices", "votes", "drawn from them and put to the vote", programme),
        *(
            step(insights[key, kind], one, many, "insights", says, programme, kind=kind.value)
            for kind, one, many, says in INSIGHT_KINDS
        ),
    ]
    return Trail(programme, [each for each in steps if each], used, left)


def step(count, one, many, page, says, programme, **facets):
    """None where there is nothing to count."""
    query = urlencode({"programme": programme.slug} | facets)
    return TrailStep(f"{count} {one if count == 1 else many}", f"{reverse(page)}?{query}", says) if count else None
