"""Publishing insights: what must be there first, the version that publishing freezes, and unpublishing."""

import calendar
import hashlib
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Exists, Max, OuterRef, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from insights.choices import InsightKind, Role
from insights.evidence.coverage import coverage_of
from insights.models import Evidence, Insight, Publication, PublishedEvidence
from insights.models.insights import InsightQuerySet
from insights.publications.judged_words import insight_passages
from insights.publications.placeholders import placeholder_in
from insights.publications.second_reader import check_second_reader, end_reading
from insights.publications.working_copies import carry_over
from workshops.choices import MARKER, Consent, Status
from workshops.history import current_user
from workshops.judgements.judging import refuse_unjudged
from workshops.mail.subscriptions import tell_of_use
from workshops.models import Practice, Story
from workshops.stories.review import hold_stories

READ_TEXTS = {
    "title": gettext_lazy("title"),
    "summary": gettext_lazy("summary"),
    "body": gettext_lazy("body"),
    "actions": gettext_lazy("actions"),
    "none_found": gettext_lazy("none found"),
}
"""The fields of an insight in which readers find sentences."""


NOTHING_SAID = rf"^([\s.,;:!?“”‘’\"'()–—]|{re.escape(MARKER)})*$"
"""A text that is empty, or was cut out but for its punctuation, as both databases read it."""


@dataclass
class Gap:
    """One thing missing before an insight can be published, and the piece of evidence or the field it is about."""

    sentence: str
    evidence: Evidence | None = None
    field: str = ""


class VersionText(TypedDict):
    """The claim of an insight, as a publication keeps it."""

    title: str
    kind: str
    nature: str
    summary: str
    body: str
    actions: list[str]
    none_found: str
    themes: list[str]
    builds_on: list[str]


class VersionEvidence(TypedDict):
    """One piece of evidence, as a publication keeps it."""

    order: int
    role: str
    story_ref: str
    practice_ref: str
    excerpt: str


def publication_blockers(insight: Insight) -> list[str]:
    """What still keeps an insight from being published, a sentence each. Empty means it may be published."""
    return [gap.sentence for gap in gaps(insight)]


def blockers_elsewhere(insight: Insight) -> list[str]:
    """What would keep a published insight from being published with the evidence alone that readers see."""
    return [gap.sentence for gap in gaps_in_text(insight) + gaps_in_support(insight)]


def missing_support(insight: Insight) -> list[str]:
    """Which support is missing: published evidence for the insight, and published evidence or a search against it."""
    return [gap.sentence for gap in gaps_in_support(insight)]


def gaps(insight: Insight) -> list[Gap]:
    return gaps_in_text(insight) + gaps_in_address(insight) + unready_evidence(insight) + gaps_in_support(insight)


def gaps_in_text(insight: Insight) -> list[Gap]:
    """What of its words is still to be written. Asks the database nothing."""
    found = []
    if not insight.summary.strip():
        found.append(Gap(_("The summary is empty. Say the claim in one or two sentences."), field="summary"))
    if not insight.body.strip():
        found.append(Gap(_("The body is empty. Write what readers get below the claim."), field="body"))
    for field, name in READ_TEXTS.items():
        value = getattr(insight, field)
        text = "\n".join(value) if isinstance(value, list) else value
        if words := placeholder_in(text):
            says = _(
                "“%(words)s” in the %(field)s says that something is still to be written. Write it, or take it out."
            )
            found.append(Gap(says % {"words": words, "field": name}, field=field))
    return found


def gaps_in_address(insight: Insight) -> list[Gap]:
    """An address that a working copy is to get, and another insight got first."""
    if insight.next_slug and Insight.objects.filter(slug=insight.next_slug).exists():
        says = _("The address “%(slug)s” has become that of another insight. Choose another one.")
        return [Gap(says % {"slug": insight.next_slug}, field="slug")]
    return []


