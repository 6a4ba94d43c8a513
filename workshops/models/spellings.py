from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import dateformat, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.choices import MARKER
from workshops.fields import PlainTextField
from workshops.models.votes import Practice


class SpellingCorrectionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(confirmed_on=None)

    def visible_to(self, user):
        """Those of practices that this person sees."""
        return self.filter(practice__in=Practice.objects.visible_to(user).values("pk"))


class SpellingCorrection(models.Model):
    """A slip of the pen in a released practice: one editor proposes the right spelling, a second one confirms it.

    The words that people voted on stay here, and readers see them beside those that took their place.
    """

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="spellings", verbose_name=_("practice"))
    before = PlainTextField(_("as people voted on it"))
    after = PlainTextField(_("as it should be spelt"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_on = models.DateField(_("confirmed on"), null=True)

    objects = SpellingCorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction of a spelling")
        verbose_name_plural = _("corrections of spellings")
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice"], condition=Q(confirmed_on=None), name="one_open_spelling_a_practice"
            ),
            models.CheckConstraint(
                # Where both spellings were hidden, both are the marker.
                condition=~Q(after="") & (~Q(before=F("after")) | Q(after__contains=MARKER)),
                name="spelling_correction_changes_words",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by=None) | Q(confirmed_by=None) | ~Q(proposed_by=F("confirmed_by")),
                name="spelling_is_confirmed_by_another",
            ),
        ]

    def __str__(self):
        return gettext("Spelling of %(practice)s") % {"practice": self.practice_id}

    @property
    def note(self):
        """What readers are told of it."""
        words = {"day": dateformat.format(self.confirmed_on, "j F Y"), "before": self.before.strip()}
        return gettext("Its spelling was corrected on %(day)s. People voted on “%(before)s”.") % words
