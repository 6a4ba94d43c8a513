"""How far an insight's support reaches: how many of its programme's services, places and workshops it comes from."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypedDict

from django.db.models import Count, F, Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from insights.choices import Role
from insights.models import Insight
from workshops.keys import exists_in
from workshops.models import Place, Practice, ServiceArea, Story, Workshop

REACHED = {
    "service": ngettext_lazy("%(reached)s of %(of)s service", "%(reached)s of %(of)s services", "of"),
    "place": ngettext_lazy("%(reached)s of %(of)s place", "%(reached)s of %(of)s places", "of"),
    "workshop": ngettext_lazy("%(reached)s of %(of)s workshop", "%(reached)s of %(of)s workshops", "of"),
}
"""How each dimension is said. Publications keep the keys, and their hashes cover them."""


class FrozenCoverage(TypedDict, total=False):
    """A Coverage as the JSON of a publication; `parts` is [[dimension, reached, of]]. Older ones may lack a key."""

    parts: list[list[Any]]
    stories: int
    single_workshop: bool


@dataclass
class CoveragePart:
    """One dimension of the coverage: how many of the programme's services, places or workshops are reached.

    `dimension` is a key of `REACHED`; `heard` and `unheard` list the services or places, and no workshops.
    """

    dimension: str
    reached: int
    of: int
    heard: list[Model] = field(default_factory=list)
    unheard: list[Model] = field(default_factory=list)

    def __str__(self) -> str:
        return REACHED[self.dimension] % {"reached": self.reached, "of": self.of}


@dataclass
class Coverage:
    """How far published supporting stories reach among what the programme's own workshops declare."""

    parts: list[CoveragePart]
    stories: int
    single_workshop: bool

    def __str__(self) -> str:
        if not self.stories or not self.parts:
            return ""
        return _("Supported by stories from %(parts)s") % {"parts": ", ".join(map(str, self.parts))}

    def frozen(self) -> FrozenCoverage:
        """The numbers alone, as a publication keeps them."""
        return {
            "parts": [[part.dimension, part.reached, part.of] for part in self.parts],
            "stories": self.stories,
            "single_workshop": self.single_workshop,
        }

    @classmethod
    def thawed(cls, reach: FrozenCoverage) -> "Coverage":
        return cls(
            [CoveragePart(*part) for part in reach.get("parts", [])],
            reach.get("stories", 0),
            reach.get("single_workshop", False),
        )


def with_coverage(insights: Iterable[Insight]) -> list[Insight]:
    """Give each insight from `for_page()` its `coverage`, in four queries for however many.

    `single_workshop` also counts the workshops whose stories a supporting practice draws on.
    """
    insights = list(insights)
    programmes = {insight.programme_id for insight in insights}
    workshops = dict(
        Workshop.objects.filter(phase__programme__in=programmes)
        .order_by()
        .values_list("phase__programme")
        .annotate(Count("pk"))
    )
    services, places = declared(ServiceArea, programmes), declared(Place, programmes)
    rooms_of = workshops_behind_practices(insights)
    for insight in insights:
        supports = [piece for piece in insight.public_evidence if piece.role == Role.SUPPORTS]
        stories = [piece.story for piece in supports if piece.story]
        own = {s.workshop_id for s in stories if s.workshop.phase.programme_id == insight.programme_id}
        rooms = {s.workshop_id for s in stories}.union(*(rooms_of[p.practice_id] for p in supports if p.practice_id))
        parts = [
            coverage_part("service", services[insight.programme_id], {story.service_area_id for story in stories}),
            coverage_part("place", places[insight.programme_id], {story.place_id for story in stories}),
            CoveragePart("workshop", len(own), workshops.get(insight.programme_id, 0)),
        ]
        insight.coverage = Coverage([part for part in parts if part.of], len(stories), len(rooms) == 1)
    return insights


def coverage_of(insight: Insight) -> Coverage:
    """The coverage of one insight as it is in the database now."""
    return with_coverage(Insight.objects.filter(pk=insight.pk).for_page())[0].coverage


def coverage_part(dimension: str, things: list[Model], reached: set[int | None]) -> CoveragePart:
    """The part that lists which of these things are reached; `reached` holds primary keys."""
    heard = [thing for thing in things if thing.pk in reached]
    return CoveragePart(
        dimension, len(heard), len(things), heard, [thing for thing in things if thing.pk not in reached]
    )


def declared(model: type[ServiceArea] | type[Place], programmes: set[int]) -> dict[int, list[Model]]:
    """The service areas or places that the workshops of each programme declare, as {programme's key: [thing]}."""
    found = defaultdict(list)
    things = model.objects.annotate(programme=F("workshops__phase__programme")).filter(programme__in=programmes)
    for thing in things.distinct():
        found[thing.programme].append(thing)
    return found


def workshops_behind_practices(insights: list[Insight]) -> dict[int, set[int]]:
    """The workshops whose published stories a supporting practice draws on, as {practice's key: {workshop's key}}."""
    practices = {
        piece.practice_id
        for insight in insights
        for piece in insight.public_evidence
        if piece.role == Role.SUPPORTS and piece.practice_id
    }
    found = defaultdict(set)
    links = Practice.stories.through.objects.filter(
        exists_in(Story.objects.published(), "story"), practice__in=practices
    )
    for practice, workshop in links.values_list("practice", "story__workshop"):
        found[practice].add(workshop)
    return found
