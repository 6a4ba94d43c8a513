"""“This is not what I meant”: a correction from the person who told a story, which an editor answers within a month."""

import calendar
import datetime

from django.db import transaction
from django.utils import timezone

from innovation_archive.contribution.acts import Deed
from workshops.models import Correction, Story


@transaction.atomic
def send_correction(story: Story, why: str, wording: str) -> Deed:
    """Put it into the editors' queue. Sent twice, it is there once."""
    today = timezone.localdate()
    words = {"title": story.title, "published_text": wording, "why": why}
    Story.objects.select_for_update().get(pk=story.pk)
    correction = story.corrections.open().filter(is_from_teller=True, **words).first()
    if correction is None:
        correction = Correction(story=story, is_from_teller=True, answer_by=a_month_after(today), **words)
        correction.full_clean()
        correction.save()
    return Deed("corrected", f"correction-{correction.pk}")


def a_month_after(day: datetime.date) -> datetime.date:
    """The same day of the next month, or its last if that month is shorter."""
    year, month = day.year + day.month // 12, day.month % 12 + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
