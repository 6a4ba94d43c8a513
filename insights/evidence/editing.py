"""How editors change the evidence of an insight, and how far the support of a draft reaches.

Each step first locks the insight, so that two editors at once do not undo each other's work. What cannot be done
raises a ValidationError for the editor to read, and then nothing is changed.
"""

import re
from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from insights.choices import Role, Traced
from insights.evidence.quotations import may_quote
from insights.models import Evidence, Insight
from workshops.fields import with_plain_line_ends
from workshops.models import Phase, Place, Practice, ServiceArea, Story, Workshop
from workshops.stories.review import lock_and_refresh

MAX_REASON_LENGTH = 100
"""What a history has room for."""


def lock_insight(insight: Insight) -> None:
    """Make other editors of the same insight, or of its working copy, wait until this transaction ends."""
    Insight.objects.select_for_update().get(pk=insight.working_copy_of_id or insight.pk)
    if insight.working_copy_of_id and not Insight.with_working_copies.filter(pk=insight.pk).exists():
        says = _(
            "Somebody published or discarded this working copy meanwhile, so nothing was changed. Open the page anew."
        )
        raise ValidationError(says)


@transaction.atomic
def attach_evidence(
    insight: Insight, source: Story | Practice, role: str, passage: str = "", start: int | None = None
) -> Evidence:
    """Make a story or practice the last piece of the evidence. A story that was set aside no longer is."""
    if isinstance(source, Story):
        lock_and_refresh(source)
    lock_insight(insight)
    kind = "story" if isinstance(source, Story) else "practice"
    last = insight.evidence.aggregate(last=Max("order"))["last"] or 0
    evidence = Evidence(insight=insight, role=role, order=last + 1, **{kind: source})
    quote_passage(evidence, passage, start)
    trace_quotation(evidence, "")
    try:
        with transaction.atomic():
            evidence.save()
    except IntegrityError:
        raise ValidationError(_("“%(source)s” is among the evidence already.") % {"source": source}) from None
    if kind == "story":
        insight.set_aside.filter(story=source).delete()
    return evidence


@transaction.atomic
def change_evidence(evidence: Evidence, role: str, passage: str, start: int | None = None) -> None:
    """Change what a piece of evidence does to the claim, and which passage of it is quoted."""
    if evidence.story:
        lock_and_refresh(evidence.story)
    lock_insight(evidence.insight)
    before = evidence.excerpt
    evidence.role = role
    if with_plain_line_ends(passage).strip() != evidence.excerpt or start is not None:
        quote_passage(evidence, passage, start)
    trace_quotation(evidence, before)
    evidence.save(update_fields=["role", "excerpt"])


def trace_quotation(evidence: Evidence, before: str) -> None:
    """Let the history tell that a passage is quoted from now on, or none any more; it keeps no passage itself."""
    if evidence.excerpt != before:
        evidence._change_reason = Traced.QUOTED if evidence.excerpt else Traced.UNQUOTED


def quote_passage(evidence: Evidence, passage: str, start: int | None = None) -> None:
    """Make a passage of the published wording the excerpt, letter by letter as it stands there.

    `start`, in code points, says which of several identical passages is meant; without it, the first is.
    """
    words = passage.split()
    if not words:
        evidence.excerpt, evidence.excerpt_start = "", None
        return
    if evidence.story and not may_quote(evidence.story, evidence.insight):
        says = _(
            "Who told “%(source)s” has taken back what was quoted of it here. It stays evidence, without its words."
        )
        raise ValidationError(says % {"source": evidence.source})
    # Text copied from a page may have its line breaks in other places.
    found = list(re.finditer(r"\s+".join(map(re.escape, words)), evidence.wording))
    if not found:
        says = _("The published wording of “%(source)s” does not say this. Copy the passage letter by letter.")
        raise ValidationError(says % {"source": evidence.source})
    match = min(found, key=lambda match: abs(match.start() - (start or 0)))
    evidence.excerpt, evidence.excerpt_start = match.group(), match.start()


@transaction.atomic
def remove_evidence(evidence: Evidence, reason: str = "") -> None:
    """Take a piece out of the evidence; the history keeps the reason, of at most `MAX_REASON_LENGTH`, if there is one."""
    lock_insight(evidence.insight)
    evidence._change_reason = reason or None
    evidence.delete()


