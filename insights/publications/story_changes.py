"""What happens to insights when stories change: the listener of `workshops.changes`."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from insights.models import Evidence, Insight, PublishedEvidence
from insights.publications.publishing import unpublish_unsupported
from workshops.choices import Consent, Status
from workshops.models import Story


def stories_changed(story_ids: Collection[int]) -> None:
    """Delete quotations of withdrawn stories, and unpublish insights that lose their support.

    Runs inside the transaction of the change.
    """
    gone = Story.objects.filter(pk__in=story_ids).exclude(pk__in=Story.objects.published().values("pk"))
    forget_quotations(gone.filter(Q(status=Status.WITHDRAWN) | Q(effective_consent__lt=Consent.PUBLIC)))
    rested_on_them = Evidence.objects.filter(Q(story__in=gone) | Q(practice__stories__in=story_ids))
    unpublish_unsupported(Insight.objects.published().filter(pk__in=rested_on_them.values("insight")))


def forget_quotations(stories: QuerySet[Story]) -> None:
    """Delete all quotations of these stories, in working copies too. Versions keep the digests, so that their hashes still verify."""
    Evidence.with_working_copies.filter(story__in=stories).update(excerpt="", excerpt_start=None)
    PublishedEvidence.objects.filter(story_ref__in=stories.values("ref")).update(excerpt="", salt="")
