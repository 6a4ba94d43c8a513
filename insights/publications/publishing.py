"""The gate before an insight is published, and the version that publishing freezes."""

import hashlib
import json
import secrets
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Exists, Max, OuterRef, Q, When
from django.utils import timezone

from insights.choices import InsightKind, Role
from insights.evidence.coverage import with_coverage
from insights.models import Evidence, Insight, Publication, PublishedEvidence
from workshops.choices import Consent, Status
from workshops.models import Story


@dataclass
class Gap:
    """One thing that stands before publishing, and what it is about: a piece of the evidence, or a field."""

    sentence: str
    evidence: Evidence | None = None
    field: str = ""


def publication_blockers(insight):
    """What still stands between an insight and its readers, a sentence each. Empty means it may be published."""
    return [gap.sentence for gap in gaps(insight)]


def missing_support(insight):
    """Of what is missing, that which its published evidence, or the findings it builds on, leave to be wished for."""
    return [gap.sentence for gap in gaps_in_support(insight)]


def gaps(insight):
    return unready_evidence(insight) + gaps_in_support(insight)


def unready_evidence(insight):
    """Evidence that readers could not see. What was withdrawn is no longer evidence, and stands in nobody's way."""
    unready = insight.evidence.at_bench().exclude(pk__in=insight.evidence.public().values("pk"))
    return [
        *(
            Gap(f"The story “{evidence.story}” is among the evidence, but {unseen(evidence.story)}", evidence=evidence)
            for evidence in unready.exclude(story=None).select_related("story").order_by("order", "pk")
        ),
        *(
            Gap(
                f"The practice “{evidence.practice}” is among the evidence, but not published. Publish it, or take it out.",
                evidence=evidence,
            )
            for evidence in unready.exclude(practice=None).select_related("practice").order_by("order", "pk")
        ),
    ]


def unseen(story):
    """Why readers do not see a story, and what an editor can do about it."""
    if story.lower_consent < Consent.PUBLIC:
        return "whoever told it has not agreed to have it published. Take it out."
    if story.status == Status.DRAFT:
        return "still a draft. Ask its facilitators to submit it and publish it then, or take it out."
    return "not published. Publish it, or take it out."


def gaps_in_support(insight):
    if rests_on_findings(insight):
        return []
    found = []
    if not supporting_workshops(insight):
        found.append(
            Gap("No published story from any workshop supports it. Add supporting evidence.", field="evidence")
        )
    contradicted = insight.evidence.public().filter(role=Role.CONTRADICTS).exists()
    if not contradicted and not insight.none_found.strip():
        found.append(
            Gap(
                "Nothing contradicts it. List a contradiction, or say in “none found” where you looked for one.",
                field="none_found",
            )
        )
    return found


def rests_on_findings(insight):
    """A big idea or recommendation may lean on the published findings that it builds on."""
    return (
        insight.kind != InsightKind.FINDING and insight.builds_on.published().filter(kind=InsightKind.FINDING).exists()
    )


def supporting_workshops(insight):
    """The primary keys of the workshops whose published stories support it, themselves or through a practice."""
    supports = insight.evidence.public().filter(role=Role.SUPPORTS)
    stories = Story.objects.published().filter(
        Q(pk__in=supports.values("story")) | Q(practices__in=supports.values("practice"))
    )
    return set(stories.values_list("workshop", flat=True))


def is_from_single_workshop(insight):
    """Whether readers must be told that all support comes from one room."""
    return len(supporting_workshops(insight)) == 1


def with_gate(insights):
    """Adds to a queryset of insights what stands before publishing each, as yes or no and in one query.

    `unready`, `unsupported` and `unopposed` are true where `publication_blockers` has a sentence about it.
    """
    evidence = Evidence.objects.filter(insight=OuterRef("pk"))
    public = evidence.public()
    stories = Story.objects.published()
    supports = public.filter(role=Role.SUPPORTS).filter(
        Q(story__in=stories.values("pk")) | Q(practice__stories__in=stories.values("pk"))
    )
    findings = Insight.objects.published().filter(kind=InsightKind.FINDING, built_on_by=OuterRef("pk"))
    alone = Q(kind=InsightKind.FINDING) | ~Exists(findings)
    return insights.annotate(
        unready=Exists(evidence.at_bench().exclude(pk__in=Evidence.objects.public().values("pk"))),
        unsupported=Case(When(alone, then=~Exists(supports)), default=False),
        unopposed=Case(
            When(alone & Q(none_found__regex=r"^\s*$"), then=~Exists(public.filter(role=Role.CONTRADICTS))),
            default=False,
        ),
    )