@transaction.atomic
def put_evidence_back(
    insight: Insight, source: Story | Practice, role: str, passage: str, start: int | None, place: int
) -> Evidence:
    """Undo what was done to a piece of evidence: the role, quotation and place, from 0, that it had."""
    kind = "story" if isinstance(source, Story) else "practice"
    evidence = insight.evidence.filter(**{kind: source}).first()
    if evidence:
        change_evidence(evidence, role, passage, start)
    else:
        evidence = attach_evidence(insight, source, role, passage, start)
    move_evidence(evidence, place)
    return evidence


@transaction.atomic
def move_evidence(evidence: Evidence, place: int) -> None:
    """Put a piece of evidence at this place, from 0, among those that editors see. The others keep their order."""
    lock_insight(evidence.insight)
    pieces = list(evidence.insight.evidence.order_by("order", "pk"))
    at_bench = set(evidence.insight.evidence.at_bench().values_list("pk", flat=True))
    seen = [piece for piece in pieces if piece.pk in at_bench and piece != evidence]
    seen.insert(max(0, place), evidence)
    # Evidence that editors do not see keeps its place among all.
    in_turn = iter(seen)
    ordered = [next(in_turn) if piece.pk in at_bench else piece for piece in pieces]
    for order, piece in enumerate(ordered, 1):
        if piece.order != order:
            piece.order = order
            piece._change_reason = Traced.MOVED if piece == evidence else None
            piece.save(update_fields=["order"])


@transaction.atomic
def set_stories_aside(insight: Insight, stories: QuerySet[Story], reason: str) -> None:
    """Set stories aside for an insight, with the reason; stories that are set aside already get the new reason."""
    lock_insight(insight)
    used = insight.evidence.filter(story__in=stories).select_related("story")
    if used:
        says = _("“%(story)s” is among the evidence. Take it out first.")
        raise ValidationError([says % {"story": piece.story} for piece in used])
    for story in stories:
        insight.set_aside.update_or_create(story=story, defaults={"reason": reason})


@dataclass
class DraftReach:
    """One dimension of the programme: where supporting stories come from, and where none does.

    `facet` and the keys are those of the filter of stories; `heard` is [(thing, key, how many stories)] and
    `missing` [(thing, key)].
    """

    facet: str
    heard: list[tuple[Model, object, int]]
    missing: list[tuple[Model, object]]

    def __str__(self) -> str:
        return DRAFT_REACH[self.facet] % {"reached": len(self.heard), "of": len(self.heard) + len(self.missing)}


DRAFT_REACH = {
    "service_area": ngettext_lazy("%(reached)s of %(of)s service", "%(reached)s of %(of)s services", "of"),
    "place": ngettext_lazy("%(reached)s of %(of)s place", "%(reached)s of %(of)s places", "of"),
    "phase": ngettext_lazy("%(reached)s of %(of)s phase", "%(reached)s of %(of)s phases", "of"),
    "workshop": ngettext_lazy("%(reached)s of %(of)s workshop", "%(reached)s of %(of)s workshops", "of"),
}


def draft_reach(insight: Insight, pieces: list[Evidence]) -> list[DraftReach]:
    """How far the stories among these pieces of support reach, published or not, in what the programme covers."""
    stories = [piece.story for piece in pieces if piece.story and piece.role == Role.SUPPORTS]
    workshops = Workshop.objects.filter(phase__programme=insight.programme_id)
    areas = ServiceArea.objects.filter(workshops__in=workshops).distinct()
    places = Place.objects.filter(workshops__in=workshops).distinct()
    phases = Phase.objects.filter(programme=insight.programme_id)
    return [
        reach_of("service_area", areas, "slug", [story.service_area_id for story in stories]),
        reach_of("place", places, "code", [story.place_id for story in stories]),
        reach_of("phase", phases, "number", [story.workshop.phase_id for story in stories]),
        reach_of("workshop", workshops, "slug", [story.workshop_id for story in stories]),
    ]


def reach_of(facet: str, things: QuerySet, key: str, reached: list[int | None]) -> DraftReach:
    """The reach among these things; `reached` holds the primary key that each story has, `key` names their field."""
    counts, keyed = Counter(reached), [(thing, getattr(thing, key)) for thing in things]
    return DraftReach(
        facet,
        heard=[(thing, value, counts[thing.pk]) for thing, value in keyed if counts[thing.pk]],
        missing=[(thing, value) for thing, value in keyed if not counts[thing.pk]],
    )
