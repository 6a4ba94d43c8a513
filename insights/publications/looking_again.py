"""A published insight is looked at again on its day: whether it still holds, and why."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from insights.evidence.editing import lock_insight
from insights.models import FreshLook, Insight
from workshops.history import current_user


@transaction.atomic
def record_look(insight: Insight, outcome: str, reason: str, look_again_on: date) -> FreshLook:
    """Keep what editors found today. Its working copy, if there is one, gets the next day too."""
    lock_insight(insight)
    Insight.with_working_copies.filter(pk__in=[insight.pk, insight.as_written.pk]).update(look_again_on=look_again_on)
    return FreshLook.objects.create(
        insight=insight, looked_on=timezone.localdate(), outcome=outcome, reason=reason, looked_by=current_user()
    )


def due_for_a_look() -> QuerySet[Insight]:
    """Published insights whose day has come, the longest overdue first."""
    due = Insight.objects.published().filter(look_again_on__lt=timezone.localdate())
    return due.order_by("look_again_on", "slug")


def last_looked_at(insight: Insight, looks: list[FreshLook], published_on: date | None) -> date | None:
    """The day on which an insight was looked at last, if it is time to do so again; else None."""
    if not insight.look_again_on or insight.look_again_on >= timezone.localdate():
        return None
    return max([look.looked_on for look in looks] + ([published_on] if published_on else []), default=None)
