from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workshops.models.participants import Participant
from workshops.models.programmes import Workshop, in_workshops_of
from workshops.models.stories import Story
from workshops.roles import ADMINISTRATOR, edited_by, roles_of


class ReadingKind(models.TextChoices):
    """What somebody had shown to them."""

    IDENTITY = "identity", _("name and contact")
    WORDS = "words", _("words as told")


class PrivateReadingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Editors see those of their programmes' workshops, administrators all."""
        if ADMINISTRATOR in roles_of(user):
            return self
        edited = edited_by(user)
        return self if edited.is_everything else self.filter(in_workshops_of(edited))


class PrivateReading(models.Model):
    """Somebody had a participant's name and contact, or a story's words as told, shown to them: who, whose and when.

    It holds no words, and of a participant no code: with the person their code goes from here.
    """

    # An account that has read can be closed but not deleted, so that this record stays complete.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("read by"))
    kind = models.CharField(_("what was read"), max_length=20, choices=ReadingKind)
    participant = models.ForeignKey(
        Participant, models.SET_NULL, null=True, related_name="readings", verbose_name=_("participant")
    )
    story = models.ForeignKey(Story, models.SET_NULL, null=True, related_name="readings", verbose_name=_("story"))
    story_ref = models.CharField(_("story ref"), max_length=100, blank=True)
    workshop = models.ForeignKey(Workshop, models.SET_NULL, null=True, related_name="+", verbose_name=_("workshop"))
    read_at = models.DateTimeField(_("read at"), default=timezone.now)

    objects = PrivateReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading of names or words")
        verbose_name_plural = _("readings of names and words")
        ordering = ["-read_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ReadingKind.values), name="reading_kind_is_known"),
            models.CheckConstraint(
                condition=(Q(kind=ReadingKind.WORDS) & ~Q(story_ref="")) | Q(kind=ReadingKind.IDENTITY, story_ref=""),
                name="reading_of_words_has_a_ref",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.read_at:%Y-%m-%d}"


def record_private_reading(by, *, participant=None, story=None, workshop=None):
    """Record that somebody has a participant's name, or a story's words as told, shown to them now."""
    return PrivateReading.objects.create(
        by=by,
        kind=ReadingKind.WORDS if story else ReadingKind.IDENTITY,
        participant=participant,
        story=story,
        story_ref=story.ref if story else "",
        workshop=workshop,
    )


def forget_readings(participants: Collection[int]) -> int:
    """Take these participants, by primary key, out of the log: who read and when stays, of whom does not.

    Deleting a participant does the same; this is for one who stays without what they said. Returns how many lines.
    """
    return PrivateReading.objects.filter(participant__in=participants).update(participant=None)
