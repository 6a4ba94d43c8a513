"""How far an insight's evidence reaches: from how many of its programme's services, places and workshops stories support
it, and from where others qualify or contradict it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypedDict

from django.db.models import Count, F, Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from insights.choices import Role
from insights.models import Insight
from workshops.choices import Kind
from workshops.keys import exists_in
from workshops.models import Place, Practice, ServiceArea, Story, Workshop

REACHED = {
    "service": ngettext_lazy("%(reached)s of %(of)s service", "%(reached)s of %(of)s services", "of"),
    "place": ngettext_lazy("%(reached)s of %(of)s place", "%(reached)s of %(of)s places", "of"),
    "workshop": ngettext_lazy("%(reached)s of %(of)s workshop", "%(reached)s of %(of)s workshops", "of"),
}
"""How each dimension is said. Publications keep the keys, and their hashes cover them."""


class FrozenCoverage(TypedDict, total=False):
    """A Coverage as the JSON of a publication; `parts` and `against` are [[dimension, reached, of]].

    Older ones may lack a key, and those that stand for nothing are left out.
    """

    parts: list[list[Any]]
    stories: int
    single_workshop: bool
    elsewhere: int
    against: list[list[Any]]


@dataclass
class CoveragePart:
    """One dimension of the coverage: how many of the programme's services, places or workshops are reached.

    `dimension` is a key of `REACHED`. `heard` lists by role the services or places that stories of the evidence come
    from, `unheard` those that none comes from; of workshops neither is listed.
    """

    dimension: str
    reached: int
    of: int
    heard: dict[Role, list[Model]] = field(default_factory=dict)
    unheard: list[Model] = field(default_factory=list)

    def __str__(self) -> str:
        return REACHED[self.dimension] % {"reached": self.reached, "of": self.of}

    def frozen(self) -> list[Any]:
        return [self.dimension, self.reached, self.of]


@dataclass
class Coverage:
    """How far published stories reach among what the programme's own workshops declare.

    `parts` are of the `stories` that support the insight, `against` of those that contradict it, without the dimensions
    they do not reach. `elsewhere` is how many of the supporting stories are examples from elsewhere.
    """

    parts: list[CoveragePart]
    stories: int
    single_workshop: bool
    elsewhere: int = 0
    against: list[CoveragePart] = field(default_factory=list)

    def __str__(self) -> str:
        parts = ", ".join(map(str, self.counted))
        if not self.stories or not parts:
            return ""
        if self.is_from_elsewhere:
            said = ngettext(
                "Supported by %(count)s example from elsewhere, told in %(parts)s",
                "Supported by %(count)s examples from elsewhere, told in %(parts)s",
                self.elsewhere,
            )
            return said % {"count": self.elsewhere, "parts": parts}
        if self.elsewhere:
            said = _("Supported by stories from %(parts)s; %(elsewhere)s")
            return said % {"parts": parts, "elsewhere": self.elsewhere_too}
        return _("Supported by stories from %(parts)s") % {"parts": parts}

    @property
    def elsewhere_too(self) -> str:
        """How many of the supporting stories are examples from elsewhere, as the end of a sentence on all of them."""
        said = ngettext(
            "%(count)s of these stories is an example from elsewhere",
            "%(count)s of these stories are examples from elsewhere",
            self.elsewhere,
        )
        return said % {"count": self.elsewhere}

    @property
    def is_from_elsewhere(self) -> bool:
        """Whether all the supporting stories are examples from elsewhere, which come from none of the places."""
        return bool(self.stories) and self.elsewhere == self.stories

    @property
    def counted(self) -> list[CoveragePart]:
        """The parts whose number says something: of examples from elsewhere alone, how many places tell nothing."""
        return [part for part in self.parts if not (self.is_from_elsewhere and part.dimension == "place")]

    def frozen(self) -> FrozenCoverage:
        """The numbers alone, as a publication keeps them."""
        kept: FrozenCoverage = {
            "parts": [part.frozen() for part in self.counted],
            "stories": self.stories,
            "single_workshop": self.single_workshop,
        }
        if self.elsewhere:
            kept["elsewhere"] = self.elsewhere
        if self.against:
            kept["against"] = [part.frozen() for part in self.against]
        return kept

    @classmethod
    def thawed(cls, reach: FrozenCoverage) -> "Coverage":
        return cls(
            [CoveragePart(*part) for part in reach.get("parts", [])],
            reach.get("stories", 0),
            reach.get("single_workshop", False),
            reach.get("elsewhere", 0),
            [CoveragePart(*part) for part in reach.get("against", [])],
        )


@dataclass
class Declared:
    """What the workshops of one programme declare: their service areas, their places, and how many workshops there are."""

    programme: int
    services: list[Model]
    places: list[Model]
    workshops: int

    def parts(self, told: dict[Role, list[Story]], role: Role) -> list[CoveragePart]:
        """How far the stories of one role reach among what is declared; `told` holds those of every role."""
        own = {s.workshop_id for s in told[role] if s.workshop.phase.programme_id == self.programme}
        return [
            coverage_part("service", self.services, told, role),
            coverage_part("place", self.places, told, role),
            CoveragePart("workshop", len(own), self.workshops),
        ]


def with_coverage(insights: Iterable[Insight]) -> list[Insight]:
    """Give each insight from `for_page()` its `coverage`, in four queries for however many.

    `single_workshop` also counts the workshops whose stories a supporting practice draws on.
    """
    insights = list(insights)
    declared = declared_by({insight.programme_id for insight in insights})
    rooms_of = workshops_behind_practices(insights)
    for insight in insights:
        told = stories_by_role(insight)
        supporting, programme = told[Role.SUPPORTS], declared[insight.programme_id]
        practices = [p.practice_id for p in insight.public_evidence if p.role == Role.SUPPORTS and p.practice_id]
        rooms = {story.workshop_id for story in supporting}.union(*(rooms_of[key] for key in practices))
        insight.coverage = Coverage(
            parts=[part for part in programme.parts(told, Role.SUPPORTS) if part.of],
            stories=len(supporting),
            single_workshop=len(rooms) == 1,
            elsewhere=sum(story.kind == Kind.ELSEWHERE for story in supporting),
            against=[part for part in programme.parts(told, Role.CONTRADICTS) if part.of and part.reached],
        )
    return insights


def coverage_of(insight: Insight) -> Coverage:
    """The coverage of one insight as it is in the database now."""
    return with_coverage(Insight.objects.filter(pk=insight.pk).for_page())[0].coverage


def stories_by_role(insight: Insight) -> dict[Role, list[Story]]:
    """The published stories among an insight's evidence."""
    return {
        role: [piece.story for piece in insight.public_evidence if piece.role == role and piece.story] for role in Role
    }


