"""What happens to insights when stories change: the listeners of `workshops.changes`."""

from collections import defaultdict
from collections.abc import Collection

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from insights.models import Evidence, Insight, PublishedEvidence
from insights.publications.publishing import unpublish_insight, unpublish_unsupported
from workshops.choices import Consent, Status
from workshops.consent.runs import is_wordless
from workshops.models import HiddenPassage, Practice, Story


def stories_changed(story_ids: Collection[int]) -> None:
    """Delete quotations of withdrawn stories, and unpublish insights that lose their support.

    Runs inside the transaction of the change.
    """
    gone = Story.objects.filter(pk__in=story_ids).exclude(pk__in=Story.objects.published().values("pk"))
    forget_quotations(gone.filter(Q(status=Status.WITHDRAWN) | Q(effective_consent__lt=Consent.PUBLIC)))
    unpublish_unsupported(resting_on(story_ids))


def resting_on(story_ids: Collection[int]) -> QuerySet[Insight]:
    """The published insights with evidence from these stories, directly or through a practice."""
    evidence = Evidence.objects.filter(Q(story__in=story_ids) | Q(practice__stories__in=story_ids))
    return Insight.objects.published().filter(pk__in=evidence.values("insight"))


def words_hidden(passages: Collection[HiddenPassage]) -> None:
    """Unpublish insights that say nothing any more, or lost support, because words of theirs or of a practice were cut.

    Runs inside the transaction of the change.
    """
    for insight in Insight.objects.published().filter(pk__in=rows_of(passages, Insight)):
        if any(is_wordless(getattr(insight, name)) for name in ("title", "summary", "body")):
            unpublish_insight(insight)
    of_practices = Evidence.objects.filter(practice__in=rows_of(passages, Practice)).values("insight")
    touched = Q(pk__in=rows_of(passages, Insight)) | Q(pk__in=of_practices)
    unpublish_unsupported(Insight.objects.published().filter(touched))


def rows_of(passages: Collection[HiddenPassage], model: type[Model]) -> list[int]:
    return [passage.row for passage in passages if passage.model == model._meta.label]


def foretell_unpublishing(story_ids: Collection[int]) -> list[str]:
    """Which insights would come down with these stories, tried out and taken back at once."""
    with transaction.atomic():
        Story.objects.published().filter(pk__in=story_ids).update(status=Status.UNPUBLISHED)
        down = unpublish_unsupported(resting_on(story_ids))
        transaction.set_rollback(True)
    says = _("The insight “%(insight)s” is unpublished with it: it would not have the support that publishing needs.")
    return [says % {"insight": insight} for insight in down]


def where_quoted(story_ids: Collection[int]) -> list[str]:
    """A sentence for each insight that quotes these stories or rests on them, with the versions that do."""
    refs = Story.objects.filter(pk__in=story_ids).values("ref")
    versions: defaultdict[int, list[int]] = defaultdict(list)
    quoting = PublishedEvidence.objects.filter(story_ref__in=refs).exclude(excerpt="")
    places = quoting.order_by().values_list("publication__insight", "publication__version")
    for insight, version in places.distinct():
        versions[insight].append(version)
    resting = Evidence.objects.filter(story__in=story_ids).values_list("insight", flat=True)
    named = Insight.objects.filter(pk__in={*versions, *resting}).order_by("title")
    return [where_it_stands(insight, sorted(versions[insight.pk])) for insight in named]


def where_it_stands(insight: Insight, versions: list[int]) -> str:
    if not versions:
        return _("The insight “%(insight)s” rests on it and does not quote it.") % {"insight": insight}
    says = ngettext(
        "The insight “%(insight)s” quotes it, in version %(versions)s.",
        "The insight “%(insight)s” quotes it, in versions %(versions)s.",
        len(versions),
    )
    return says % {"insight": insight, "versions": ", ".join(map(str, versions))}


def forget_quotations(stories: QuerySet[Story]) -> None:
    """Delete all quotations of these stories, in working copies too. Versions keep the digests, so that their hashes still verify."""
    Evidence.with_working_copies.filter(story__in=stories).update(excerpt="", excerpt_start=None)
    PublishedEvidence.objects.filter(story_ref__in=stories.values("ref")).update(excerpt="", salt="")
