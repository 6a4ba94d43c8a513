"""Taking one quotation back: its story stays public and stays evidence, without its words in this insight."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Q

from insights.models import Evidence, Insight, PublishedEvidence
from workshops.choices import Forgetting
from workshops.consent import free_pages, ledger
from workshops.consent.withdrawal import ForgettingOutcome
from workshops.models import MovedAddress, Story


def quotation_subject(ref: str, slug: str) -> str:
    """The ledger's subject of what an insight quotes of a story."""
    return ledger.subject_hash("quotation", ref, slug)


@transaction.atomic
def lower_quotation(story: Story, insight: Insight, reference: str = "") -> ForgettingOutcome:
    """Delete what an insight quotes of a story, in its working copy and all its versions, and let nobody quote it there again."""
    insight = insight.working_copy_of or insight
    forget_quotation(story.ref, insight)
    subject = quotation_subject(story.ref, insight.slug)
    return ForgettingOutcome(1, ledger.enter(Forgetting.QUOTATION, [subject], reference=reference))


def forget_quotation(ref: str, insight: Insight) -> None:
    pieces = Evidence.with_working_copies.filter(Q(insight=insight) | Q(insight__working_copy_of=insight))
    pieces.filter(story__ref=ref).update(excerpt="", excerpt_start=None)
    versions = PublishedEvidence.objects.filter(publication__insight=insight, story_ref=ref)
    versions.update(excerpt="", salt="")
    free_pages.scrub()


def slugs_of(insights: Iterable[Insight]) -> dict[int, set[str]]:
    """{primary key: every slug that an insight has or had}."""
    slugs = {insight.pk: {insight.slug} for insight in insights}
    moved = MovedAddress.objects.filter(kind=Insight._meta.label_lower, row__in=slugs)
    for pk, key in moved.values_list("row", "key"):
        slugs[pk].add(key)
    return slugs


def may_quote(story: Story, insight: Insight) -> bool:
    """Whether nobody has taken back what this insight quoted of a story."""
    insight = insight.working_copy_of or insight
    subjects = {quotation_subject(story.ref, slug): slug for slug in slugs_of([insight])[insight.pk]}
    return not ledger.forgotten_among(Forgetting.QUOTATION, subjects)


@ledger.replays(Forgetting.QUOTATION)
def forget_quotations_again(lines: Collection[ledger.LedgerLine]) -> None:
    wanted = {line.subject for line in lines}
    quoted = Evidence.with_working_copies.exclude(excerpt="").filter(story__isnull=False)
    refs: defaultdict[int, set[str]] = defaultdict(set)
    for ref, insight in quoted.values_list("story__ref", "insight"):
        refs[insight].add(ref)
    for ref, insight in PublishedEvidence.objects.exclude(excerpt="").values_list("story_ref", "publication__insight"):
        refs[insight].add(ref)
    insights = {row.pk: row for row in Insight.with_working_copies.filter(pk__in=refs)}
    readers = {pk: row.working_copy_of or row for pk, row in insights.items()}
    slugs = slugs_of(readers.values())
    for pk, insight in readers.items():
        for ref in refs[pk]:
            if wanted & {quotation_subject(ref, slug) for slug in slugs[insight.pk]}:
                forget_quotation(ref, insight)