def unready_evidence(insight: Insight) -> list[Gap]:
    """Evidence that readers could not see, stories first. Withdrawn stories do not count: they no longer are evidence.

    What the person who asks may not read themselves, because it is of another programme, is named by its ref alone.
    """
    unready = insight.evidence.at_bench().exclude(pk__in=insight.evidence.public().values("pk"))
    reader = current_user()
    readable = unready.readable_by(reader) if reader else unready
    pieces = readable.select_related("story", "practice").order_by("order", "pk")
    of_stories = [Gap(unseen_story(piece.story), evidence=piece) for piece in pieces if piece.story]
    of_practices = [Gap(unseen_practice(piece.practice), evidence=piece) for piece in pieces if piece.practice]
    return of_stories + of_practices + unread_evidence(unready.exclude(pk__in=[piece.pk for piece in pieces]))


def unread_evidence(unready: QuerySet[Evidence]) -> list[Gap]:
    """The same for evidence of a programme whose drafts the person who asks may not read."""
    says = _(
        "“%(ref)s”, from another programme, is among the evidence, but not published. Ask an editor of that programme to "
        "publish it, or one of the whole archive to take it out."
    )
    pieces = unready.select_related("story", "practice").order_by("order", "pk")
    return [Gap(says % {"ref": piece.source.ref}, field="evidence") for piece in pieces]


def unseen_story(story: Story) -> str:
    """Why readers do not see a story, and what an editor can do about it."""
    if story.lowest_consent < Consent.PUBLIC:
        says = _(
            "The story “%(story)s” is among the evidence, but whoever told it has not agreed to have it published. "
            "Take it out."
        )
    elif story.status == Status.DRAFT:
        says = _(
            "The story “%(story)s” is among the evidence, but still a draft. "
            "Ask its facilitators to submit it and publish it then, or take it out."
        )
    else:
        says = _("The story “%(story)s” is among the evidence, but not published. Publish it, or take it out.")
    return says % {"story": story}


def unseen_practice(practice: Practice) -> str:
    says = _("The practice “%(practice)s” is among the evidence, but not published. Publish it, or take it out.")
    return says % {"practice": practice}


def gaps_in_support(insight: Insight) -> list[Gap]:
    if rests_on_findings(insight):
        return []
    found = []
    if not supporting_workshops(insight):
        says = _("No published story from any workshop supports it. Add supporting evidence.")
        found.append(Gap(says, field="evidence"))
    contradicted = insight.evidence.public().filter(role=Role.CONTRADICTS).exists()
    if not contradicted and re.search(NOTHING_SAID, insight.none_found):
        says = _("Nothing contradicts it. List a contradiction, or say in “none found” where you looked for one.")
        found.append(Gap(says, field="none_found"))
    return found


def rests_on_findings(insight: Insight) -> bool:
    """Whether it is a big idea or recommendation that builds on a published finding, and so needs no own evidence."""
    return (
        insight.kind != InsightKind.FINDING and insight.builds_on.published().filter(kind=InsightKind.FINDING).exists()
    )


def supporting_workshops(insight: Insight) -> set[int]:
    """The primary keys of the workshops whose published stories support it, directly or through a practice."""
    supports = insight.evidence.public().filter(role=Role.SUPPORTS)
    return set(stories_behind(supports).values_list("workshop", flat=True))


def stories_behind(evidence: QuerySet[Evidence]) -> QuerySet[Story]:
    """The published stories that are this evidence, or from which its practices come."""
    return Story.objects.published().filter(
        Q(pk__in=evidence.values("story")) | Q(practices__in=evidence.values("practice"))
    )


def stories_in_use(insight: Insight) -> QuerySet[Story]:
    """The published stories on which an insight rests, or which it quotes against itself."""
    return stories_behind(insight.evidence.public())


def is_from_single_workshop(insight: Insight) -> bool:
    """Whether all support comes from one workshop, which readers must be told."""
    return len(supporting_workshops(insight)) == 1


