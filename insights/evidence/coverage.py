"""How far an insight's support reaches: from which of its programme's services, places and workshops it comes."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, F

from insights.choices import Role
from workshops.keys import exists_in
from workshops.models import Place, Practice, ServiceArea, Story, Workshop


@dataclass
class Part:
    """One dimension of the reach: how many of the programme's services, places or workshops it counts."""

    noun: str
    reached: int
    of: int
    heard: list = field(default_factory=list)
    unheard: list = field(default_factory=list)

    def __str__(self):
        return f"{self.reached} of {self.of} {self.noun}{'' if self.of == 1 else 's'}"


@dataclass
class Coverage:
    """Published supporting stories alone count, and only what the programme's own workshops declare."""

    parts: list
    stories: int
    single_workshop: bool

    def __str__(self):
        return f"Supported by stories from {', '.join(map(str, self.parts))}" if self.stories and self.parts else ""

    def frozen(self):
        """Its numbers alone, as a publication keeps them."""
        return {
            "parts": [[part.noun, part.reached, part.of] for part in self.parts],
            "stories": self.stories,
            "single_workshop": self.single_workshop,
        }

    @classmethod
    def thawed(cls, reach):
        return cls(
            [Part(*part) for part in reach.get("parts", [])],
            reach.get("stories", 0),
            reach.get("single_workshop", False),
        )


def with_coverage(insights):
    """Give each insight its `coverage`, in four queries for however many. They come from `for_page()`.

    The label "From a single workshop" also counts the workshops whose stories a supporting practice draws on.
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
            named("service", services[insight.programme_id], {story.service_area_id for story in stories}),
            named("place", places[insight.programme_id], {story.place_id for story in stories}),
            Part("workshop", len(own), workshops.get(insight.programme_id, 0)),
        ]
        insight.coverage = Coverage([part for part in parts if part.of], len(stories), len(rooms) == 1)
    return insights


def named(noun, things, reached):
    """The part that lists what it counts; `reached` holds primary keys."""
    heard = [thing for thing in things if thing.pk in reached]
    return Part(noun, len(heard), len(things), heard, [thing for thing in things if thing.pk not in reached])


def declared(model, programmes):
    """What the workshops of each programme declare, by name, as {programme's key: [thing]}."""
    found = defaultdict(list)
    things = model.objects.annotate(programme=F("workshops__phase__programme")).filter(programme__in=programmes)
    for thing in things.distinct():
        found[thing.programme].append(thing)
    return found


def workshops_behind_practices(insights):
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