TOLD_BY = {"service": "service_area_id", "place": "place_id"}
"""The attribute of a story that holds the key of its service area or place."""


def coverage_part(dimension: str, things: list[Model], told: dict[Role, list[Story]], role: Role) -> CoveragePart:
    """The part that says how many of these things stories of the role reach, and lists which ones each role does."""
    keys = {each: {getattr(story, TOLD_BY[dimension]) for story in told[each]} for each in Role}
    heard = {each: [thing for thing in things if thing.pk in keys[each]] for each in Role}
    unheard = [thing for thing in things if not any(thing.pk in of_role for of_role in keys.values())]
    return CoveragePart(dimension, len(heard[role]), len(things), heard, unheard)


def declared_by(programmes: set[int]) -> dict[int, Declared]:
    """What the workshops of each programme declare, as {programme's key: Declared}, in three queries."""
    workshops = Workshop.objects.filter(phase__programme__in=programmes).order_by()
    counts = dict(workshops.values_list("phase__programme").annotate(Count("pk")))
    services, places = things_declared(ServiceArea, programmes), things_declared(Place, programmes)
    return {key: Declared(key, services[key], places[key], counts.get(key, 0)) for key in programmes}


def things_declared(model: type[ServiceArea] | type[Place], programmes: set[int]) -> dict[int, list[Model]]:
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
