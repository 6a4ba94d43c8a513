from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import dateformat
from django.utils.translation import gettext_lazy as _

from insights.choices import LookOutcome
from insights.models.insights import Insight, InsightPartQuerySet
from workshops.fields import PlainTextField

FOUND = {
    LookOutcome.HOLDS: _("Looked at again on %(day)s: it holds, because %(reason)s"),
    LookOutcome.NARROWED: _("Looked at again on %(day)s: it holds for less than it said, because %(reason)s"),
    LookOutcome.NO_LONGER: _("Looked at again on %(day)s: it no longer holds, because %(reason)s"),
    LookOutcome.NEEDS_STORIES: _("Looked at again on %(day)s: it needs more stories, because %(reason)s"),
}
"""What readers are told of a look."""


class FreshLook(models.Model):
    """A day on which editors asked whether a published insight still holds, what they found, and why."""

    insight = models.ForeignKey(Insight, models.CASCADE, related_name="looks", verbose_name=_("insight"))
    looked_on = models.DateField(_("looked on"))
    outcome = models.CharField(_("what you found"), max_length=20, choices=LookOutcome)
    reason = PlainTextField(_("because"), help_text=_("Readers see it. It goes on from “it holds, because …”."))
    looked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("looked by")
    )

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

    @property
    def sentence(self):
        day = dateformat.format(self.looked_on, "j F Y")
        return FOUND[LookOutcome(self.outcome)] % {"day": day, "reason": self.reason}