@transaction.atomic
def publish_insight(insight, on=None):
    """Publish an insight through its gate, and freeze it as the next version. Returns the Publication.

    A ValidationError says all that is missing. There is one version a day: once more on the same day gives
    that day's version back if nothing has changed since, and is refused if something has.
    """
    on = on or timezone.localdate()
    insight.refresh_from_db(from_queryset=Insight.objects.select_for_update())
    if sentences := publication_blockers(insight):
        raise ValidationError(sentences)
    text, evidence = text_of(insight), evidence_of(insight)
    publication = insight.publications.filter(published_on=on).first()
    if publication and (publication.text, frozen_evidence(publication)) != (text, evidence):
        raise ValidationError(
            f"It was published on {on} already and has changed since. There is one version a day: "
            "publish the change on another."
        )
    insight.status = Status.PUBLISHED
    insight.save(update_fields=["status"])
    return publication or freeze_version(insight, on, text, evidence)


def text_of(insight):
    """The claim as {field: value}, as a publication keeps it."""
    return {
        "title": insight.title,
        "kind": insight.kind,
        "nature": insight.nature,
        "summary": insight.summary,
        "body": insight.body,
        "actions": insight.actions,
        "none_found": insight.none_found,
        "themes": sorted(insight.themes.values_list("slug", flat=True)),
        "builds_on": sorted(insight.builds_on.values_list("slug", flat=True)),
    }


def evidence_of(insight):
    """What a publication keeps of each piece of evidence, its quotation last."""
    return [
        {
            "order": evidence.order,
            "role": evidence.role,
            "story_ref": evidence.story.ref if evidence.story else "",
            "practice_ref": evidence.practice.ref if evidence.practice else "",
            "excerpt": evidence.quotation,
        }
        for evidence in insight.evidence.public().for_page()
    ]


def frozen_evidence(publication):
    return list(publication.evidence.values("order", "role", "story_ref", "practice_ref", "excerpt"))


def freeze_version(insight, on, text, evidence):
    last = insight.publications.aggregate(last=Max("version"))["last"] or 0
    reach = with_coverage(Insight.objects.filter(pk=insight.pk).for_page())[0].coverage.frozen()
    publication = Publication(insight=insight, version=last + 1, published_on=on, text=text, reach=reach)
    pieces = [PublishedEvidence(publication=publication, **piece) for piece in evidence]
    for piece in pieces:
        if piece.excerpt:
            piece.salt = secrets.token_hex(16)
            piece.digest = excerpt_digest(piece)
    publication.hash = hash_of(publication, pieces)
    publication.save()
    PublishedEvidence.objects.bulk_create(pieces)
    return publication


def excerpt_digest(piece):
    return hashlib.sha256((piece.salt + piece.excerpt).encode()).hexdigest()


def hash_of(publication, pieces):
    """SHA-256 over the version's canonical JSON, in which a digest stands for each excerpt."""
    content = {
        "version": publication.version,
        "published_on": publication.published_on.isoformat(),
        "text": publication.text,
        "reach": publication.reach,
        "evidence": [[piece.order, piece.role, piece.story_ref, piece.practice_ref, piece.digest] for piece in pieces],
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def verify_hash(publication):
    """Whether a version is still what was published, as far as withdrawals left its quotations."""
    pieces = list(publication.evidence.all())
    quotations_hold = all(piece.digest == excerpt_digest(piece) for piece in pieces if piece.excerpt)
    return quotations_hold and publication.hash == hash_of(publication, pieces)


@transaction.atomic
def unpublish_insight(insight):
    """Take an insight down, and with it what rested on it alone. Returns all that were taken down."""
    insight.refresh_from_db(from_queryset=Insight.objects.select_for_update())
    if insight.status != Status.PUBLISHED:
        return []
    insight.status = Status.UNPUBLISHED
    insight.save(update_fields=["status"])
    return [insight, *unpublish_unsupported(insight.built_on_by.published())]


def unpublish_unsupported(insights):
    """Take down those of these insights whose support no longer meets the gate."""
    return [down for insight in insights if missing_support(insight) for down in unpublish_insight(insight)]
