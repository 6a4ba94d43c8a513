from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from insights.choices import LookOutcome
from insights.models.insights import Insight, InsightPartQuerySet
from workshops.fields import PlainTextField


class FreshLook(models.Model):
    """A day on which editors asked whether a published insight still holds, what they found, and why."""

    insight = models.ForeignKey(Insight, models.CASCADE, related_name="looks")
    looked_on = models.DateField()
    outcome = models.CharField(_("what you found"), max_length=20, choices=LookOutcome)
    reason = PlainTextField(_("because"), help_text=_("One or two sentences. Readers see them."))
    looked_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")

    objects = InsightPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("fresh look")
        verbose_name_plural = _("fresh looks")
        ordering = ["insight", "looked_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=LookOutcome.values), name="look_outcome_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="look_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.insight_id}: {self.outcome}"
