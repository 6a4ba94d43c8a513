"""How a programme's notes became insights: what readers can count at each step, and where to see it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from insights.choices import InsightKind
from insights.models import Evidence, Insight, SetAside
from workshops.counted import COUNTED
from workshops.models import Practice, Programme, Story, Workshop


@dataclass
class TrailStep:
    """So many of one thing, the address of all of them, and what was done with them.

    `says` is a sentence with a place for what is counted: "{counted} held, and notes taken".
    """

    counted: str
    url: str
    says: str

    @property
    def sentence(self) -> SafeString:
        """The whole sentence, with what is counted as a link."""
        link = format_html('<a href="{}">{}</a>', self.url, self.counted)
        return format_html(self.says, counted=link)


@dataclass
class Trail:
    """The steps of a programme from its workshops to its insights.

    `used` is how many of its stories are evidence in an insight, `left` how many were set aside.
    """

    programme: Programme
    steps: list[TrailStep]
    used: int
    left: int


@dataclass(frozen=True)
class StepKind:
    """What a step counts, the URL name of the list of them, and its sentence. `facets` narrow the list further."""

    noun: Promise
    page: str
    says: Promise
    facets: tuple[tuple[str, str], ...] = ()

    def step(self, programme: Programme, count: int) -> TrailStep | None:
        """None where there is nothing to count."""
        query = urlencode([("programme", programme.slug), *self.facets])
        counted = self.noun % {"count": count}
        return TrailStep(counted, f"{reverse(self.page)}?{query}", self.says) if count else None


def insight_step(kind: InsightKind, says: Promise) -> StepKind:
    return StepKind(COUNTED[kind.value], "insights", says, facets=(("kind", kind.value),))


WORKSHOPS = StepKind(COUNTED["workshop"], "workshops", _("{counted} held, and notes taken"))
STORIES = StepKind(COUNTED["story"], "stories", _("{counted} told there may be read, as their givers agreed"))
THEMES = StepKind(COUNTED["theme"], "matrix", _("{counted} to sort them by, beside the service areas"))
PRACTICES = StepKind(COUNTED["practice"], "votes", _("{counted} drawn from them and put to the vote"))
INSIGHTS = {
    InsightKind.FINDING: insight_step(
        InsightKind.FINDING, _("{counted} on what held across services, with the evidence against")
    ),
    InsightKind.BIG_IDEA: insight_step(InsightKind.BIG_IDEA, _("{counted} of what people could do about it")),
    InsightKind.RECOMMENDATION: insight_step(InsightKind.RECOMMENDATION, _("{counted} on what others should change")),
}


def trails(programmes: Iterable[Programme]) -> list[Trail]:
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

    def trail_of(programme: Programme) -> Trail:
        key = programme.pk
        story_count, used, left = told.get(key, (0, 0, 0))
        counts = [
            (WORKSHOPS, workshops[key]),
            (STORIES, story_count),
            (THEMES, themes[key]),
            (PRACTICES, practices[key]),
            *((step_kind, insights[key, kind]) for kind, step_kind in INSIGHTS.items()),
        ]
        steps = [kind.step(programme, count) for kind, count in counts]
        return Trail(programme, [step for step in steps if step], used, left)

    return [trail_of(programme) for programme in programmes]


def counted_by(rows: QuerySet, programme: str, of: str = "pk") -> Counter[int]:
    """How many different things of these rows each programme has, as Counter({programme's key: number})."""
    return Counter(dict(rows.order_by().values_list(programme).annotate(Count(of, distinct=True))))


def practice_counts(programmes: list[Programme]) -> Counter[int]:
    """How many published practices each programme has, by the rule of `results.belongs_to`."""
    practices = Practice.objects.published().order_by()
    ways = ("stories__workshop__phase__programme", "notes__workshop__phase__programme", "results__programme")
    pairs = [practices.filter(**{f"{way}__in": programmes}).values_list("pk", way) for way in ways]
    return Counter(programme for practice, programme in pairs[0].union(*pairs[1:]))