def with_gate(insights: InsightQuerySet) -> InsightQuerySet:
    """Annotate insights with what keeps each from being published, as booleans and in one query.

    `unready`, `unsupported` and `unopposed` are true where `publication_blockers` has a sentence about it; what is
    missing in the text asks the database nothing (`gaps_in_text`).
    """
    evidence = Evidence.with_working_copies.filter(insight=OuterRef("pk"))
    public = evidence.public()
    stories = Story.objects.published()
    supports = public.filter(role=Role.SUPPORTS).filter(
        Q(story__in=stories.values("pk")) | Q(practice__stories__in=stories.values("pk"))
    )
    findings = Insight.objects.published().filter(kind=InsightKind.FINDING, built_on_by=OuterRef("pk"))
    alone = Q(kind=InsightKind.FINDING) | ~Exists(findings)
    return insights.annotate(
        unready=Exists(evidence.at_bench().exclude(pk__in=Evidence.with_working_copies.public().values("pk"))),
        unsupported=Case(When(alone, then=~Exists(supports)), default=False),
        unopposed=Case(
            When(alone & Q(none_found__regex=NOTHING_SAID), then=~Exists(public.filter(role=Role.CONTRADICTS))),
            default=False,
        ),
    )


@transaction.atomic
def publish_insight(
    insight: Insight, on: date | None = None, is_imported: bool = False, *, is_from_shell: bool = False
) -> Publication:
    """Publish what editors have written, if nothing is missing, and freeze it as the next version. Returns the Publication.

    A ValidationError lists all that is missing, says that somebody else must publish it, or names passages of its texts
    and quotations that nobody has judged; of a file imported from the shell, those that are identifiers. Where text and evidence are
    those of the latest version, there is no new one.
    """
    on = on or timezone.localdate()
    hold_stories(stories_of_evidence(insight))
    insight.refresh_from_db(from_queryset=Insight.objects.select_for_update())
    hold_stories(stories_of_evidence(insight))  # what was attached meanwhile
    row = insight.as_written
    if sentences := publication_blockers(row):
        raise ValidationError(sentences)
    refuse_unjudged(insight, insight_passages(row), is_from_shell=is_from_shell)
    text, evidence = text_of(row), evidence_of(row)
    same = latest_if(insight, text, evidence)
    if not same:
        check_second_reader(row.written_by, current_user())
    if row != insight:
        carry_over(row, insight)
    end_reading(insight)
    insight.status = Status.PUBLISHED
    if not insight.look_again_on or insight.look_again_on <= on:
        insight.look_again_on = a_year_after(on)
    insight.save(update_fields=["status", "look_again_on"])
    if same:
        return same
    tell_of_use(stories_in_use(insight))
    return freeze_version(insight, on, text, evidence, is_imported)


def stories_of_evidence(insight: Insight) -> list[int]:
    """The primary keys of the stories that an insight or its working copy names."""
    pieces = Evidence.with_working_copies.filter(Q(insight=insight) | Q(insight__working_copy_of=insight))
    return list(pieces.filter(story__isnull=False).order_by("story").values_list("story", flat=True).distinct())


def latest_if(insight: Insight, text: VersionText, evidence: list[VersionEvidence]) -> Publication | None:
    """The latest version, if this is what it says."""
    latest = insight.publications.last()
    return latest if latest and (latest.text, frozen_evidence(latest)) == (text, evidence) else None


def a_year_after(day: date) -> date:
    """The same day a year later; of 29 February the 28th."""
    last = calendar.monthrange(day.year + 1, day.month)[1]
    return day.replace(year=day.year + 1, day=min(day.day, last))


def text_of(insight: Insight) -> VersionText:
    return {
        "title": insight.title,
        "kind": insight.kind,
        "nature": insight.nature,
        "summary": insight.summary,
        "body": insight.body,
        "actions": list(insight.actions),
        "none_found": insight.none_found,
        "themes": sorted(insight.themes.values_list("slug", flat=True)),
        "builds_on": sorted(insight.builds_on.values_list("slug", flat=True)),
    }


def evidence_of(insight: Insight) -> list[VersionEvidence]:
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


