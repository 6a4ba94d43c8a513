"""A published insight is looked at again on its day: whether it still holds, and why."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from insights.evidence.editing import lock_insight
from insights.models import FreshLook, Insight, Publication
from insights.models.insights import InsightQuerySet
from workshops.history import current_user


@transaction.atomic
def record_look(insight: Insight, outcome: str, reason: str, look_again_on: date) -> FreshLook:
    """Keep what editors found today. Its working copy, if there is one, gets the next day too."""
    lock_insight(insight)
    Insight.with_working_copies.filter(pk__in=[insight.pk, insight.as_written.pk]).update(look_again_on=look_again_on)
    return FreshLook.objects.create(
        insight=insight, looked_on=timezone.localdate(), outcome=outcome, reason=reason, looked_by=current_user()
    )


def due_for_a_look() -> InsightQuerySet:
    """Published insights whose day has come, the longest overdue first."""
    due = Insight.objects.published().filter(look_again_on__lt=timezone.localdate())
    return due.order_by("look_again_on", "slug")


def not_looked_at_since(insight: Insight, looks: list[FreshLook], version: Publication | None) -> date | None:
    """The day on which an insight was last looked at or published, once the day to look again has passed; else None."""
    if insight.look_again_on is None or insight.look_again_on >= timezone.localdate():
        return None
    days = [look.looked_on for look in looks] + ([version.published_on] if version else [])
    return max(days, default=None)
