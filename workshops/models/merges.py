from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.choices import Choice
from workshops.models.participants import Participant
from workshops.models.programmes import Workshop
from workshops.models.vocabulary import RefField
from workshops.models.votes import Practice
from workshops.roles import is_editor


class PracticeMergeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """To editors the merges of practices that they edit."""
        if is_editor(user):
            return self
        return self.filter(into__in=Practice.objects.edited_by(user).values("pk"))


class MergedVoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(merge__in=PracticeMerge.objects.visible_to(user).values("pk"))


class PracticeMerge(models.Model):
    """Two practices that meant the same became one. The old one's ref leads to the one that stayed.

    `remembered` is what an undo needs besides the votes: fields, links, tallies, and what other apps moved.
    """

    ref = RefField(_("old ref"))
    statement = models.TextField(_("old statement"))
    into = models.ForeignKey(Practice, models.CASCADE, related_name="merges", verbose_name=_("practice that stayed"))
    remembered = models.JSONField(_("remembered"))
    is_last = models.BooleanField(
        _("is last"), default=True, help_text=_("Only until the practice that stayed is merged into another.")
    )
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("merged by")
    )
    merged_at = models.DateTimeField(_("merged at"), default=timezone.now)

    objects = PracticeMergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of practices")
        verbose_name_plural = _("merges of practices")
        ordering = ["-merged_at", "-pk"]

    def __str__(self):
        return gettext("“%(old)s” into “%(practice)s”") % {"old": self.statement, "practice": self.into}


class MergedVote(models.Model):
    """A vote as it was before two practices were merged. It goes with the person who cast it."""

    merge = models.ForeignKey(PracticeMerge, models.CASCADE, related_name="votes", verbose_name=_("merge"))
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="+", verbose_name=_("participant"))
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+", verbose_name=_("workshop"))
    choice = models.CharField(_("choice"), max_length=10, choices=Choice)
    vote = models.PositiveBigIntegerField(_("vote"), help_text=_("Its primary key."))
    is_of_kept = models.BooleanField(_("is of the practice that stayed"))
    from_phone = models.BooleanField(_("from a phone"), default=False)

    objects = MergedVoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("merged vote")
        verbose_name_plural = _("merged votes")
        constraints = [
            models.UniqueConstraint(
                fields=["merge", "participant", "is_of_kept"], name="one_merged_vote_a_person_and_practice"
            )
        ]

    def __str__(self):
        return gettext("Vote of %(merge)s") % {"merge": self.merge_id}