def frozen_evidence(publication: Publication) -> list[VersionEvidence]:
    return list(publication.evidence.values("order", "role", "story_ref", "practice_ref", "excerpt"))


def freeze_version(
    insight: Insight, on: date, text: VersionText, evidence: list[VersionEvidence], is_imported: bool = False
) -> Publication:
    last = insight.publications.aggregate(last=Max("version"))["last"] or 0
    publication = Publication(
        insight=insight,
        version=last + 1,
        published_on=on,
        text=text,
        reach=coverage_of(insight).frozen(),
        published_by=current_user(),
        published_at=timezone.now(),
        is_imported=is_imported,
    )
    pieces = [PublishedEvidence(publication=publication, **piece) for piece in evidence]
    for piece in pieces:
        if piece.excerpt:
            piece.salt = secrets.token_hex(16)
            piece.digest = excerpt_digest(piece)
    publication.hash = hash_of(publication, pieces)
    publication.save()
    PublishedEvidence.objects.bulk_create(pieces)
    return publication


def excerpt_digest(piece: PublishedEvidence) -> str:
    return hashlib.sha256((piece.salt + piece.excerpt).encode()).hexdigest()


def hash_of(publication: Publication, pieces: list[PublishedEvidence]) -> str:
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


def verify_hash(publication: Publication) -> bool:
    """Whether a version is still what was published; quotations that were withdrawn are left out."""
    pieces = list(publication.evidence.all())
    quotations_hold = all(piece.digest == excerpt_digest(piece) for piece in pieces if piece.excerpt)
    return quotations_hold and publication.hash == hash_of(publication, pieces)


@transaction.atomic
def unpublish_insight(insight: Insight) -> list[Insight]:
    """Unpublish an insight, and the insights that only it supported. Returns all that were unpublished.

    A working copy stays: it is what editors go on with.
    """
    insight.refresh_from_db(from_queryset=Insight.objects.select_for_update())
    if insight.status != Status.PUBLISHED:
        return []
    insight.status = Status.UNPUBLISHED
    insight.save(update_fields=["status"])
    return [insight, *unpublish_unsupported(insight.built_on_by.published())]


def unpublish_unsupported(insights: Iterable[Insight]) -> list[Insight]:
    """Unpublish those of these insights that no longer have enough support to be published."""
    return [down for insight in insights if missing_support(insight) for down in unpublish_insight(insight)]


def would_be_unpublished(insights: Iterable[Insight]) -> list[Insight]:
    """All that would be unpublished together with these published insights: they first, then what rests on them."""
    with transaction.atomic():
        down = [each for insight in insights for each in unpublish_insight(insight)]
        transaction.set_rollback(True)
    return down


@transaction.atomic
def publish_again(insights: Iterable[Insight]) -> list[Insight]:
    """Take back that these insights were unpublished. Returns those that are published again.

    Only what is still as in its latest version, still has its support, and has no passage that nobody has judged comes
    back; whatever else was written waits.
    """
    asked = [insight.pk for insight in insights]
    waiting, back = list(Insight.objects.select_for_update().filter(pk__in=asked)), []
    while waiting:
        ready = [insight for insight in waiting if may_come_back(insight)]
        if not ready:
            break
        for insight in ready:
            insight.status = Status.PUBLISHED
            insight.save(update_fields=["status"])
        back += ready
        waiting = [insight for insight in waiting if insight not in ready]
    return back


def may_come_back(insight: Insight) -> bool:
    if not is_as_published(insight) or missing_support(insight):
        return False
    return not any(passage.is_open for passage in insight_passages(insight))


def is_as_published(insight: Insight) -> bool:
    """Whether text and evidence of an unpublished insight are those of its latest version."""
    same = latest_if(insight, text_of(insight), evidence_of(insight))
    return same is not None and insight.status == Status.UNPUBLISHED


def is_up_to_date(insight: Insight) -> bool:
    """Whether an insight is published, and there is nothing to publish of it."""
    row = insight.as_written
    return insight.status == Status.PUBLISHED and latest_if(insight, text_of(row), evidence_of(row)) is not None
