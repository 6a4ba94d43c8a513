from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.choices import Consent, ConsentWay
from workshops.fields import LineField
from workshops.models.participants import Participant
from workshops.models.stories import Story


class ConsentRecordQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of the stories and participants that this person sees."""
        stories, people = Story.objects.visible_to(user), Participant.objects.visible_to(user)
        return self.filter(Q(story__in=stories.values("pk")) | Q(participant__in=people.values("pk")))

    def levels_on_record(self, kind, givers):
        """{primary key: the level recorded last} of these stories or participants; `kind` is the name of the field."""
        latest = self.filter(**{kind: OuterRef(kind)}).order_by("-pk").values("pk")[:1]
        rows = self.filter(**{f"{kind}__in": givers}, pk=Subquery(latest))
        return dict(rows.values_list(kind, "level"))


class ConsentRecord(models.Model):
    """What stands behind a level of consent: which wording somebody agreed to, when, how, and who recorded it.

    A story or participant has one for each level it ever had; the last one is for the level it has now.
    """

    story = models.ForeignKey(
        Story, models.CASCADE, null=True, blank=True, related_name="consent_records", verbose_name=_("story")
    )
    participant = models.ForeignKey(
        Participant,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="consent_records",
        verbose_name=_("participant"),
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=Consent)
    wording = models.PositiveSmallIntegerField(
        _("wording"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("Its version.")
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    given_on = models.DateField(_("given on"), null=True, blank=True)
    way = models.CharField(_("how it was given"), max_length=20, choices=ConsentWay, default=ConsentWay.UNKNOWN)
    spoken_to = LineField(_("spoken to"), max_length=150, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    objects = ConsentRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent record")
        verbose_name_plural = _("consent records")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(story__isnull=False, participant__isnull=True)
                | Q(story__isnull=True, participant__isnull=False),
                name="consent_record_is_of_one_giver",
            ),
            models.CheckConstraint(condition=Q(level__in=Consent.values), name="consent_record_level_is_known"),
            models.CheckConstraint(condition=Q(way__in=ConsentWay.values), name="consent_record_way_is_known"),
        ]

    def __str__(self):
        return gettext("%(level)s, recorded on %(day)s") % {
            "level": Consent(self.level).word,
            "day": timezone.localdate(self.recorded_at),
        }
