"""What an editor does at the bench with the evidence of an insight, and how far its support reaches.

Each step first takes hold of the insight, so that of two editors at once neither undoes the other. What cannot be
done is a ValidationError in words, and then nothing is done.
"""

import re
from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from insights.choices import Role
from insights.models import Evidence, Insight, SetAside
from workshops.fields import with_plain_line_ends
from workshops.models import Phase, Place, ServiceArea, Story, Workshop


def lock_insight(insight):
    """Let whoever works on the same insight wait until this transaction ends."""
    Insight.objects.select_for_update().get(pk=insight.pk)


@transaction.atomic
def attach_evidence(insight, source, role, passage="", start=None):
    """Make a story or practice the last piece of the evidence. If it was set aside, it is so no more."""
    lock_insight(insight)
    kind = "story" if isinstance(source, Story) else "practice"
    last = insight.evidence.aggregate(last=Max("order"))["last"] or 0
    evidence = Evidence(insight=insight, role=role, order=last + 1, **{kind: source})
    quote_passage(evidence, passage, start)
    try:
        with transaction.atomic():
            evidence.save()
    except IntegrityError:
        raise ValidationError(f"“{source}” is among the evidence already.") from None
    if kind == "story":
        insight.set_aside.filter(story=source).delete()
    return evidence


@transaction.atomic
def change_evidence(evidence, role, passage, start=None):
    """Say anew what a piece of evidence does to the claim, and which passage of it is quoted."""
    lock_insight(evidence.insight)
    evidence.role = role
    if with_plain_line_ends(passage).strip() != evidence.excerpt or start is not None:
        quote_passage(evidence, passage, start)
    evidence.save(update_fields=["role", "excerpt"])


def quote_passage(evidence, passage, start=None):
    """Take a passage from the published wording, letter by letter as it stands there.

    `start`, in code points, says which of several like passages is meant; without it, the first is.
    """
    words = passage.split()
    if not words:
        evidence.excerpt, evidence.excerpt_start = "", None
        return
    # What was copied from a page may have its lines broken elsewhere.
    found = list(re.finditer(r"\s+".join(map(re.escape, words)), evidence.wording))
    if not found:
        raise ValidationError(
            f"The published wording of “{evidence.source}” does not say this. Copy the passage letter by letter."
        )
    match = min(found, key=lambda match: abs(match.start() - (start or 0)))
    evidence.excerpt, evidence.excerpt_start = match.group(), match.start()


@transaction.atomic
def remove_evidence(evidence):
    lock_insight(evidence.insight)
    evidence.delete()


@transaction.atomic
def move_evidence(evidence, place):
    """Put a piece of evidence at this place, from 0, among those at the bench. The others keep their order."""
    lock_insight(evidence.insight)
    pieces = list(evidence.insight.evidence.order_by("order", "pk"))
    at_bench = set(evidence.insight.evidence.at_bench().values_list("pk", flat=True))
    seen = [piece for piece in pieces if piece.pk in at_bench and piece != evidence]
    seen.insert(max(0, place), evidence)
    # What is not at the bench keeps its place among all.
    in_turn = iter(seen)
    ordered = [next(in_turn) if piece.pk in at_bench else piece for piece in pieces]
    for order, piece in enumerate(ordered, 1):
        if piece.order != order:
            piece.order = order
            piece.save(update_fields=["order"])


@transaction.atomic
def set_stories_aside(insight, stories, reason):
    """Leave stories out of an insight, with the reason; for those that are set aside already, it replaces theirs."""
    lock_insight(insight)
    used = insight.evidence.filter(story__in=stories).select_related("story")
    if used:
        raise ValidationError([f"“{piece.story}” is among the evidence. Take it out first." for piece in used])
    for story in stories:
        SetAside.objects.update_or_create(insight=insight, story=story, defaults={"reason": reason})


@dataclass
class Reach:
    """One dimension of the programme: where supporting stories come from, and where none does.

    `facet` and the keys are those of the filter of stories; `heard` is [(thing, key, how many stories)] and
    `missing` [(thing, key)].
    """

    noun: str
    facet: str
    heard: list
    missing: list

    def __str__(self):
        return f"{len(self.heard)} of {len(self.heard) + len(self.missing)} {self.noun}"


def draft_reach(insight, pieces):
    """How far the stories among these pieces of support reach, published or not, in what the programme covers."""
    stories = [piece.story for piece in pieces if piece.story and piece.role == Role.SUPPORTS]
    workshops = Workshop.objects.filter(phase__programme=insight.programme_id)
    dimensions = [
        ("service areas", "service_area", ServiceArea.objects.filter(workshops__in=workshops).distinct(), "slug",
         [story.service_area_id for story in stories]),
        ("places", "place", Place.objects.filter(workshops__in=workshops).distinct(), "code",
         [story.place_id for story in stories]),
        ("phases", "phase", Phase.objects.filter(programme=insight.programme_id), "number",
         [story.workshop.phase_id for story in stories]),
        ("workshops", "workshop", workshops, "slug", [story.workshop_id for story in stories]),
    ]  # fmt: skip
    found = []
    for noun, facet, things, key, reached in dimensions:
        counts = Counter(reached)
        things = list(things)
        found.append(
            Reach(
                noun,
                facet,
                [(thing, getattr(thing, key), counts[thing.pk]) for thing in things if counts[thing.pk]],
                [(thing, getattr(thing, key)) for thing in things if not counts[thing.pk]],
            )
        )
    return found
