from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.choices import CorrectionState
from workshops.fields import LineField, PlainTextField
from workshops.models.programmes import Workshop, in_workshops_of
from workshops.models.stories import Story
from workshops.roles import edited_by


class CorrectionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=CorrectionState.OPEN)

    def visible_to(self, user):
        """Corrections of stories that this person sees: to editors those of their programmes, to facilitators those of their
        own workshops."""
        seen = self.filter(story__in=Story.objects.visible_to(user).values("pk"))
        own = Workshop.objects.facilitated_by(user).values("pk")
        return seen.filter(in_workshops_of(edited_by(user), "story__workshop") | Q(story__workshop__in=own))


class Correction(models.Model):
    """A change that is suggested to a published story, and what an editor decided about it.

    It comes from a facilitator, or from the person who told the story; they are answered within a month, may leave the
    wording to the editor, and read the answer with their slip.
    """

    story = models.ForeignKey(Story, models.CASCADE, related_name="corrections", verbose_name=_("story"))
    title = LineField(_("title"), max_length=250)
    published_text = PlainTextField(
        _("published wording"), blank=True, help_text=_("As readers should see it from now on.")
    )
    why = PlainTextField(_("why"), help_text=_("What is wrong as it stands. The editor reads it; readers do not."))
    suggested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("suggested by"),
    )
    is_from_teller = models.BooleanField(_("from who told it"), default=False, editable=False)
    answer_by = models.DateField(_("answer by"), null=True, blank=True, editable=False)
    suggested_at = models.DateTimeField(_("suggested at"), default=timezone.now, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=CorrectionState, default=CorrectionState.OPEN, editable=False
    )
    answer = PlainTextField(_("answer"), blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-suggested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=CorrectionState.OPEN, decided_at__isnull=True)
                | Q(state__in=[CorrectionState.TAKEN, CorrectionState.DECLINED], decided_at__isnull=False),
                name="correction_is_open_until_it_is_decided",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(why="") & (~Q(published_text="") | Q(is_from_teller=True)),
                name="correction_says_what_and_why",
            ),
            models.CheckConstraint(
                condition=Q(is_from_teller=False) | Q(answer_by__isnull=False, suggested_by__isnull=True),
                name="correction_from_teller_has_a_clock",
            ),
        ]

    def __str__(self):
        return gettext("Correction of %(story)s") % {"story": self.story.ref}

    def clean(self):
        if (self.title, self.published_text) == (self.story.title, self.story.published_text):
            raise ValidationError(
                gettext("Nothing is different from what readers see now. Change the title or the wording.")
            )
