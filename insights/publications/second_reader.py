"""Another person publishes what one person wrote, where the archive asks for it (SECOND_READER=1).

Without it the desk offers to ask for a second reading, and publishes either way.
"""

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from insights.models import Insight
from workshops.history import current_user
from workshops.roles import edited_by


def check_second_reader(writer: User | None, reader: User | None) -> None:
    """Raise a ValidationError if this person may not publish or release it, because it is their own work.

    Nobody is the shell, whose users answer for the machine, or a writer who is not known: then nothing is refused.
    """
    if settings.SECOND_READER and writer and writer == reader:
        says = _(
            "You wrote this yourself. In this archive somebody else publishes what one person wrote: ask another "
            "editor for a second reading."
        )
        raise ValidationError(says)


def note_writer(row: Insight) -> None:
    """Remember who changed this draft or working copy last."""
    row.written_by = current_user()
    Insight.with_working_copies.filter(pk=row.pk).update(written_by=row.written_by)


def ask_for_reading(row: Insight) -> None:
    """Put a draft or working copy before the other editors."""
    row.reading_asked_by, row.reading_asked_at = current_user(), timezone.now()
    Insight.with_working_copies.filter(pk=row.pk).update(
        reading_asked_by=row.reading_asked_by, reading_asked_at=row.reading_asked_at
    )


def end_reading(row: Insight) -> None:
    row.reading_asked_by = row.reading_asked_at = None
    Insight.with_working_copies.filter(pk=row.pk).update(reading_asked_by=None, reading_asked_at=None)


def waiting_for_reading(reader: User) -> QuerySet[Insight]:
    """Drafts and working copies of this editor's programmes that somebody asked others to read, the longest wait first."""
    programmes = edited_by(reader)
    of_copies = Q(working_copy_of__isnull=False) & programmes.rows("working_copy_of__programme")
    theirs = of_copies | Q(working_copy_of__isnull=True) & programmes.rows("programme")
    asked = Insight.with_working_copies.exclude(reading_asked_at=None).filter(theirs)
    return asked.select_related("reading_asked_by", "working_copy_of").order_by("reading_asked_at", "pk")
